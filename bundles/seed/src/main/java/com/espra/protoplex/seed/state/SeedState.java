package com.espra.protoplex.seed.state;

import java.io.IOException;
import java.util.List;

/** Where {@link FleetData} is kept. Whoever saves says what he has read, so that two Seeds cannot overwrite each other. */
public interface SeedState {

    /**
     * Reads what was saved last.
     *
     * @throws IOException if it cannot be read. It is never taken for empty then
     */
    Saved load() throws IOException;

    /**
     * Saves; it is durable when this returns.
     *
     * @param version of what was loaded or saved last
     * @return the new version
     * @throws IOException if it cannot be written, or somebody else has saved meanwhile; nothing has changed then
     */
    long save(FleetData data, long version) throws IOException;

    /**
     * What was saved.
     *
     * @param data the data; {@link FleetData#EMPTY} when nothing was ever saved
     * @param version 0 when nothing was ever saved
     * @param warnings what an operator should know of it
     */
    record Saved(FleetData data, long version, List<String> warnings) {

        /** What was saved, and is whole. */
        public Saved(FleetData data, long version) {
            this(data, version, List.of());
        }
    }
}
