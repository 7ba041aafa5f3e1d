package com.espra.protoplex.files.appfiles.past;

import com.espra.protoplex.files.appfiles.asset.Asset;
import com.espra.protoplex.files.appfiles.asset.AssetMaker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assets with a hash in their names of the builds before this one, for pages that are open: in a folder of the node, and in memory. The folder has
 * a list of each build, and the content of all by its digest. Nothing is taken from it that is not what its list says.
 *
 * <p>Other processes of the node may use the folder at the same time: a list is written after its contents, and what is in no list is removed
 * when it is old.
 *
 * <p>Threads: safe from any.
 */
public final class PastBuilds {

    private static final Logger LOG = LoggerFactory.getLogger(PastBuilds.class);

    private static final long LOOK_NANOS = 1_000_000_000;
    /** How long it may take to write what a build has. */
    private static final int MADE_SECONDS = 300;

    private static final String DIGEST = "[A-Za-z0-9_-]{43}";

    private final Path lists;
    private final Path contents;
    private final int most;
    private final long mostBytes;
    private final AssetMaker maker;
    private final LongSupplier nanos;
    private final Set<String> known = new HashSet<>();
    private long bytes;
    private long lookedAt;
    private volatile Map<String, Asset> assets = Map.of();

    /**
     * Opens the folder.
     *
     * @param most how many builds
     * @param mostBytes how much of them is kept in memory, the newest first
     */
    public PastBuilds(Path folder, int most, long mostBytes, AssetMaker maker, LongSupplier nanos) throws IOException {
        lists = Files.createDirectories(folder.resolve("builds"));
        contents = Files.createDirectories(folder.resolve("contents"));
        this.most = most;
        this.mostBytes = mostBytes;
        this.maker = maker;
        this.nanos = nanos;
    }

    /** Writes down what this build has, so that the next ones find it, and reads the builds before. */
    public void open(Map<String, byte[]> files) {
        try {
            keepAndLook(files);
        } catch (IOException e) {
            LOG.warn(
                    "pages that are open may miss assets: those of builds cannot be kept here, or read: {}",
                    e.toString());
        }
    }

    private synchronized void keepAndLook(Map<String, byte[]> files) throws IOException {
        Map<String, String> hashed = new TreeMap<>();
        files.forEach((key, content) -> {
            if (maker.isHashed(key)) {
                hashed.put(key, AssetMaker.digest(content));
            }
        });
        if (!hashed.isEmpty()) {
            StringBuilder text = new StringBuilder();
            hashed.forEach(
                    (key, digest) -> text.append(digest).append(' ').append(key).append('\n'));
            byte[] list = text.toString().getBytes(StandardCharsets.UTF_8);
            String name = AssetMaker.digest(list);
            for (Map.Entry<String, String> each : hashed.entrySet()) {
                put(contents.resolve(each.getValue()), files.getOrDefault(each.getKey(), new byte[0]));
            }
            put(lists.resolve(name), list);
            known.add(name);
        }
        look();
        removeOld();
    }

    /** What is there and damaged is replaced. */
    private static void put(Path file, byte[] content) throws IOException {
        if (Files.exists(file)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return;
        }
        Path part = file.resolveSibling(UUID.randomUUID() + ".part");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The asset of a build before, or of one that has come since; null if no build that is kept has it. */
    public @Nullable Asset find(String key) {
        Asset asset = assets.get(key);
        if (asset != null) {
            return asset;
        }
        lookAgain();
        return assets.get(key);
    }

    /** The newest build may have been rolled back from: then it is not known here. Strangers make it look once a second. */
    private synchronized void lookAgain() {
        if (nanos.getAsLong() - lookedAt < LOOK_NANOS) {
            return;
        }
        try {
            look();
        } catch (IOException e) {
            LOG.warn("assets of other builds cannot be read: {}", e.toString());
        }
    }

    private void look() throws IOException {
        lookedAt = nanos.getAsLong();
        Map<String, Asset> all = new HashMap<>(assets);
        for (Path list : newest()) {
            if (known.add(list.getFileName().toString())) {
                for (String line : linesOf(list)) {
                    add(line, all);
                }
            }
        }
        assets = Map.copyOf(all);
    }

    private void add(String line, Map<String, Asset> all) throws IOException {
        int space = line.indexOf(' ');
        String key = line.substring(space + 1);
        if (space < 0 || !line.substring(0, space).matches(DIGEST) || all.containsKey(key)) {
            return;
        }
        Path file = contents.resolve(line.substring(0, space));
        try {
            long size = Files.size(file);
            if (bytes + size > mostBytes) {
                LOG.warn(
                        "{} of a build before is not served: there is no room for it. Raise pastMiB of"
                                + " com.espra.protoplex.appfiles, or lower pastBuilds",
                        key);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            if (!AssetMaker.digest(content).equals(line.substring(0, space))) {
                LOG.warn("{} is damaged, and not served: {} can be removed", key, file);
                return;
            }
            bytes += content.length;
            all.put(key, maker.plain(key, content));
        } catch (NoSuchFileException e) {
            LOG.debug("{} was never whole", key, e);
        }
    }

    /** The lists that are kept, the newest first. */
    private List<Path> newest() throws IOException {
        List<Path> all = byAge();
        return all.subList(0, Math.min(all.size(), most + 1));
    }

    private List<Path> byAge() throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        try (Stream<Path> files = Files.list(lists)) {
            for (Path file : files.toList()) {
                try {
                    if (file.getFileName().toString().matches(DIGEST)) {
                        times.put(file, Files.getLastModifiedTime(file));
                    }
                } catch (NoSuchFileException e) {
                    LOG.debug("another process has removed {}", file, e);
                }
            }
        }
        List<Path> sorted = new ArrayList<>(times.keySet());
        sorted.sort(Comparator.<Path, FileTime>comparing(file -> times.getOrDefault(file, FileTime.fromMillis(0)))
                .reversed());
        return sorted;
    }

    private static List<String> linesOf(Path list) throws IOException {
        try {
            return Files.readAllLines(list);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private void removeOld() throws IOException {
        List<Path> all = byAge();
        for (Path list : all.subList(Math.min(all.size(), most + 1), all.size())) {
            Files.deleteIfExists(list);
        }
        Set<String> needed = new HashSet<>();
        for (Path list : newest()) {
            for (String line : linesOf(list)) {
                needed.add(line.substring(0, Math.max(0, line.indexOf(' '))));
            }
        }
        try (Stream<Path> files = Files.list(contents)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!needed.contains(name) && isOld(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Whether it is not about to get into a list, and was not left by a process that was killed a moment ago. */
    private static boolean isOld(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(Instant.now().minusSeconds(MADE_SECONDS));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** How many there are. */
    public int count() {
        return assets.size();
    }
}
