package com.espra.protoplex.files.appfiles;

import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.files.appfiles.asset.Asset;
import com.espra.protoplex.files.appfiles.asset.AssetFolders;
import com.espra.protoplex.files.appfiles.asset.AssetMaker;
import com.espra.protoplex.files.appfiles.past.PastBuilds;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.eclipse.jetty.server.Handler;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the assets of the build that this bundle is in: they come and go with it. */
@Component(
        service = {},
        immediate = true,
        configurationPid = AppFilesConfig.PID)
@Designate(ocd = AppFilesConfig.class)
public final class AppFiles {

    private static final Logger LOG = LoggerFactory.getLogger(AppFiles.class);

    private static final int LEAST_DAYS = 30;

    private final ServiceRegistration<Handler> registration;

    /**
     * Reads the assets.
     *
     * @throws IllegalArgumentException if there are none, or too much, or something in the configuration makes no sense
     * @throws IOException if they cannot be read, or the folder of the builds before cannot be written
     */
    @Activate
    public AppFiles(BundleContext context, @Reference Node node, AppFilesConfig config) throws IOException {
        if (config.maxAgeDays() < LEAST_DAYS) {
            throw new IllegalArgumentException("maxAgeDays: use at least " + LEAST_DAYS);
        }
        if (config.memoryMiB() < 1 || config.pastMiB() < 0 || config.pastBuilds() < 0) {
            throw new IllegalArgumentException("memoryMiB: use at least 1; pastMiB, pastBuilds: at least 0");
        }
        String build = build(context.getBundle());
        long most = (long) config.memoryMiB() << 20;
        AssetFolders folders = new AssetFolders(most);
        folders.read(Arrays.stream(context.getBundles())
                .filter(bundle -> build(bundle).equals(build))
                .toList());
        if (folders.paths().isEmpty()) {
            throw new IllegalArgumentException("no bundle of this build has assets: the manifest of one says "
                    + AssetFolders.HEADER + ": /static=web");
        }
        AssetMaker maker = new AssetMaker(TimeUnit.DAYS.toSeconds(config.maxAgeDays()), pattern(config.hashedNames()));
        Map<String, Asset> assets = assets(folders.files(), maker, most);
        PastBuilds past = new PastBuilds(
                node.data("appfiles").resolve(unit(context.getBundle())),
                config.pastBuilds(),
                (long) config.pastMiB() << 20,
                maker,
                System::nanoTime);
        past.open(folders.files());
        LOG.info("{} assets at {}, and {} of builds before", assets.size(), folders.paths(), past.count());
        List<String> paths = folders.paths().stream().map(path -> path + "/*").toList();
        registration = context.registerService(
                Handler.class,
                new AssetsHandler(assets, past),
                FrameworkUtil.asDictionary(Map.of(
                        HandlerProperties.PATH,
                        paths.toArray(String[]::new),
                        HandlerProperties.HOST,
                        config.protoplex_host())));
    }

    private static Pattern pattern(String hashedNames) {
        try {
            return Pattern.compile(hashedNames);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("hashedNames: " + e.getMessage(), e);
        }
    }

    static Map<String, Asset> assets(Map<String, byte[]> files, AssetMaker maker, long most) {
        Map<String, Asset> assets = new HashMap<>();
        long bytes = 0;
        for (String key : files.keySet()) {
            if (!AssetMaker.isCodingOf(key, files.keySet())) {
                Asset asset = maker.make(key, files);
                assets.put(key, asset);
                bytes += asset.bytes();
            }
        }
        if (bytes > most) {
            throw new IllegalArgumentException("the assets of this build take " + (bytes >> 20)
                    + " MiB with their codings: memoryMiB of " + AppFilesConfig.PID + " allows " + (most >> 20));
        }
        return assets;
    }

    /** The generation's part of the location {@code kind:unit:number:symbolic-name}. */
    private static String build(Bundle bundle) {
        String[] parts = bundle.getLocation().split(":", 4);
        return parts.length == 4 ? parts[0] + ":" + parts[1] + ":" + parts[2] : "";
    }

    private static String unit(Bundle bundle) {
        String[] parts = bundle.getLocation().split(":", 4);
        if (parts.length < 4) {
            throw new IllegalStateException(
                    "the bundle " + bundle.getSymbolicName() + " is of no build: push it with an app or a role");
        }
        return parts[1];
    }

    @Deactivate
    void close() {
        registration.unregister();
    }
}
