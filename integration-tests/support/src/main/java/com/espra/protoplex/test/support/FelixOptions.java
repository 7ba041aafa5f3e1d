package com.espra.protoplex.test.support;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;
import org.osgi.framework.Constants;

/** What a Felix of Pax Exam starts with: the bundles of a folder, JUnit, and logging at WARN. */
public final class FelixOptions {

    /** Whoever logs first decides whether loggers find their provider: the bridge weaves first, then logging is complete. */
    private static final Pattern BRIDGE = Pattern.compile("org\\.apache\\.aries\\.spifly|org\\.objectweb\\.asm");

    private static final Pattern LOGGING = Pattern.compile("slf4j|ch\\.qos\\.logback");

    private final List<Option> options = new ArrayList<>();

    private FelixOptions() {}

    /**
     * The jars of a folder that are bundles, started; what is not a bundle is passed over. The service loader bridge starts
     * first, so that loggers are found.
     */
    public static FelixOptions over(Path folder) throws IOException {
        FelixOptions made = new FelixOptions();
        made.options.add(junitBundles());
        made.options.add(cleanCaches(true));
        made.options.add(systemPackages(FelixOptions.class.getPackageName()));
        made.options.add(
                systemProperty("logback.configurationFile").value(quietLogging().toString()));
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path jar : jars.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                made.add(jar);
            }
        }
        return made;
    }

    /** Adds a bundle. */
    public FelixOptions add(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String name =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                return this;
            }
            UrlProvisionOption option = bundle(jar.toAbsolutePath().toUri().toString());
            if (manifest.getMainAttributes().getValue(Constants.FRAGMENT_HOST) != null) {
                option.noStart();
            } else if (BRIDGE.matcher(name).lookingAt()) {
                option.startLevel(1);
            } else if (LOGGING.matcher(name).lookingAt()) {
                option.startLevel(2);
            }
            options.add(option);
            return this;
        }
    }

    /** Sets a property of the framework. */
    public FelixOptions property(String key, String value) {
        options.add(frameworkProperty(key).value(value));
        return this;
    }

    /** Adds packages of the test's class path that bundles in the framework may import. */
    public FelixOptions systemPackage(String... packages) {
        options.add(systemPackages(packages));
        return this;
    }

    /** Adds any option of Pax Exam. */
    public FelixOptions with(Option option) {
        options.add(option);
        return this;
    }

    Option[] toArray() {
        return options.toArray(Option[]::new);
    }

    private static Path quietLogging() throws IOException {
        Path file = Files.createTempFile("logback", ".xml");
        file.toFile().deleteOnExit();
        try (InputStream in = FelixOptions.class.getResourceAsStream("/logback-test.xml")) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
