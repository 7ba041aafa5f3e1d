package com.espra.protoplex.test.support;

import aQute.bnd.header.Parameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.osgi.framework.Constants;

/**
 * The packages that a bundle on the class path exports, for a framework that shall offer them itself, so that test and bundles share their
 * classes.
 */
public final class ExportedPackages {

    private ExportedPackages() {}

    /**
     * As the value of {@link Constants#FRAMEWORK_SYSTEMPACKAGES_EXTRA}, with the versions that the bundle gives them and without what it
     * uses.
     *
     * @param type any class of the bundle
     */
    public static String of(Class<?> type) {
        try {
            Path jar = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (JarFile file = new JarFile(jar.toFile())) {
                String header = file.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
                return new Parameters(header)
                        .entrySet().stream()
                                .map(exported -> exported.getKey() + ";version="
                                        + exported.getValue().getVersion())
                                .collect(Collectors.joining(","));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    type + " is not from a bundle: run the test after its bundle is packaged", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
