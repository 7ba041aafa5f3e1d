package com.espra.protoplex.host.launch;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Connects the platform's bundles to the class path (OSGi Core R8, chapter 60): their jars are on it, so the JVM has their classes in its
 * ahead-of-time cache, verified and linked, where a class loader for each bundle would read and verify every class at every start. A
 * bundle whose jar is not on the class path has a class loader of its own, as every app has.
 *
 * <p>A role that the distribution carries may be there, too: a bundle whose location ends with {@code platform:} and its jar's path. The
 * first that is installed of a jar has the classes of the class path; each later one has its own, for the first has left its traces in
 * theirs.
 */
final class ClassPathModules implements ModuleConnector {

    private static final String SCHEME = "platform:";

    private final Set<Path> classPath;
    private final Set<Path> taken = ConcurrentHashMap.newKeySet();
    /** The framework's own, while it runs. */
    private volatile @Nullable BundleContext system;

    private ClassPathModules(Set<Path> classPath) {
        this.classPath = classPath;
    }

    /** Those of this JVM. */
    static ClassPathModules ofThisJvm() {
        String[] jars = System.getProperty("java.class.path", "").split(File.pathSeparator);
        return new ClassPathModules(Stream.of(jars).map(Path::of).collect(Collectors.toUnmodifiableSet()));
    }

    /** Installs a bundle of the platform. */
    Bundle install(BundleContext context, Path jar) throws BundleException {
        if (!classPath.contains(jar)) {
            // "reference:" leaves the jar where it is, rather than copying it at every start. Felix takes a "+" for a
            // space.
            return context.installBundle("reference:" + jar.toUri().toString().replace("+", "%2B"));
        }
        Bundle bundle = context.installBundle(SCHEME + jar);
        BundlesOfClasses.put(jar, () -> bundle);
        return bundle;
    }

    @Override
    public Optional<ConnectModule> connect(String location) {
        int scheme = location.indexOf(SCHEME);
        if (scheme < 0) {
            return Optional.empty();
        }
        Path jar = Path.of(location.substring(scheme + SCHEME.length()));
        boolean first = taken.add(jar);
        if (first) {
            BundlesOfClasses.put(jar, () -> installed(location));
        }
        return Optional.of(() -> new JarContent(jar, first));
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {
        // There is nothing to prepare.
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.of(new BundleActivator() {
            @Override
            public void start(BundleContext framework) {
                system = framework;
            }

            @Override
            public void stop(BundleContext framework) {
                system = null;
            }
        });
    }

    private @Nullable Bundle installed(String location) {
        BundleContext framework = system;
        return framework == null ? null : framework.getBundle(location);
    }
}
