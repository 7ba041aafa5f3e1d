package com.espra.protoplex.test.support;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** These come from the class path, as on a node: the host gives SLF4J to all bundles, and there is one framework. */
    private static final Pattern OF_THE_HOST = Pattern.compile("slf4j\\.api|ch\\.qos\\.logback\\..*|osgi\\.core");

    private static final String SLF4J = ";version=2.0.20";

    private final List<Option> options = new ArrayList<>();

    private FelixOptions() {}

    /**
     * The jars of a folder that are bundles, started; what is not a bundle is passed over. SLF4J comes from the class path of
     * the test, as it comes from the host's on a node.
     */
    public static FelixOptions over(Path folder) throws IOException {
        FelixOptions made = new FelixOptions();
        made.options.add(junitBundles());
        made.options.add(cleanCaches(true));
        made.options.add(systemPackages(
                FelixOptions.class.getPackageName(),
                // Pax Exam and the health checks still ask for the old one.
                "org.slf4j;version=1.7.36",
                "org.slf4j.helpers;version=1.7.36",
                "org.slf4j" + SLF4J,
                "org.slf4j.event" + SLF4J,
                "org.slf4j.helpers" + SLF4J,
                "org.slf4j.spi" + SLF4J));
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
            if (name == null || OF_THE_HOST.matcher(name).matches()) {
                return this;
            }
            UrlProvisionOption option = bundle(jar.toAbsolutePath().toUri().toString());
            if (manifest.getMainAttributes().getValue(Constants.FRAGMENT_HOST) != null) {
                option.noStart();
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
}
