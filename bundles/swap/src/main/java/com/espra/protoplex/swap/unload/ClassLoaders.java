package com.espra.protoplex.swap.unload;

import com.espra.protoplex.swap.engine.Generations.Unloading;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The class loaders of a removed generation, watched through weak references. Nothing is asked of the collector: when it had its
 * chance {@value #CHANCES} times and a loader is still there, something holds it.
 */
public final class ClassLoaders implements Unloading {

    /** One full collection may find a loader reachable from a thread that is just ending. */
    private static final int CHANCES = 2;

    private final List<WeakReference<ClassLoader>> loaders;
    private final Set<String> packages;
    private final long fullCollections = fullCollections();

    private ClassLoaders(List<WeakReference<ClassLoader>> loaders, Set<String> packages) {
        this.loaders = loaders;
        this.packages = packages;
    }

    /** Those of these bundles, which are not uninstalled yet. */
    public static ClassLoaders of(Collection<Bundle> bundles, Set<String> packages) {
        return new ClassLoaders(
                bundles.stream()
                        .map(bundle -> bundle.adapt(BundleWiring.class))
                        .filter(Objects::nonNull)
                        .map(BundleWiring::getClassLoader)
                        .filter(Objects::nonNull)
                        // A role whose classes are on the class path leaves them there.
                        .filter(BundleReference.class::isInstance)
                        .map(WeakReference::new)
                        .toList(),
                packages);
    }

    @Override
    public boolean collected() {
        return loaders.stream().allMatch(loader -> loader.refersTo(null));
    }

    @Override
    public boolean overdue() {
        return fullCollections() - fullCollections >= CHANCES;
    }

    @Override
    public String holders() {
        return Holders.of(
                loaders.stream()
                        .map(WeakReference::get)
                        .filter(Objects::nonNull)
                        .toList(),
                packages);
    }

    /** Collections that unload classes: those of the old generation. */
    private static long fullCollections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> isFull(collector.getName()))
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static boolean isFull(String name) {
        return name.contains("Old")
                || name.contains("MarkSweep")
                || name.contains("Concurrent")
                || name.contains("Cycles")
                || name.contains("Major");
    }
}
