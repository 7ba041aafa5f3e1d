package com.espra.protoplex.fleet.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes jars to test with, good ones and bad ones. */
public final class Jars {

    private Jars() {}

    public static String manifest(String symbolicName, String version) {
        return "Manifest-Version: 1.0\r\nBundle-ManifestVersion: 2\r\nBundle-SymbolicName: " + symbolicName
                + "\r\nBundle-Version: " + version + "\r\n\r\n";
    }

    public static Path bundle(Path file, String symbolicName, String version) throws IOException {
        return jar(file, Map.of("META-INF/MANIFEST.MF", manifest(symbolicName, version)));
    }

    public static Path jar(Path file, Map<String, String> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    public static Path bomb(Path file, long inflatedBytes) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(manifest("bomb", "1.0.0").getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("zeros"));
            fill(zip, inflatedBytes);
        }
        return file;
    }

    private static void fill(OutputStream out, long bytes) throws IOException {
        byte[] zeros = new byte[1024 * 1024];
        for (long left = bytes; left > 0; left -= zeros.length) {
            out.write(zeros, 0, (int) Math.min(left, zeros.length));
        }
    }
}
