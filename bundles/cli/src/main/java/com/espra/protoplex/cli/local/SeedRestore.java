package com.espra.protoplex.cli.local;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Puts the backup of a Seed into the folder of a fleet. All of it is unpacked and on the disk before anything that is there is moved
 * aside; the Seed's folder comes last, so a restore that was cut off is done again from its beginning.
 */
public final class SeedRestore {

    private static final int FORMAT = 1;
    private static final int MAX_HEADER_BYTES = 64 * 1024;
    private static final int MAX_SECRET_BYTES = 4096;

    /** All that a backup may hold: nothing can be unpacked anywhere else. */
    private static final Pattern DATA = Pattern.compile(
            "data/(state\\.json|tokens\\.json|enrolment\\.json|audit/audit(\\.[1-9])?\\.jsonl"
                    + "|store/(builds/[0-9a-f]{64}/build\\.(json|sig)|files/[0-9a-f]{2}/[0-9a-f]{64}|values/[0-9a-f]{64}))");

    private static final Pattern SECRET = Pattern.compile("secrets/[a-z]+\\.(token|key|crt)");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    /**
     * What was restored.
     *
     * @param fleet the id of the fleet
     * @param time when the backup was made
     * @param builds how many builds are in it
     * @param aside where that is now which was there before
     */
    public record Restored(String fleet, String time, long builds, Optional<Path> aside) {}

    private SeedRestore() {}

    /**
     * Looks whether a backup is whole.
     *
     * @throws CliException with status 1 if it is not, or is none
     */
    public static void check(Path file) throws IOException {
        try (ZipFile zip = open(file)) {
            header(file, zip);
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                copy(zip, all.nextElement(), OutputStream.nullOutputStream());
            }
        } catch (ZipException e) {
            throw notWhole(file, e);
        }
    }

    /**
     * Restores the Seed of a fleet.
     *
     * @throws CliException with status 1 if the file is no backup that is whole, or the Seed runs
     */
    public static Restored restore(Path file, FleetDir dir) throws IOException {
        String node = NodeNames.of(1);
        PrivateFiles.createFolder(dir.path());
        PrivateFiles.createFolder(dir.node(node));
        try (ZipFile zip = open(file);
                FileChannel up = lock(dir.path().resolve("up.lock"));
                FileChannel running = lock(dir.node(node).resolve("lock"))) {
            requireStopped(dir, node, up.isOpen() && running.isOpen());
            JsonNode header = header(file, zip);
            Path data = dir.node(node).resolve("data");
            PrivateFiles.createFolder(data);
            Disk.requireRoom(data, zip.stream().mapToLong(ZipEntry::getSize).sum(), 0);
            Path fresh = data.resolve("seed.restored");
            delete(fresh);
            PrivateFiles.createFolder(fresh);
            unpack(file, zip, fresh);
            String stamp = STAMP.format(Instant.now());
            secrets(zip, dir, stamp);
            Optional<Path> aside = place(data, fresh, stamp);
            return new Restored(
                    header.path("fleet").asText(),
                    header.path("time").asText(),
                    zip.stream()
                            .filter(entry -> entry.getName().endsWith("/build.sig"))
                            .count(),
                    aside);
        }
    }

    /** Takes the lock of a file; a channel that is closed says that somebody has it. */
    @SuppressWarnings("MustBeClosed") // it is returned
    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
        }
        return channel;
    }

    private static void requireStopped(FleetDir dir, String node, boolean nobody) throws IOException {
        if (!nobody
                || FleetState.read(dir).alive().stream()
                        .anyMatch(alive -> alive.name().equals(node))) {
            throw CliException.refused(
                    node + " runs, and with it the Seed of " + dir.path(), "stop it first: " + dir.command("down"));
        }
        if (LeftChildren.run(dir.node(node))) {
            throw CliException.refused(
                    "children of the last process of " + node + " still end what they began",
                    "wait until they have ended, and restore again");
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (NoSuchFileException e) {
            throw CliException.refused("there is no file " + file, "name the backup of a Seed", e);
        } catch (ZipException | EOFException e) {
            throw notWhole(file, e);
        }
    }

    private static CliException notWhole(Path file, Exception cause) {
        return CliException.refused(
                file + " is no backup of a Seed, or not all of one: " + cause.getMessage(),
                "make another: protoplex seed backup FILE",
                cause);
    }

    private static JsonNode header(Path file, ZipFile zip) throws IOException {
        JsonNode header;
        try {
            ZipEntry first = zip.getEntry("backup.json");
            if (first == null || zip.getEntry("end") == null) {
                throw new ZipException("it has no beginning or no end");
            }
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                String name = all.nextElement().getName();
                if (!DATA.matcher(name).matches()
                        && !SECRET.matcher(name).matches()
                        && !name.equals("backup.json")
                        && !name.equals("end")) {
                    throw new ZipException("it holds what does not belong there");
                }
            }
            header = Json.MAPPER.readTree(bytes(zip, first, MAX_HEADER_BYTES));
        } catch (IOException e) {
            throw notWhole(file, e);
        }
        if (header.path("format").asInt() != FORMAT) {
            throw CliException.refused(
                    file + " has the format " + header.path("format").asText() + ", and this Protoplex reads " + FORMAT,
                    "restore it with the Protoplex that wrote it ("
                            + header.path("version").asText() + ")");
        }
        return header;
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry, int most) throws IOException {
        if (entry.getSize() > most) {
            throw new ZipException(entry.getName() + " is too large");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        copy(zip, entry, bytes);
        return bytes.toByteArray();
    }

    private static void unpack(Path file, ZipFile zip, Path fresh) throws IOException {
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            if (!DATA.matcher(entry.getName()).matches()) {
                continue;
            }
            Path target = fresh.resolve(entry.getName().substring("data/".length()));
            PrivateFiles.create(target, "");
            try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
                copy(zip, entry, Channels.newOutputStream(channel));
                channel.force(true);
            } catch (ZipException e) {
                throw notWhole(file, e);
            } catch (IOException e) {
                throw Disk.explain(e, fresh, entry.getSize());
            }
        }
        try (Stream<Path> all = Files.walk(fresh)) {
            for (Path folder : all.filter(Files::isDirectory).toList()) {
                Disk.force(folder);
            }
        }
    }

    private static ZipException cut(ZipEntry entry, EOFException cause) {
        ZipException cut = new ZipException(entry.getName() + " ends too early");
        cut.initCause(cause);
        return cut;
    }

    /** Nobody else looks at the checksums of a zip file that is read by its directory. */
    private static void copy(ZipFile zip, ZipEntry entry, OutputStream out) throws IOException {
        CRC32 sum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
            in.transferTo(out);
        } catch (EOFException e) {
            throw cut(entry, e);
        }
        if (sum.getValue() != entry.getCrc()) {
            throw new ZipException(entry.getName() + " is damaged");
        }
    }

    private static void secrets(ZipFile zip, FleetDir dir, String stamp) throws IOException {
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            if (!SECRET.matcher(entry.getName()).matches()) {
                continue;
            }
            String name = entry.getName().substring("secrets/".length());
            // The authority for certificates has a folder of its own.
            Path home = name.startsWith("ca.") ? dir.certificates() : dir.path();
            Path target = home.resolve(name);
            byte[] content = bytes(zip, entry, MAX_SECRET_BYTES);
            if (Files.exists(target) && !Arrays.equals(content, Files.readAllBytes(target))) {
                Files.move(target, target.resolveSibling(target.getFileName() + ".before-" + stamp));
            }
            PrivateFiles.createFolder(home);
            PrivateFiles.replace(target, content);
        }
    }

    private static Optional<Path> place(Path data, Path fresh, String stamp) throws IOException {
        Path seed = data.resolve("seed");
        // What was noted here is newer than what the backup has of it.
        if (Files.isDirectory(seed.resolve("audit"))) {
            delete(fresh.resolve("audit"));
            copyFolder(seed.resolve("audit"), fresh.resolve("audit"));
        }
        Optional<Path> aside = Optional.empty();
        if (Files.exists(seed)) {
            aside = Optional.of(seed.resolveSibling("seed.before-" + stamp));
            Disk.move(seed, aside.get());
        }
        Disk.move(fresh, seed);
        return aside;
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        PrivateFiles.createFolder(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path each : files.toList()) {
                Disk.write(to.resolve(each.getFileName()), Files.readAllBytes(each));
            }
        }
        Disk.force(to);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
