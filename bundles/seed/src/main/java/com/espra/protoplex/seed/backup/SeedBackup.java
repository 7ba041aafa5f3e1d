package com.espra.protoplex.seed.backup;

import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a Seed keeps as a zip file: {@code backup.json} first, which says whose it is; the state as it was at that moment; the
 * tokens, the key of the fleet and the builds. {@code end} is its last entry: what has none was cut off.
 *
 * <p>Threads: safe from any; the Seed goes on meanwhile. Files never change, so one that has gone was needed by no release any more.
 */
public final class SeedBackup {

    private static final Logger LOG = LoggerFactory.getLogger(SeedBackup.class);

    /** The version of what is in the file. */
    public static final int FORMAT = 1;

    private static final Pattern KEPT = Pattern.compile(
            "builds/[0-9a-f]{64}/build\\.(json|sig)|files/[0-9a-f]{2}/[0-9a-f]{64}|values/[0-9a-f]{64}");

    private static final List<String> OWN = List.of("state.json", "tokens.json", "enrolment.json");

    private final Path data;
    private final Map<String, Path> secrets;
    private final String version;

    /**
     * @param data the Seed's folder
     * @param secrets the files beside the fleet, by what they are: {@code operator.token}, {@code link.token}, {@code fleet.key},
     *     and {@code ca.key} and {@code ca.crt} where there is an authority
     * @param version of Protoplex
     */
    public SeedBackup(Path data, Map<String, Path> secrets, String version) {
        this.data = data;
        this.secrets = Map.copyOf(secrets);
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
        try (ZipOutputStream zip = new ZipOutputStream(new Unclosed(out))) {
            zip.setLevel(Deflater.BEST_SPEED);
            return write(fleet, now, zip);
        }
    }

    /** It stays open when the zip is closed. */
    private static final class Unclosed extends FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    private int write(String fleet, Instant now, ZipOutputStream zip) throws IOException {
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
        for (Map.Entry<String, Path> secret : secrets.entrySet()) {
            // A fleet on one machine has no authority for certificates.
            if (Files.exists(secret.getValue())) {
                put(zip, "secrets/" + secret.getKey(), Files.readAllBytes(secret.getValue()));
            }
        }
        audit(zip);
        int builds = store(zip);
        put(zip, "end", new byte[0]);
        return builds;
    }

    private void audit(ZipOutputStream zip) throws IOException {
        List<Path> files = new ArrayList<>();
        list(data.resolve("audit"), 1, files);
        for (Path file : files) {
            copy(zip, "data/audit/" + file.getFileName(), file);
        }
    }

    private int store(ZipOutputStream zip) throws IOException {
        Path store = data.resolve("store");
        List<Path> files = new ArrayList<>();
        list(store, 3, files);
        int builds = 0;
        for (Path file : files) {
            String kept = store.relativize(file).toString();
            String name = "data/store/" + kept;
            if (KEPT.matcher(kept).matches() && copy(zip, name, file) && name.endsWith("/build.sig")) {
                builds++;
            }
        }
        return builds;
    }

    /** What goes meanwhile was needed by no release any more. */
    private static void list(Path folder, int depth, List<Path> files) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path each : all) {
                if (Files.isRegularFile(each)) {
                    files.add(each);
                } else if (depth > 1) {
                    list(each, depth - 1, files);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.debug("{} has gone", folder);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
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
