package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.swap.engine.Generations;
import com.espra.protoplex.swap.engine.Refused;
import com.espra.protoplex.swap.isolation.GenerationKey;
import com.espra.protoplex.swap.preflight.Archive;
import com.espra.protoplex.swap.preflight.Preflight;
import com.espra.protoplex.swap.unload.ServiceUsageLeak;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The framework that this bundle runs in. */
public final class FelixGenerations implements Generations {

    private final Platform platform;
    private final Preflight preflight;
    /** The jars of the release that each unit had checked last, so that they are read once. */
    private final Map<String, Checked> checked = new ConcurrentHashMap<>();

    /** Generations in the framework of this context. */
    public FelixGenerations(
            BundleContext context,
            ConfigurationAdmin configurations,
            ServiceComponentRuntime components,
            Supplier<List<GenerationAdapter>> adapters) {
        this.platform = new Platform(
                context, configurations, new Components(components), adapters, new ServiceUsageLeak(context));
        this.preflight = new Preflight(context);
    }

    @Override
    public void preflight(Release release) throws Refused {
        checked.put(release.unit(), new Checked(release.digest(), preflight.check(release)));
    }

    @Override
    public void check(Release release) throws Refused {
        preflight.check(release);
    }

    @Override
    public Candidate create(Release.Kind kind, String unit, long number, Backend backend) {
        return new FelixGeneration(
                platform, unit, GenerationKey.of(kind, unit, number), unit + "-" + number, backend, this::checked);
    }

    @Override
    public Publication publish(String unit, Class<?> type, Object proxy, Map<String, Object> properties) {
        return new PublishedOffer(platform.context(), unit, type, proxy, properties);
    }

    private List<Archive> checked(Release release) {
        Checked known = checked.remove(release.unit());
        if (known == null || !known.digest().equals(release.digest())) {
            throw new IllegalStateException(release.unit() + " " + release.version() + " was not checked");
        }
        return known.archives();
    }

    private record Checked(String digest, List<Archive> archives) {}
}
