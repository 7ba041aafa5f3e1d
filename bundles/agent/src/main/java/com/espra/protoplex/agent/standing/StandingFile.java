package com.espra.protoplex.agent.standing;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the Seed ordered last, in {@code standing.json}; its times are by this node's clock. */
public final class StandingFile {

    private static final Logger LOG = LoggerFactory.getLogger(StandingFile.class);

    private static final ObjectReader JSON =
            Json.OTHER_VERSION.with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    private final Path file;

    /** @param folder where the file is, or will be */
    public StandingFile(Path folder) {
        file = folder.resolve("standing.json");
    }

    /** What was saved last. If that cannot be read, nobody has ordered anything: the Seed says it again. */
    LinkFrame.Standing load() {
        try {
            return JSON.readValue(Files.readAllBytes(file), LinkFrame.Standing.class);
        } catch (NoSuchFileException e) {
            return LinkFrame.Standing.NONE;
        } catch (JacksonException e) {
            LOG.error(
                    "{} is damaged ({}): this node serves as usual until the Seed says how",
                    file,
                    e.getOriginalMessage());
        } catch (IOException e) {
            LOG.error("{} cannot be read ({}): this node serves as usual until the Seed says how", file, e.toString());
        }
        return LinkFrame.Standing.NONE;
    }

    /** Forgets what was saved. Returns false if it stays: that is what {@link #load} finds. */
    boolean remove() {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            LOG.debug("{} stays", file, e);
            return false;
        }
    }

    void save(LinkFrame.Standing standing) throws IOException {
        Disk.replace(file, Json.MAPPER.writeValueAsBytes(standing));
    }
}
