package com.espra.protoplex.seed.web;

import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.seed.access.TokenHolder;
import com.espra.protoplex.seed.audit.AuditEntry;
import com.espra.protoplex.seed.audit.AuditLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.Set;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts into the audit log what operators change. */
final class Auditing {

    private static final Logger LOG = LoggerFactory.getLogger(Auditing.class);

    /** What changes nothing that anybody runs: to look, and to bring files, which the build that names them makes count. */
    private static final Set<String> NO_CHANGE = Set.of("GET", "HEAD", "PUT");

    private final AuditLog log;
    private final InstantSource clock;

    Auditing(AuditLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Notes that a request begins, if it changes something.
     *
     * @return notes how it ended
     * @throws Problem if it cannot be noted: nothing may change then
     */
    ApiExchange.Ending begin(Request request, TokenHolder holder) throws Problem, DiskFullException {
        // A node that renews its certificate changes nothing that an operator has decided.
        boolean isStranger = holder.kind() == TokenHolder.Kind.STRANGER;
        if (isStranger || NO_CHANGE.contains(request.getMethod())) {
            return (status, what) -> {};
        }
        long entry;
        try {
            entry = log.begin(new AuditEntry(
                    clock.instant(),
                    holder.id(),
                    holder.name(),
                    from(request),
                    request.getMethod() + " " + Request.getPathInContext(request)));
        } catch (DiskFullException e) {
            throw e;
        } catch (IOException e) {
            throw new Problem(
                            503,
                            "the change cannot be noted in the audit log: " + e.getMessage(),
                            "look at the disk of the Seed's node; nothing has changed")
                    .because(e);
        }
        return (status, what) -> end(entry, status, what);
    }

    /** The change is made: that its end is not noted is no reason to say otherwise. */
    private void end(long entry, int status, String what) {
        try {
            log.end(entry, status, what);
        } catch (IOException e) {
            LOG.error("how change {} ended ({}) is not in the audit log: {}", entry, status, e.getMessage());
        }
    }

    private static String from(Request request) {
        SocketAddress address = request.getConnectionMetaData().getRemoteSocketAddress();
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(address);
    }
}
