package com.espra.protoplex.app;

import com.espra.protoplex.api.swap.Generation;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/**
 * The classes and resources that the bundles of a generation can load: the thread context class loader of its requests, and what
 * its sessions are read with.
 */
final class GenerationLoader extends ClassLoader {

    private final Generation generation;
    /** Read once the generation serves: its bundles are still being installed when this loader is made. */
    private volatile @Nullable List<Bundle> known;

    GenerationLoader(Generation generation) {
        super("generation " + generation.id(), ClassLoader.getPlatformClassLoader());
        this.generation = generation;
    }

    private List<Bundle> bundles() {
        List<Bundle> bundles = known;
        if (bundles == null) {
            bundles = generation.bundles().stream()
                    .filter(bundle -> bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null)
                    .toList();
            boolean started = bundles.stream().anyMatch(bundle -> bundle.getState() == Bundle.ACTIVE);
            known = started ? bundles : null;
        }
        return bundles;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        for (Bundle bundle : bundles()) {
            try {
                return bundle.loadClass(name);
            } catch (ClassNotFoundException | IllegalStateException next) {
                // Another bundle of the generation may have it.
            }
        }
        throw new ClassNotFoundException(name + ": no bundle of " + getName() + " has it");
    }

    @Override
    protected @Nullable URL findResource(String name) {
        for (Bundle bundle : bundles()) {
            URL found = bundle.getResource(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        for (Bundle bundle : bundles()) {
            Enumeration<URL> found = bundle.getResources(name);
            if (found != null) {
                return found;
            }
        }
        return Collections.emptyEnumeration();
    }
}
