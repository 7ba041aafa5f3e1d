package com.espra.protoplex.shell;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the sessions. Those that have not logged in yet have places of their own, and whoever comes always gets one: of those who hold the places
 * the oldest goes that has not even said who it is, so that connections without number cannot keep an operator out.
 */
final class SessionLimit implements SessionListener {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLimit.class);
    private static final int LOGGING_IN_MAX = 64;
    private static final long WARN_NANOS = Duration.ofMinutes(1).toNanos();

    private final int max;
    private final Set<Session> loggingIn = new LinkedHashSet<>();
    private final Set<Session> loggedIn = new HashSet<>();
    private @Nullable Long warned;

    SessionLimit(int max) {
        this.max = max;
    }

    @Override
    public void sessionCreated(Session session) {
        makeRoom(session).ifPresent(oldest -> {
            warnOnceInAWhile(oldest);
            oldest.close(true);
        });
    }

    private synchronized Optional<Session> makeRoom(Session session) {
        Optional<Session> oldest = loggingIn.size() < LOGGING_IN_MAX
                ? Optional.empty()
                : loggingIn.stream()
                        .filter(each -> each.getClientVersion() == null)
                        .findFirst()
                        .or(() -> loggingIn.stream().findFirst());
        oldest.ifPresent(loggingIn::remove);
        loggingIn.add(session);
        return oldest;
    }

    private synchronized void warnOnceInAWhile(Session oldest) {
        long now = System.nanoTime();
        if (warned == null || now - warned > WARN_NANOS) {
            warned = now;
            LOG.warn(
                    "Shell: more than {} connections have not logged in, such as that from {}: the oldest are closed",
                    LOGGING_IN_MAX,
                    oldest.getRemoteAddress());
        }
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event != Event.Authenticated) {
            return;
        }
        if (!admit(session)) {
            refuse(session, "the shell's " + max + " sessions are all in use: end one of them first");
            return;
        }
        LOG.info(
                "Shell: {} logged in from {} with key {}",
                session.getUsername(),
                session.getRemoteAddress(),
                session.getAttribute(AuthorizedKeys.FINGERPRINT));
    }

    private synchronized boolean admit(Session session) {
        return loggingIn.remove(session) && loggedIn.size() < max && loggedIn.add(session);
    }

    @Override
    public synchronized void sessionClosed(Session session) {
        loggingIn.remove(session);
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
