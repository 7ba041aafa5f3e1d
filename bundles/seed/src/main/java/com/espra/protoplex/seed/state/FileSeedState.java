package com.espra.protoplex.seed.state;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the data in one JSON file, which is replaced as a whole. One Seed at a time uses it: the node's lock sees to that. */
public final class FileSeedState implements SeedState {

    private static final Logger LOG = LoggerFactory.getLogger(FileSeedState.class);
    private static final int FORMAT = 1;

    private final Path file;
    private long version;
    private List<String> warnings = List.of();

    /** What is in the file. */
    record Content(int format, long version, FleetData data) {}

    /**
     * @param file where it is kept
     */
    public FileSeedState(Path file) {
        this.file = file;
    }

    @Override
    public synchronized Saved load() throws IOException {
        if (!Files.exists(file)) {
            version = 0;
            return new Saved(FleetData.EMPTY, 0, warnings);
        }
        try {
            Content content = Json.OTHER_VERSION.readValue(file.toFile(), Content.class);
            if (content == null) {
                return damaged("it holds nothing");
            }
            if (content.format() != FORMAT) {
                throw new IOException(file + " has format " + content.format() + ", and this Protoplex reads " + FORMAT
                        + ": run the Protoplex that wrote it, or a newer one");
            }
            version = content.version();
            return new Saved(content.data(), version, warnings);
        } catch (JsonProcessingException e) {
            return damaged(e.getOriginalMessage());
        }
    }

    /** Nodes know what they were told last, and give it back: docs/decisions/0060-nodes-give-the-desired-state-back.md. */
    private Saved damaged(String how) throws IOException {
        Path aside = SetAside.move(file);
        warnings = List.of(file.getFileName() + " was damaged (" + how + ") and is set aside as " + aside
                + ". Apps come back from the nodes that run them; releases before them are lost");
        LOG.error("{}", warnings.getFirst());
        version = 0;
        return new Saved(FleetData.EMPTY, 0, warnings);
    }

    @Override
    public synchronized long save(FleetData data, long expected) throws IOException {
        if (expected != version) {
            throw new IOException(
                    file + " was changed by somebody else: it is at version " + version + ", not " + expected);
        }
        Disk.replace(file, Json.MAPPER.writeValueAsBytes(new Content(FORMAT, version + 1, data)));
        return ++version;
    }
}
