package com.espra.protoplex.live.mercure.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which tokens are accepted.
 *
 * @param resource what a token must name as its audience
 * @param issuer who alone issues tokens of 1.0, if somebody does; empty: whoever has a key
 * @param publishers for the tokens of publishers
 * @param subscribers for the tokens of subscribers
 * @param issued the issuer's keys, or those that are for both
 * @param skewSeconds by how much the clock of an issuer may be ahead; 0 to 60
 * @param legacy whether tokens of before 1.0 are accepted
 */
public record TokenRules(
        String resource,
        String issuer,
        List<TrustedKey> publishers,
        List<TrustedKey> subscribers,
        List<TrustedKey> issued,
        int skewSeconds,
        boolean legacy) {

    /** What is allowed unless less is configured; which of them a token may have is for its key to say. */
    public static final Set<String> ALGORITHMS = Set.of(
            "EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "HS256", "HS384",
            "HS512");

    /** @throws IllegalArgumentException if a part is not as it is described above */
    public TokenRules {
        publishers = List.copyOf(publishers);
        subscribers = List.copyOf(subscribers);
        issued = List.copyOf(issued);
        if (skewSeconds < 0 || skewSeconds > 60) {
            throw new IllegalArgumentException("skewSeconds is " + skewSeconds + ": 0 to 60");
        }
        if (!issuer.isEmpty() && issued.isEmpty()) {
            throw new IllegalArgumentException(
                    "the keys of the issuer '" + issuer + "' are missing: give them as jwks");
        }
    }

    /**
     * As they are configured.
     *
     * @param publisherKey a secret, or a public key in PEM; empty if there is none
     * @param subscriberKey the same for subscribers; empty: the publishers'
     * @param jwks a JWK Set; empty if there is none
     * @throws IllegalArgumentException if a key or an algorithm is none
     */
    public static TokenRules of(
            String resource,
            String issuer,
            String publisherKey,
            String subscriberKey,
            String jwks,
            Set<String> algorithms,
            int skewSeconds,
            boolean legacy) {
        if (!ALGORITHMS.containsAll(algorithms)) {
            throw new IllegalArgumentException("the algorithms " + algorithms + " are not all of " + ALGORITHMS);
        }
        List<TrustedKey> publishers = keys(publisherKey, algorithms);
        return new TokenRules(
                resource,
                issuer,
                publishers,
                subscriberKey.isBlank() ? publishers : keys(subscriberKey, algorithms),
                jwks.isBlank() ? List.of() : TrustedKey.ofSet(jwks, algorithms),
                skewSeconds,
                legacy);
    }

    private static List<TrustedKey> keys(String text, Set<String> algorithms) {
        return text.isBlank() ? List.of() : List.of(TrustedKey.of(text, algorithms));
    }

    /** Whether there is a key at all: without one nobody publishes. */
    public boolean hasKeys() {
        return !publishers.isEmpty() || !subscribers.isEmpty() || !issued.isEmpty();
    }

    List<TrustedKey> keys(TokenRole role, boolean old) {
        List<TrustedKey> own = role == TokenRole.PUBLISHER ? publishers : subscribers;
        if (!issuer.isEmpty()) {
            // A key of one issuer says nothing for another: docs/decisions/0208.
            return old ? own : issued;
        }
        List<TrustedKey> all = new ArrayList<>(own);
        all.addAll(issued);
        return all;
    }
}
