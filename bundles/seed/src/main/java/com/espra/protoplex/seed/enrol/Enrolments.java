package com.espra.protoplex.seed.enrol;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Who may join, who has joined, and who is out again. A certificate is good unless its key was revoked; so a Seed that lost this file knows
 * its nodes still.
 *
 * <p>Threads: safe from any. Whoever looks never waits for the disk.
 */
public final class Enrolments {

    /** How many nodes there may be. */
    public static final int MAX_NODES = 10_000;

    /** How many keys may be revoked at a time; of more, the ones that would be forgotten first are. */
    static final int MAX_REVOKED = 10_000;

    /** How long after its end a certificate is renewed with its key alone: a machine that was off comes back by itself. */
    public static final Duration GRACE = Duration.ofDays(30);

    /** How long a node's certificate is good. */
    public static final Duration LIFE = Duration.ofDays(1);

    private final EnrolmentFile file;
    private final InstantSource clock;
    private final JoinTokens tokens = new JoinTokens(this);
    private final List<Consumer<RevokedKey>> listeners = new CopyOnWriteArrayList<>();
    private volatile EnrolmentFile.Content content;
    private volatile Function<String, Optional<CertifiedNode>> live = name -> Optional.empty();

    private Enrolments(EnrolmentFile file, InstantSource clock, EnrolmentFile.Content content) {
        this.file = file;
        this.clock = clock;
        this.content = content;
    }

    /**
     * Reads what is known. A file that is damaged is set aside.
     *
     * @param warnings is told what was damaged
     * @throws IOException if the file cannot be read
     */
    public static Enrolments in(Path file, InstantSource clock, Consumer<String> warnings) throws IOException {
        EnrolmentFile kept = new EnrolmentFile(file);
        return new Enrolments(kept, clock, kept.read(warnings));
    }

    /** The tokens. */
    public JoinTokens tokens() {
        return tokens;
    }

    /** Is told of each key that is revoked, when that is durable. */
    public void onRevoked(Consumer<RevokedKey> listener) {
        listeners.add(listener);
    }

    /** Is asked who has a link by a name, and a certificate that this does not know. */
    public void onLive(Function<String, Optional<CertifiedNode>> links) {
        live = links;
    }

    /** What is to be, and what comes of it. */
    record Change<T>(EnrolmentFile.Content next, T result) {}

    /** Makes of what is what is to be. */
    interface Step<T, E extends Exception> {

        Change<T> make(EnrolmentFile.Content content, Instant now) throws E, IOException;
    }

    /** Changes what is known, once it is durable. */
    synchronized <T, E extends Exception> T change(Step<T, E> step) throws E, IOException {
        Instant now = clock.instant();
        Change<T> change = step.make(content.at(now.minus(JoinTokens.REMEMBERED)), now);
        file.write(change.next());
        content = change.next();
        return change.result();
    }

    EnrolmentFile.Content now() {
        return content;
    }

    Instant time() {
        return clock.instant();
    }

    /** The nodes that have certificates, by name. */
    public List<EnrolledNode> nodes() {
        List<EnrolledNode> all = new ArrayList<>(content.nodes().values());
        all.sort(Comparator.comparing(EnrolledNode::node));
        return all;
    }

    /** The keys that are revoked, the newest first. */
    public List<RevokedKey> revoked() {
        List<RevokedKey> all = new ArrayList<>(content.revoked().values());
        all.sort(Comparator.comparing(RevokedKey::at).reversed());
        return all;
    }

    /** The node of this name, if it has a certificate. */
    public Optional<EnrolledNode> node(String name) {
        return Optional.ofNullable(content.nodes().get(name));
    }

    /** Why a node that was let in with its certificate is not to stay; empty if it may. */
    public Optional<String> judge(CertifiedNode node) {
        try {
            requireGood(node.node(), node.key());
            return Optional.empty();
        } catch (EnrolmentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Knows a node again whose enrolment was lost with this file, or is not in it yet: by what it was let in with, and with the roles that
     * it has now and no others. It changes nothing of one that is known.
     *
     * @throws IOException if that cannot be made durable; it is not known then
     */
    public void remember(CertifiedNode node, Set<String> roles) throws IOException {
        if (!isMissing(content, node)) {
            return;
        }
        change((known, now) ->
                new Change<>(isMissing(known, node) ? known.with(entry(node, roles, known, now)) : known, node));
    }

    /** One that was renewed before it said hello is there without roles. */
    private static boolean isMissing(EnrolmentFile.Content content, CertifiedNode node) {
        EnrolledNode entry = content.nodes().get(node.node());
        return entry == null
                ? content.nodes().size() < MAX_NODES && !content.revoked().containsKey(node.key())
                : entry.roles().isEmpty() && entry.key().equals(node.key());
    }

    private static EnrolledNode entry(
            CertifiedNode node, Set<String> roles, EnrolmentFile.Content content, Instant now) {
        EnrolledNode before = content.nodes().get(node.node());
        return before == null
                ? new EnrolledNode(node.node(), node.key(), roles, "", now, node.until())
                : new EnrolledNode(node.node(), node.key(), roles, before.token(), before.since(), before.until());
    }

    /**
     * Whether a key may act as the node.
     *
     * @throws EnrolmentException if it was revoked, or the node has another one
     */
    void requireGood(String node, String key) throws EnrolmentException {
        EnrolmentFile.Content known = content;
        RevokedKey revoked = known.revoked().get(key);
        if (revoked != null) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "the certificate of " + node + " was revoked at " + revoked.at(),
                    "to let this machine in again, stop its node, delete its folder, and join it with a new token");
        }
        EnrolledNode enrolled = known.nodes().get(node);
        if (enrolled != null && !enrolled.key().equals(key)) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "another machine has joined as " + node + ", with another key",
                    "join this one by another name: ./protoplex join --name NAME");
        }
    }

    /**
     * Ends the certificates of a node, at once: its link is closed, and what it shows is refused. That a node is forgotten ends them, too.
     * One whose enrolment was lost is known by its link, while it has one.
     *
     * @param by who asks for it
     * @return what was known of it; empty if it has no certificate
     * @throws IOException if that cannot be made durable; they stay good then
     */
    public Optional<EnrolledNode> revoke(String node, String by) throws IOException {
        Optional<CertifiedNode> linked = live.apply(node);
        if (!content.nodes().containsKey(node) && linked.isEmpty()) {
            return Optional.empty();
        }
        Optional<EnrolledNode> revoked = change((known, now) -> {
            EnrolledNode enrolled = known.nodes().containsKey(node)
                    ? known.nodes().get(node)
                    : linked.map(link -> entry(link, link.roles(), known, now)).orElse(null);
            if (enrolled == null) {
                return new Change<Optional<EnrolledNode>>(known, Optional.empty());
            }
            RevokedKey key = new RevokedKey(
                    enrolled.key(), node, after(known, now), by, now.plus(LIFE).plus(GRACE));
            return new Change<>(bounded(known.without(node, key)), Optional.of(enrolled));
        });
        revoked.map(gone -> content.revoked().get(gone.key()))
                .ifPresent(key -> listeners.forEach(listener -> listener.accept(key)));
        return revoked;
    }

    /** Nodes ask for what came after the newest that they know: it grows also when the clock was set back. */
    private static Instant after(EnrolmentFile.Content content, Instant now) {
        return content.revoked().values().stream()
                .map(key -> key.at().plusMillis(1))
                .filter(next -> next.isAfter(now))
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    private static EnrolmentFile.Content bounded(EnrolmentFile.Content content) {
        if (content.revoked().size() <= MAX_REVOKED) {
            return content;
        }
        List<RevokedKey> keys = new ArrayList<>(content.revoked().values());
        keys.sort(Comparator.comparing(RevokedKey::until).reversed());
        Map<String, RevokedKey> kept = new TreeMap<>();
        keys.subList(0, MAX_REVOKED).forEach(key -> kept.put(key.key(), key));
        return new EnrolmentFile.Content(content.tokens(), content.nodes(), kept);
    }
}
