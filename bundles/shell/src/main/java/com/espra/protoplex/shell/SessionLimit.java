package com.espra.protoplex.shell;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the sessions. Those that have not logged in yet have places of their own, so that they cannot keep operators out; their time is
 * bounded by the server.
 */
final class SessionLimit implements SessionListener {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLimit.class);
    private static final int LOGGING_IN_MAX = 16;

    private final int max;
    private final Set<Session> connected = ConcurrentHashMap.newKeySet();
    private final Set<Session> loggedIn = ConcurrentHashMap.newKeySet();

    SessionLimit(int max) {
        this.max = max;
    }

    @Override
    public void sessionCreated(Session session) {
        connected.add(session);
        if (connected.size() > max + LOGGING_IN_MAX) {
            refuse(session, "too many connections: try again later");
        }
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event != Event.Authenticated) {
            return;
        }
        loggedIn.add(session);
        if (loggedIn.size() > max) {
            refuse(session, "the shell's " + max + " sessions are all in use: end one of them first");
            return;
        }
        LOG.info(
                "Shell: {} logged in from {} with key {}",
                session.getUsername(),
                session.getRemoteAddress(),
                session.getAttribute(AuthorizedKeys.FINGERPRINT));
    }

    @Override
    public void sessionClosed(Session session) {
        connected.remove(session);
        loggedIn.remove(session);
    }

    private static void refuse(Session session, String why) {
        LOG.warn("Shell: refused {}: {}", session.getRemoteAddress(), why);
        try {
            session.disconnect(SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS, why);
        } catch (IOException e) {
            session.close(true);
        }
    }
}
