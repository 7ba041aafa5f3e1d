package com.espra.protoplex.files.upload.spool;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many uploads are under way: of this node, of each owner, and of each token. What is recorded or refused does not count.
 *
 * <p>Threads: safe from any.
 */
final class UploadBounds {

    static final int MOST = 2000;
    static final int MOST_OF_OWNER = 500;
    static final int MOST_OF_TOKEN = 100;
    /** A file in parts, and an attempt or two before it. */
    static final int MOST_OF_SINGLE = 12;

    private record Who(String token, String owner) {}

    private final Map<String, Who> running = new HashMap<>();
    private final Map<String, Integer> byToken = new HashMap<>();
    private final Map<String, Integer> byOwner = new HashMap<>();

    /**
     * One more begins.
     *
     * @throws UploadRefusedException if there are too many
     */
    synchronized void begin(String id, UploadTarget target) throws UploadRefusedException {
        if (running.size() >= MOST) {
            throw new UploadRefusedException(503, "too many uploads are under way on this node: try again later");
        }
        if (byOwner.getOrDefault(target.owner(), 0) >= MOST_OF_OWNER) {
            throw new UploadRefusedException(
                    429, "the owner of this token has " + MOST_OF_OWNER + " uploads under way: end some, or wait");
        }
        int most = target.single() ? MOST_OF_SINGLE : MOST_OF_TOKEN;
        if (byToken.getOrDefault(target.token(), 0) >= most) {
            throw new UploadRefusedException(
                    429, "this token has " + most + " uploads under way: end some by DELETE, or wait");
        }
        found(id, target);
    }

    /** One that is under way, whoever began it. */
    synchronized void found(String id, UploadTarget target) {
        if (running.putIfAbsent(id, new Who(target.token(), target.owner())) == null) {
            byToken.merge(target.token(), 1, Integer::sum);
            byOwner.merge(target.owner(), 1, Integer::sum);
        }
    }

    /** It is over. */
    synchronized void end(String id) {
        Who who = running.remove(id);
        if (who != null) {
            byToken.computeIfPresent(who.token(), (_, count) -> count == 1 ? null : count - 1);
            byOwner.computeIfPresent(who.owner(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized Set<String> ids() {
        return Set.copyOf(running.keySet());
    }

    synchronized int count() {
        return running.size();
    }
}
