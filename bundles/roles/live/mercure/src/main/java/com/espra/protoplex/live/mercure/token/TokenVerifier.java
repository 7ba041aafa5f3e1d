package com.espra.protoplex.live.mercure.token;

import com.espra.protoplex.live.mercure.match.TopicSpace;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jose4j.base64url.Base64Url;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Verifies tokens: of 1.0 (RFC 9068, {@code at+jwt}), and of before, which have the claim {@code mercure}.
 *
 * <p>Threads: safe.
 */
public final class TokenVerifier {

    /** How many characters a token may have. */
    public static final int LONGEST = 8192;

    /** What is after it can be no date that somebody meant, and overflows where times are reckoned with. */
    private static final long LATEST_SECOND = 253_402_300_799L;

    private static final String TYPE = "at+jwt";

    private final TokenRules rules;
    private final GrantReader grants;
    private final Clock clock;

    public TokenVerifier(TokenRules rules, TopicSpace space, Clock clock) {
        this.rules = rules;
        this.grants = new GrantReader(space);
        this.clock = clock;
    }

    /**
     * Verifies one.
     *
     * @throws InvalidTokenException if it is not accepted, for whatever reason
     */
    public AccessToken verify(String token, TokenRole role) throws InvalidTokenException {
        Map<String, Object> header = header(token);
        boolean old = !isTyped(header);
        if (old && !rules.legacy()) {
            throw new InvalidTokenException("its type is not " + TYPE);
        }
        JwtClaims claims = claims(token, header, role, old);
        Optional<Instant> expires = expires(claims);
        if (expires.isPresent() && !expires.get().isAfter(clock.instant())) {
            throw new InvalidTokenException("it has expired");
        }
        return new AccessToken(
                old ? grants.legacy(claims.getClaimsMap()) : grants.details(claims.getClaimsMap()),
                text(claims, "iss"),
                text(claims, "sub"),
                expires,
                old);
    }

    /** What it says of itself, of which nothing is believed that is not among the keys. */
    private static Map<String, Object> header(String token) throws InvalidTokenException {
        int dot = token.indexOf('.');
        if (token.length() > LONGEST
                || dot <= 0
                || token.chars().filter(unit -> unit == '.').count() != 2) {
            throw new InvalidTokenException(
                    "it is no signed token in compact form of at most " + LONGEST + " characters");
        }
        try {
            Map<String, Object> header = JsonUtil.parseJson(Base64Url.decodeToUtf8String(token.substring(0, dot)));
            if (header.containsKey("crit")) {
                throw new InvalidTokenException("it has extensions that must be understood");
            }
            return header;
        } catch (JoseException e) {
            throw new InvalidTokenException("its header is no JSON", e);
        }
    }

    private static boolean isTyped(Map<String, Object> header) {
        if (!(header.get("typ") instanceof String type)) {
            return false;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.equals(TYPE) || lower.equals("application/" + TYPE);
    }

    private JwtClaims claims(String token, Map<String, Object> header, TokenRole role, boolean old)
            throws InvalidTokenException {
        Object algorithm = header.get("alg");
        List<TrustedKey> keys = rules.keys(role, old).stream()
                .filter(key ->
                        algorithm instanceof String name && key.algorithms().contains(name))
                .toList();
        List<TrustedKey> named =
                keys.stream().filter(key -> key.id().equals(header.get("kid"))).toList();
        InvalidTokenException problem = new InvalidTokenException("no key is for its algorithm, " + algorithm);
        for (TrustedKey key : named.isEmpty() ? keys : named) {
            try {
                return consumer(key, old).build().processToClaims(token);
            } catch (InvalidJwtException e) {
                problem = new InvalidTokenException("it is not valid: " + e.getErrorDetails(), e);
            }
        }
        throw problem;
    }

    private JwtConsumerBuilder consumer(TrustedKey key, boolean old) {
        JwtConsumerBuilder consumer = new JwtConsumerBuilder()
                .setVerificationKey(key.key())
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(
                        ConstraintType.PERMIT, key.algorithms().toArray(new String[0])))
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .setAllowedClockSkewInSeconds(rules.skewSeconds());
        if (old) {
            // Without an audience it is for whoever has the key; with one it is for that one (RFC 7519, section 4.1.3).
            return consumer.setExpectedAudience(false, rules.resource());
        }
        consumer.setRequireExpirationTime()
                .setExpectedAudience(true, rules.resource())
                .setExpectedType(true, TYPE);
        return rules.issuer().isEmpty() ? consumer : consumer.setExpectedIssuer(true, rules.issuer());
    }

    private static Optional<Instant> expires(JwtClaims claims) throws InvalidTokenException {
        try {
            NumericDate time = claims.getExpirationTime();
            if (time == null) {
                return Optional.empty();
            }
            if (time.getValue() > LATEST_SECOND) {
                throw new InvalidTokenException("its exp is after the year 9999");
            }
            return Optional.of(Instant.ofEpochMilli(time.getValueInMillis()));
        } catch (MalformedClaimException e) {
            throw new InvalidTokenException("its exp is no time", e);
        }
    }

    private static String text(JwtClaims claims, String name) throws InvalidTokenException {
        Object value = claims.getClaimValue(name);
        if (value != null && !(value instanceof String)) {
            throw new InvalidTokenException("its " + name + " is no text");
        }
        return value == null ? "" : (String) value;
    }
}
