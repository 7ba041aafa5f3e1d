package com.espra.protoplex.seed.enrol;

import com.espra.protoplex.files.Secret;
import com.espra.protoplex.seed.state.FleetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens that nodes join with: {@code join_ID_SECRET_DIGEST}. The digest is that of the fleet's authority, by which a node knows the
 * Seed; the rest is for the Seed.
 *
 * <p>Threads: safe from any.
 */
public final class JoinTokens {

    /** How many there may be, those that have ended with them. */
    public static final int MAX = 1000;

    /** How long a token is remembered that has ended, so that whoever shows it hears why it is refused. */
    static final Duration REMEMBERED = Duration.ofDays(7);

    private static final Pattern FORM = Pattern.compile("(join_([0-9a-f]{8})_[0-9a-f]{32})(_[0-9a-f]{64})?");
    private static final int ID_BYTES = 4;
    private static final int SECRET_BYTES = 16;

    private final Enrolments enrolments;

    JoinTokens(Enrolments enrolments) {
        this.enrolments = enrolments;
    }

    /**
     * A token that was made.
     *
     * @param token what is kept of it
     * @param secret the token but for the digest of the authority: shown once, and kept by nobody here
     */
    public record Made(JoinToken token, String secret) {}

    /**
     * Makes a token.
     *
     * @param node the only name that nodes may take with it; empty for any
     * @param by who asks for it
     * @throws FleetException if there are too many
     * @throws IOException if it cannot be made durable; there is no such token then
     */
    public Made create(Duration ttl, int uses, Set<String> roles, String node, String by)
            throws IOException, FleetException {
        String id = Secret.hex(ID_BYTES);
        String secret = "join_" + id + "_" + Secret.hex(SECRET_BYTES);
        return enrolments.change((content, now) -> {
            if (content.tokens().size() >= MAX) {
                throw new FleetException(
                        FleetException.Kind.CONFLICT,
                        "there are " + MAX + " join tokens already, with those that ended in the last "
                                + REMEMBERED.toDays() + " days",
                        "use one of them for several nodes: --uses");
            }
            JoinToken made = new JoinToken(id, sha256(secret), now, by, now.plus(ttl), uses, uses, roles, node, false);
            return new Enrolments.Change<>(content.with(made), new Made(made, secret));
        });
    }

    /**
     * Ends a token, at once. Nodes that have joined with it stay.
     *
     * @throws FleetException if there is none with this id
     */
    public JoinToken revoke(String id) throws IOException, FleetException {
        return enrolments.change((content, now) -> {
            JoinToken token = content.tokens().get(id);
            if (token == null) {
                throw new FleetException(
                        FleetException.Kind.NOT_FOUND,
                        "there is no join token " + id,
                        "./protoplex join-token list shows what there is");
            }
            return new Enrolments.Change<>(content.with(token.ended()), token.ended());
        });
    }

    /** All that are known, the oldest first. */
    public List<JoinToken> all() {
        List<JoinToken> all = new ArrayList<>(enrolments.now().tokens().values());
        all.sort(Comparator.comparing(JoinToken::created).thenComparing(JoinToken::id));
        return all;
    }

    /**
     * The token that a node shows. Whether it is used up is looked at when it is used: a node whose answer was lost may ask again.
     *
     * @throws EnrolmentException if nobody knows it, or it has ended; the message says how
     */
    public JoinToken shown(String given) throws EnrolmentException {
        Matcher form = FORM.matcher(given);
        JoinToken token = form.matches() ? enrolments.now().tokens().get(form.group(2)) : null;
        if (token == null
                || !MessageDigest.isEqual(
                        sha256(form.group(1)).getBytes(StandardCharsets.US_ASCII),
                        token.sha256().getBytes(StandardCharsets.US_ASCII))) {
            throw new EnrolmentException(
                    EnrolmentException.Kind.UNKNOWN,
                    "this Seed does not know this join token: it is another one's, or ended long ago",
                    "make one here: ./protoplex join-token create");
        }
        Instant now = enrolments.time();
        if (token.revoked()) {
            throw ended(token, "was revoked");
        }
        if (!now.isBefore(token.expires())) {
            throw ended(token, "has expired: it was good until " + token.expires());
        }
        return token;
    }

    static EnrolmentException ended(JoinToken token, String how) {
        return new EnrolmentException(
                EnrolmentException.Kind.FORBIDDEN,
                "the join token " + token.id() + " " + how,
                "ask an operator for another: ./protoplex join-token create");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
