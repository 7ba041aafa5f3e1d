package com.espra.protoplex.agent.link;

import com.espra.protoplex.certificates.identity.RevokedKeys;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has heard of keys that were revoked, in a file that each of its processes reads: so it is known also after a restart without
 * a Seed. One that was heard of is never taken back.
 *
 * <p>Threads: safe from any.
 */
public final class HeardRevocations {

    private static final Logger LOG = LoggerFactory.getLogger(HeardRevocations.class);

    private final Path file;
    private RevokedKeys known;

    /** @param file where it is, or will be */
    public HeardRevocations(Path file) {
        this.file = file;
        this.known = read(file);
    }

    private static RevokedKeys read(Path file) {
        try {
            return RevokedKeys.read(file);
        } catch (IOException e) {
            LOG.error("{} cannot be read ({}): the Seed is asked for all of it", file, e.toString());
            return RevokedKeys.NONE;
        }
    }

    /** The newest that was heard of; 0 if none was. */
    public synchronized long newest() {
        return known.newest();
    }

    /**
     * Adds what the Seed says.
     *
     * @throws IOException if it cannot be made durable; it is not known then
     */
    public synchronized void add(LinkFrame.Revoked told) throws IOException {
        List<RevokedKeys.Revoked> keys = told.keys().stream()
                .map(key -> new RevokedKeys.Revoked(key.key(), key.at(), key.until()))
                .toList();
        RevokedKeys next = known.with(keys);
        if (next.equals(known)) {
            return;
        }
        next.write(file);
        known = next;
        LOG.info("{} keys of nodes are revoked", next.keys().size());
    }
}
