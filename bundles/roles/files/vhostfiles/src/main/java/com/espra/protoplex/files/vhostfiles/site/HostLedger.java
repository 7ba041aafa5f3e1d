package com.espra.protoplex.files.vhostfiles.site;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What the fleet knows of hosts and their files.
 *
 * <p>Threads: safe from any; calls block. They throw an {@link IOException} if something cannot be known, or done, now.
 */
public interface HostLedger {

    /** The first of these that somebody has added. */
    Optional<HostRow> first(List<String> patterns) throws IOException;

    /** The first thousand hosts. */
    List<HostRow> hosts() throws IOException;

    /** Adds it, or changes it. */
    void put(HostRow host) throws IOException;

    /** Takes it away; false if there is none. */
    boolean remove(String host) throws IOException;

    /** What is at this host under this key. */
    Optional<StoredFile> file(String host, String key) throws IOException;

    /** Takes a file away; false if there is none. Its content stays. */
    boolean removeFile(String host, String key) throws IOException;
}
