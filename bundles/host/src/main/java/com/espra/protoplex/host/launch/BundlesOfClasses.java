package com.espra.protoplex.host.launch;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.connect.FrameworkUtilHelper;

/**
 * Answers {@code FrameworkUtil.getBundle} for classes of the class path, whose loader knows no bundles (OSGi Core R8, section 60.7). The
 * framework makes it by itself, so it knows of the one framework of this JVM.
 */
public final class BundlesOfClasses implements FrameworkUtilHelper {

    private static final Map<Path, Supplier<@Nullable Bundle>> BUNDLES = new ConcurrentHashMap<>();

    /** @param bundle that of the jar's classes; null while there is none */
    static void put(Path jar, Supplier<@Nullable Bundle> bundle) {
        BUNDLES.put(jar, bundle);
    }

    @Override
    public Optional<Bundle> getBundle(Class<?> of) {
        CodeSource source = of.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            Supplier<@Nullable Bundle> bundle =
                    BUNDLES.get(Path.of(source.getLocation().toURI()));
            return bundle == null ? Optional.empty() : Optional.ofNullable(bundle.get());
        } catch (URISyntaxException | IllegalArgumentException noFile) {
            return Optional.empty();
        }
    }
}
