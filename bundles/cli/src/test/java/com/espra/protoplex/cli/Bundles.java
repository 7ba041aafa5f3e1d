package com.espra.protoplex.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Little bundles. */
public final class Bundles {

    private Bundles() {}

    /** A bundle with nothing but a manifest and some bytes. */
    public static Path write(Path file, String symbolicName, String version, int bytes) throws IOException {
        Manifest manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", symbolicName);
        main.putValue("Bundle-Version", version);
        byte[] noise = new byte[bytes];
        new java.util.Random(1).nextBytes(noise);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry("noise"));
            jar.write(noise);
        }
        return file;
    }
}
