package com.espra.protoplex.test.support;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Jars that tests of this module have made before, each named by the hash of all that it was made from. */
final class BuiltJars {

    private static final Path FOLDER = Path.of("target", "test-bundles");

    private BuiltJars() {}

    /** Makes a jar. */
    @FunctionalInterface
    interface Maker {
        void write(Path jar) throws Exception;
    }

    /** Writes what a jar is made from. */
    @FunctionalInterface
    interface Recipe {
        void write(DataOutputStream out) throws IOException;
    }

    /** Puts the jar of a recipe where it is wanted; it is made if it never was. */
    static void put(Path jar, Recipe recipe, Maker maker) throws Exception {
        Path built = FOLDER.resolve(hash(recipe) + ".jar");
        if (!Files.exists(built)) {
            Files.createDirectories(FOLDER);
            Path next = Files.createTempFile(FOLDER, "next-", ".jar");
            try {
                maker.write(next);
                Files.move(next, built, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
        }
        Files.copy(built, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String hash(Recipe recipe) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (DataOutputStream out =
                    new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha256))) {
                recipe.write(out);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What changes when a jar or a folder of classes does: the names, sizes and times of its files. */
    static String fingerprint(List<Path> classPath) {
        StringBuilder text = new StringBuilder();
        try {
            for (Path entry : classPath) {
                try (Stream<Path> files = Files.walk(entry)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                        text.append(file)
                                .append(' ')
                                .append(now.size())
                                .append(' ')
                                .append(now.lastModifiedTime())
                                .append('\n');
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
