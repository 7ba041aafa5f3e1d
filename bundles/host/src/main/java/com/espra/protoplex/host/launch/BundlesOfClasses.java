package com.espra.protoplex.host.launch;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.connect.FrameworkUtilHelper;

/**
 * Answers {@code FrameworkUtil.getBundle} for classes of the class path, whose loader knows no bundles (OSGi Core R8, section 60.7). The
 * framework makes it by itself, so it knows of the one framework of this JVM.
 */
public final class BundlesOfClasses implements FrameworkUtilHelper {

    private static final Map<Path, Bundle> BUNDLES = new ConcurrentHashMap<>();

    static void put(Path jar, Bundle bundle) {
        BUNDLES.put(jar, bundle);
    }

    @Override
    public Optional<Bundle> getBundle(Class<?> of) {
        CodeSource source = of.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(BUNDLES.get(Path.of(source.getLocation().toURI())));
        } catch (URISyntaxException | IllegalArgumentException noFile) {
            return Optional.empty();
        }
    }
}
