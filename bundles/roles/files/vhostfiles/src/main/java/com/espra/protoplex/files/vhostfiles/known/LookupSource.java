package com.espra.protoplex.files.vhostfiles.known;

import java.io.IOException;
import java.util.Optional;

/** Who knows what a name stands for. */
@FunctionalInterface
public interface LookupSource<V> {

    /**
     * Asks; blocks.
     *
     * @return empty if it stands for nothing
     * @throws IOException if that cannot be known now
     */
    Optional<V> look(String name) throws IOException;
}
