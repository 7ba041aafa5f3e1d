package com.espra.protoplex.live.server;

import com.espra.protoplex.live.core.hub.LocalHubs;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the updates of hubs are between one version and the next, or one start and the next. It is read once: a process that is killed leaves none, and
 * its successor begins with what other nodes have, rather than with something old that passes for all.
 */
final class HubsFile {

    private static final Logger LOG = LoggerFactory.getLogger(HubsFile.class);

    private final Path path;

    HubsFile(Path path) {
        this.path = path;
    }

    void read(LocalHubs hubs) throws IOException {
        if (Files.notExists(path)) {
            return;
        }
        Path taken = path.resolveSibling(path.getFileName() + ".taken");
        Files.deleteIfExists(taken);
        Files.move(path, taken);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(taken)))) {
            hubs.restore(in);
        } catch (IOException e) {
            LOG.warn(
                    "the updates that the version before has kept cannot be read, so clients that come again are told of a"
                            + " gap: {}",
                    e.getMessage());
        }
        Files.delete(taken);
    }

    void write(LocalHubs hubs) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(unfinished)))) {
            hubs.stop(out);
        } catch (IOException e) {
            LOG.warn("the updates of the hubs cannot be kept for the next version: {}", e.getMessage());
            Files.deleteIfExists(unfinished);
            return;
        }
        Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING);
    }
}
