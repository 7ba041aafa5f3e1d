package com.espra.protoplex.host.node;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code upgrade.json}: the node's last upgrade, and which process is the node's. It outlives the process that writes it: the successor's
 * agent tells the Seed what the predecessor wrote, and the command finds the node's process here.
 *
 * <p>Threads: one upgrade at a time writes it; it may be read from any.
 */
final class UpgradeFile {

    private static final Logger LOG = LoggerFactory.getLogger(UpgradeFile.class);

    private static final String RUNNING = "running";

    private final Path file;

    UpgradeFile(Path data) {
        this.file = data.resolve("upgrade.json");
    }

    /** What is known of the upgrade of that id; empty when the last one was another. */
    Map<String, Object> of(String id) {
        Map<String, Object> last = last();
        return !id.isEmpty() && id.equals(last.get("id")) ? last : Map.of();
    }

    private Map<String, Object> last() {
        try {
            return PlainJson.parse(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: the upgrade that it tells of is forgotten", file, e);
            return Map.of();
        }
    }

    /**
     * An upgrade begins.
     *
     * @param id empty, when nobody asks for it by a name
     * @throws IOException if that cannot be written: it must not begin then, for nobody would hear how it ended
     */
    void running(String id) throws IOException {
        write(id, RUNNING, "", ProcessRef.current(), 0);
    }

    /**
     * An upgrade has ended.
     *
     * @param reason why it failed; empty when it did not
     * @param process the node's process from now on
     * @param took how long it took
     */
    void ended(String id, String reason, ProcessRef process, Duration took) {
        try {
            write(id, reason.isEmpty() ? "done" : "failed", reason, process, took.toMillis() / 1000.0);
        } catch (IOException e) {
            LOG.error("How the upgrade ended could not be written", e);
        }
    }

    /** Whoever was to say how it ended was killed, and this process serves in its place: so the upgrade is done. */
    void endedInsteadOf(OptionalLong predecessor) {
        Map<String, Object> last = last();
        boolean died = predecessor.isPresent()
                && Long.valueOf(predecessor.getAsLong()).equals(last.get("process"))
                && !new ProcessRef(predecessor.getAsLong(), String.valueOf(last.getOrDefault("started", ""))).alive();
        if (died && RUNNING.equals(last.get("state"))) {
            ended(String.valueOf(last.get("id")), "", ProcessRef.current(), sinceWritten());
        }
    }

    private Duration sinceWritten() {
        try {
            return Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
        } catch (IOException e) {
            LOG.debug("It is not known how long the upgrade took", e);
            return Duration.ZERO;
        }
    }

    private void write(String id, String state, String reason, ProcessRef process, double seconds) throws IOException {
        Map<String, Object> outcome = new LinkedHashMap<>();
        outcome.put("id", id);
        outcome.put("state", state);
        outcome.put("reason", reason);
        outcome.put("process", process.pid());
        outcome.put("started", process.start());
        outcome.put("seconds", seconds);
        Disk.replace(file, PlainJson.write(outcome).getBytes(StandardCharsets.UTF_8));
    }
}
