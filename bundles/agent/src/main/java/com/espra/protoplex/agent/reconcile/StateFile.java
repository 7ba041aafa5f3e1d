package com.espra.protoplex.agent.reconcile;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state in {@code state.json}. */
public final class StateFile implements StateJournal {

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private static final ObjectReader JSON =
            Json.OTHER_VERSION.with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    private final Path file;

    /** @param folder where the file is, or will be */
    public StateFile(Path folder) {
        this.file = folder.resolve("state.json");
    }

    /**
     * {@inheritDoc}
     *
     * <p>A file that somebody has damaged is put aside: the node starts with nothing, and the Seed tells it what to run.
     *
     * @throws UncheckedIOException if the file is there and cannot be read: to go on would be to forget
     */
    @Override
    public State load() {
        try {
            return JSON.readValue(Files.readAllBytes(file), State.class);
        } catch (NoSuchFileException e) {
            return State.NONE;
        } catch (JacksonException e) {
            return putAside(e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private State putAside(JacksonException cause) {
        Path aside = file.resolveSibling("state.json.damaged");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put the damaged " + file + " aside", e);
        }
        LOG.error(
                "{} is damaged ({}). It is kept as {}; this node serves nothing until the Seed tells it what to run",
                file,
                cause.getOriginalMessage(),
                aside);
        return State.NONE;
    }

    @Override
    public void save(State state) throws IOException {
        Disk.replace(file, Json.MAPPER.writeValueAsBytes(state));
    }
}
