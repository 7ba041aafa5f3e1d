package com.espra.protoplex.agent.owner;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who owns what, as it was known last, in {@code owners.json}. */
final class OwnersFile {

    private static final Logger LOG = LoggerFactory.getLogger(OwnersFile.class);

    private final Path file;

    /** @param folder where the file is, or will be */
    OwnersFile(Path folder) {
        this.file = folder.resolve("owners.json");
    }

    /** What was saved last; nothing when nothing was, or it cannot be read: the Seed tells it again. */
    List<OwnerTable> load() {
        try {
            LinkFrame.Owners saved = Json.OTHER_VERSION.readValue(Files.readAllBytes(file), LinkFrame.Owners.class);
            return saved == null ? List.of() : saved.tables();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JacksonException e) {
            LOG.warn("{} is damaged ({}): the Seed tells who owns what", file, e.getOriginalMessage());
            return List.of();
        } catch (IOException e) {
            LOG.warn("{} cannot be read ({}): the Seed tells who owns what", file, e.toString());
            return List.of();
        }
    }

    void save(List<OwnerTable> tables) throws IOException {
        Disk.replace(file, Json.MAPPER.writeValueAsBytes(new LinkFrame.Owners(tables)));
    }
}
