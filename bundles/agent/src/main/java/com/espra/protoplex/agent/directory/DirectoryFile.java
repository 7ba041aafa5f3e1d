package com.espra.protoplex.agent.directory;

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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the fleet, in {@code directory.json}. */
final class DirectoryFile {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryFile.class);

    /** What an older version did not write is false or 0; what has no such value must be there. */
    private static final ObjectReader JSON =
            Json.OTHER_VERSION.with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    private final Path file;

    /** @param folder where the file is, or will be */
    DirectoryFile(Path folder) {
        this.file = folder.resolve("directory.json");
    }

    /** What was saved last; empty when nothing was, or it cannot be read: the Seed tells it again. */
    Optional<LinkFrame.Directory> load() {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), LinkFrame.Directory.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JacksonException e) {
            LOG.warn(
                    "{} is damaged ({}): this node knows of no other until the Seed tells it",
                    file,
                    e.getOriginalMessage());
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be read ({}): this node knows of no other until the Seed tells it", file, e.toString());
            return Optional.empty();
        }
    }

    void save(LinkFrame.Directory all) throws IOException {
        Disk.replace(file, Json.MAPPER.writeValueAsBytes(all));
    }
}
