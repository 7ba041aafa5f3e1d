package com.espra.protoplex.swap.isolation;

import com.espra.protoplex.api.swap.Release;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Which generation a bundle belongs to. It is the beginning of the bundle's location, {@code <kind>:<unit>:<number>:<symbolic
 * name>}, so no table has to be kept in step.
 *
 * @param prefix {@code app:<unit>:<number>:} or {@code role:<unit>:<number>:}
 */
public record GenerationKey(String prefix) {

    private static final String APP = "app:";
    private static final String ROLE = "role:";

    /** Who is being installed by this thread: the collision hook learns of the installer only, not of what it installs. */
    private static final ThreadLocal<@Nullable GenerationKey> INSTALLING = new ThreadLocal<>();

    /** The key of a generation. */
    public static GenerationKey of(Release.Kind kind, String unit, long number) {
        return new GenerationKey((kind == Release.Kind.ROLE ? ROLE : APP) + unit + ":" + number + ":");
    }

    private static final Set<Path> CLASS_PATH = Stream.of(
                    System.getProperty("java.class.path", "").split(File.pathSeparator))
            .map(Path::of)
            .collect(Collectors.toUnmodifiableSet());

    private static boolean isOfGeneration(@Nullable String location) {
        return location != null && (location.startsWith(APP) || location.startsWith(ROLE));
    }

    /** What the generation is one of. */
    public Release.Kind kind() {
        return prefix.startsWith(ROLE) ? Release.Kind.ROLE : Release.Kind.APP;
    }

    /** The app or role that it is one of. */
    public String unit() {
        int begin = prefix.indexOf(':') + 1;
        return prefix.substring(begin, prefix.indexOf(':', begin));
    }

    /** The generation of a bundle; empty for the platform's. */
    public static Optional<GenerationKey> of(Bundle bundle) {
        String location = bundle.getLocation();
        if (!isOfGeneration(location)) {
            return Optional.empty();
        }
        int unit = location.indexOf(':', location.indexOf(':') + 1);
        int number = location.indexOf(':', unit + 1);
        return unit < 0 || number < 0
                ? Optional.empty()
                : Optional.of(new GenerationKey(location.substring(0, number + 1)));
    }

    /** Whether the bundle is one of this generation. */
    public boolean owns(Bundle bundle) {
        String location = bundle.getLocation();
        return location != null && location.startsWith(prefix);
    }

    /** Whether the bundle is one of another generation. */
    boolean excludes(Bundle bundle) {
        String location = bundle.getLocation();
        return isOfGeneration(location) && !location.startsWith(prefix);
    }

    /** The location of one of its bundles. */
    public String location(String symbolicName) {
        return prefix + symbolicName;
    }

    /**
     * The location of one of its bundles that comes from a file. Where that of a role is on the class path of the JVM, the host takes it
     * from there, which it knows by the end of the location. See docs/decisions/0114.
     */
    public String location(String symbolicName, Path file) {
        return location(symbolicName) + (isOnClassPath(file) ? ":platform:" + file : "");
    }

    private boolean isOnClassPath(Path file) {
        return kind() == Release.Kind.ROLE && CLASS_PATH.contains(file);
    }

    /** Installs one of its bundles; a bundle of the same name and version may be in the platform and in other generations. */
    public Bundle install(BundleContext context, String symbolicName, InputStream jar) throws BundleException {
        return installAt(context, location(symbolicName), jar);
    }

    /** Installs one of its bundles from a file, at {@link #location(String, Path)}. */
    public Bundle install(BundleContext context, String symbolicName, Path file) throws BundleException, IOException {
        String location = location(symbolicName, file);
        if (isOnClassPath(file)) {
            return installAt(context, location, null);
        }
        try (InputStream jar = Files.newInputStream(file)) {
            return installAt(context, location, jar);
        }
    }

    private Bundle installAt(BundleContext context, String location, @Nullable InputStream jar) throws BundleException {
        INSTALLING.set(this);
        try {
            return context.installBundle(location, jar);
        } finally {
            INSTALLING.remove();
        }
    }

    /** The generation that this thread installs a bundle of. */
    static Optional<GenerationKey> installing() {
        return Optional.ofNullable(INSTALLING.get());
    }
}
