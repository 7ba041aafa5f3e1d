package com.espra.protoplex.seed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Bundles to push, good ones and bad ones. */
final class TestJars {

    private TestJars() {}

    static byte[] bundle(String symbolicName, String version, int randomBytes) {
        byte[] payload = new byte[randomBytes];
        new Random(version.hashCode()).nextBytes(payload);
        return jar(
                "Bundle-ManifestVersion: 2\r\nBundle-SymbolicName: " + symbolicName + "\r\nBundle-Version: " + version
                        + "\r\n",
                payload);
    }

    static byte[] library() {
        return jar("", new byte[10]);
    }

    static byte[] bomb() {
        return jar("Bundle-ManifestVersion: 2\r\nBundle-SymbolicName: bomb\r\n", new byte[64 << 20]);
    }

    private static byte[] jar(String headers, byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(entry("META-INF/MANIFEST.MF"));
            zip.write(("Manifest-Version: 1.0\r\n" + headers + "\r\n").getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(entry("payload"));
            zip.write(payload);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /** The same content is the same jar, whenever it is made. */
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        return entry;
    }
}
