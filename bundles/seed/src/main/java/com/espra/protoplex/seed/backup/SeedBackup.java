package com.espra.protoplex.seed.backup;

import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes what a Seed keeps as a zip file: {@code backup.json} first, which says whose it is; the state as it was at that moment; the
 * tokens, the key of the fleet and the builds. {@code end} is its last entry: what has none was cut off.
 *
 * <p>Threads: safe from any; the Seed goes on meanwhile. Files never change, so one that has gone was needed by no release any more.
 */
public final class SeedBackup {

    /** The version of what is in the file. */
    public static final int FORMAT = 1;

    private static final Pattern KEPT = Pattern.compile(
            "builds/[0-9a-f]{64}/build\\.(json|sig)|files/[0-9a-f]{2}/[0-9a-f]{64}|values/[0-9a-f]{64}");

    private static final List<String> OWN = List.of("state.json", "tokens.json");

    private final Path data;
    private final List<Path> secrets;
    private final String version;

    /**
     * @param data the Seed's folder
     * @param secrets the files beside the fleet: tokens and the fleet's key
     * @param version of Protoplex
     */
    public SeedBackup(Path data, List<Path> secrets, String version) {
        this.data = data;
        this.secrets = List.copyOf(secrets);
        this.version = version;
    }

    /**
     * Writes it, and leaves the stream open.
     *
     * @param fleet the id of the fleet
     * @param now the time
     * @return how many builds are in it
     * @throws IOException if a file cannot be read, or the stream not be written
     */
    public int write(String fleet, Instant now, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.BEST_SPEED);
        // Read before the builds: each that it names is there, or has been given up since.
        Map<String, byte[]> own = new LinkedHashMap<>();
        for (String name : OWN) {
            if (Files.exists(data.resolve(name))) {
                own.put("data/" + name, Files.readAllBytes(data.resolve(name)));
            }
        }
        put(
                zip,
                "backup.json",
                Json.MAPPER.writeValueAsBytes(JsonNodeFactory.instance
                        .objectNode()
                        .put("format", FORMAT)
                        .put("fleet", fleet)
                        .put("time", now.toString())
                        .put("version", version)));
        for (Map.Entry<String, byte[]> each : own.entrySet()) {
            put(zip, each.getKey(), each.getValue());
        }
        for (Path secret : secrets) {
            put(zip, "secrets/" + secret.getFileName(), Files.readAllBytes(secret));
        }
        int builds = store(zip);
        put(zip, "end", new byte[0]);
        zip.finish();
        return builds;
    }

    private int store(ZipOutputStream zip) throws IOException {
        Path store = data.resolve("store");
        List<Path> files;
        try (Stream<Path> all = Files.walk(store)) {
            files = all.filter(file ->
                            KEPT.matcher(store.relativize(file).toString()).matches())
                    .toList();
        }
        int builds = 0;
        for (Path file : files) {
            String name = "data/store/" + store.relativize(file);
            if (copy(zip, name, file) && name.endsWith("/build.sig")) {
                builds++;
            }
        }
        return builds;
    }

    private static boolean copy(ZipOutputStream zip, String name, Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            zip.putNextEntry(new ZipEntry(name));
            in.transferTo(zip);
            zip.closeEntry();
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
