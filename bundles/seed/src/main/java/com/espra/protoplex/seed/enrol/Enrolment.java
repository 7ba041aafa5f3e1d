package com.espra.protoplex.seed.enrol;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.SpiffeId;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives certificates to nodes: for a token at first, and then for the one before.
 *
 * <p>Threads: safe from any.
 */
public final class Enrolment {

    private static final Logger LOG = LoggerFactory.getLogger(Enrolment.class);

    private final FleetAuthority authority;
    private final Enrolments enrolments;
    private final Predicate<String> known;
    private final Predicate<String> connected;

    /**
     * @param known whether there is a node of this name, with a certificate or without
     * @param connected whether it has a link
     */
    public Enrolment(
            FleetAuthority authority, Enrolments enrolments, Predicate<String> known, Predicate<String> connected) {
        this.authority = authority;
        this.enrolments = enrolments;
        this.known = known;
        this.connected = connected;
    }

    /**
     * A certificate that was given.
     *
     * @param node whom it is for
     * @param pem it, and that of the authority
     */
    public record Given(EnrolledNode node, String pem) {}

    /** What vouches for the certificates. */
    public FleetAuthority authority() {
        return authority;
    }

    /**
     * Lets a node in.
     *
     * @param token the one that it has shown
     * @param pem its request (PKCS #10)
     * @param wanted the roles that it wants; empty for all of the token's
     * @throws EnrolmentException if it is not let in; the token is not used then
     * @throws IOException if that cannot be made durable; the token is not used then
     */
    public Given join(JoinToken token, String pem, Set<String> wanted) throws EnrolmentException, IOException {
        CertificateRequest request = request(pem);
        String node = request.id().node();
        String key = KeyDigest.of(request.key());
        if (!token.node().isEmpty() && !token.node().equals(node)) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "the join token " + token.id() + " is for the node " + token.node() + ", and not for " + node,
                    "join with --name " + token.node() + ", or ask for another token");
        }
        Set<String> more = new TreeSet<>(wanted);
        more.removeAll(token.roles());
        if (!more.isEmpty()) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "the join token " + token.id() + " is for the roles "
                            + String.join(", ", new TreeSet<>(token.roles())) + ", and not for "
                            + String.join(", ", more),
                    "ask for fewer, or for another token: ./protoplex join-token create --roles");
        }
        Set<String> roles = wanted.isEmpty() ? token.roles() : wanted;
        return enrolments.change((content, now) -> {
            JoinToken fresh = content.tokens().getOrDefault(token.id(), token.ended());
            if (fresh.revoked()) {
                throw JoinTokens.ended(fresh, "was revoked");
            }
            EnrolledNode before = content.nodes().get(node);
            boolean again =
                    before != null && before.key().equals(key) && before.token().equals(token.id());
            if (!again) {
                requireRoom(content, fresh, node, key);
            }
            EnrolledNode enrolled = new EnrolledNode(node, key, roles, token.id(), now, now.plus(Enrolments.LIFE));
            Given given = new Given(enrolled, issue(request, now));
            LOG.info("{} joins with the token {}, for {}", node, token.id(), roles);
            return new Enrolments.Change<>((again ? content : content.with(fresh.used())).with(enrolled), given);
        });
    }

    private void requireRoom(EnrolmentFile.Content content, JoinToken token, String node, String key)
            throws EnrolmentException {
        if (token.left() < 1) {
            throw JoinTokens.ended(token, "is used up: " + token.uses() + " joined with it");
        }
        if (content.revoked().containsKey(key)) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "the key of this node was revoked",
                    "delete the node's folder of certificates, so that it makes another key");
        }
        if (isTaken(content, node)) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.CONFLICT,
                    "there is a node " + node + " already",
                    "take another name: --name NAME. If that one is gone for good: ./protoplex node forget " + node);
        }
        if (content.nodes().size() >= Enrolments.MAX_NODES) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.CONFLICT,
                    "this fleet has " + Enrolments.MAX_NODES + " nodes with certificates already",
                    "forget those that are gone: ./protoplex node forget NODE");
        }
    }

    /** A name whose key was revoked is free when its node is away: that is the way back for the machine. */
    private boolean isTaken(EnrolmentFile.Content content, String node) {
        if (content.nodes().containsKey(node) || connected.test(node)) {
            return true;
        }
        boolean revoked =
                content.revoked().values().stream().anyMatch(key -> key.node().equals(node));
        return known.test(node) && !revoked;
    }

    private CertificateRequest request(String pem) throws EnrolmentException {
        CertificateRequest request;
        try {
            request = CertificateRequest.read(pem);
        } catch (CertificateException e) {
            throw new EnrolmentException(
                            EnrolmentException.Kind.MALFORMED,
                            "the request for a certificate is refused: " + e.getMessage(),
                            "./protoplex join makes one")
                    .because(e);
        }
        if (request.id().isSeed() || !request.id().fleet().equals(authority.fleet())) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "the request is for " + request.id().uri() + ", and this Seed gives certificates to nodes of "
                            + authority.fleet(),
                    "./protoplex join asks for the right one");
        }
        return request;
    }

    private String issue(CertificateRequest request, Instant now) throws IOException {
        return authority.authority().forNode(request.key(), request.id(), now, Enrolments.LIFE);
    }

    /**
     * Gives the next certificate for the same key. That the request is signed with the key is the proof: the certificate may have expired.
     *
     * @param shown the certificate before, with what vouches for it, as PEM
     * @param pem the request (PKCS #10)
     * @throws EnrolmentException if it is not given
     */
    public Given renew(String shown, String pem) throws EnrolmentException, IOException {
        CertificateRequest request = request(pem);
        String key = KeyDigest.of(request.key());
        X509Certificate[] chain = chain(shown);
        Instant now = enrolments.time();
        Instant end = chain[0].getNotAfter().toInstant();
        SpiffeId id = id(chain, now.isAfter(end) ? end : now);
        if (!KeyDigest.of(chain[0].getPublicKey()).equals(key) || !id.equals(request.id())) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "the request is not for the name and the key of the certificate before, which is that of "
                            + id.node(),
                    "let the node ask by itself, or join it again");
        }
        if (now.isAfter(end.plus(Enrolments.GRACE))) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.FORBIDDEN,
                    "the certificate of " + id.node() + " ended " + end + ", which is more than "
                            + Enrolments.GRACE.toDays() + " days ago",
                    "join the machine again, with a new token: ./protoplex join");
        }
        enrolments.requireGood(id.node(), key);
        return enrolments.change((content, time) -> {
            EnrolledNode before =
                    content.nodes().getOrDefault(id.node(), new EnrolledNode(id.node(), key, Set.of(), "", time, time));
            if (!before.key().equals(key) || content.revoked().containsKey(key)) {
                // It was, a moment ago.
                enrolments.requireGood(id.node(), key);
            }
            EnrolledNode next = before.until(time.plus(Enrolments.LIFE));
            return new Enrolments.Change<>(content.with(next), new Given(next, issue(request, time)));
        });
    }

    /**
     * Gives a certificate to a node that has the token of the Seed's machine, so that it meets those that have joined. Nothing is kept of it:
     * whoever has that token may be any node that has not joined.
     *
     * @param pem the request (PKCS #10)
     * @throws EnrolmentException if it is not given
     */
    public Given beside(String pem) throws EnrolmentException, IOException {
        CertificateRequest request = request(pem);
        String node = request.id().node();
        String key = KeyDigest.of(request.key());
        if (enrolments.node(node).isPresent()) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.CONFLICT,
                    "the node " + node + " has joined with a certificate of its own",
                    "take another name for the one beside the Seed");
        }
        enrolments.requireGood(node, key);
        Instant now = enrolments.time();
        return new Given(
                new EnrolledNode(node, key, Set.of(), "", now, now.plus(Enrolments.LIFE)), issue(request, now));
    }

    /**
     * Who has shown a certificate on a connection.
     *
     * @throws EnrolmentException if it is good for nothing here; the message says why
     */
    public CertifiedNode shown(X509Certificate[] chain) throws EnrolmentException {
        SpiffeId id = id(chain, enrolments.time());
        String key = KeyDigest.of(chain[0].getPublicKey());
        enrolments.requireGood(id.node(), key);
        return new CertifiedNode(
                id.node(),
                key,
                enrolments.node(id.node()).map(EnrolledNode::roles).orElse(Set.of()),
                chain[0].getNotAfter().toInstant());
    }

    private SpiffeId id(X509Certificate[] chain, Instant now) throws EnrolmentException {
        try {
            SpiffeId id = authority.trust().node(chain, now);
            if (!id.fleet().equals(authority.fleet())) {
                throw new CertificateException("it is of the fleet " + id.fleet());
            }
            return id;
        } catch (FleetTrust.OutOfTimeException e) {
            throw new EnrolmentException(
                            EnrolmentException.Kind.FORBIDDEN,
                            "the certificate of the node is not good now: " + e.getMessage(),
                            e.isOver() ? "the node renews it by itself, if its clock is right" : "set the clocks")
                    .because(e);
        } catch (CertificateException e) {
            throw new EnrolmentException(
                            EnrolmentException.Kind.UNKNOWN,
                            "the certificate is not one of a node of this fleet: " + e.getMessage(),
                            "join this fleet with a token of it: ./protoplex join")
                    .because(e);
        }
    }

    private static X509Certificate[] chain(String pem) throws EnrolmentException {
        try {
            return CertificateChain.read(pem);
        } catch (IOException e) {
            throw new EnrolmentException(
                            EnrolmentException.Kind.MALFORMED,
                            "what is sent as a certificate is none: " + e.getMessage(),
                            "send it as PEM, with what vouches for it")
                    .because(e);
        }
    }
}
