package com.espra.protoplex.live.mercure.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/**
 * A key that tokens are verified with, and the algorithms that are for a key of its kind: one of another kind is never tried, whatever the
 * token says of itself.
 *
 * @param id its {@code kid}; empty if it has none
 */
record TrustedKey(String id, Key key, Set<String> algorithms) {

    /** How many keys there may be. */
    static final int MOST = 16;

    private static final String PEM = "-----BEGIN PUBLIC KEY-----";
    private static final int SHORTEST_SECRET = 32;
    private static final int SHORTEST_RSA = 2048;

    /**
     * @param text a public key in PEM, or a secret that both sides know
     * @throws IllegalArgumentException if it is neither; never says what it is
     */
    static TrustedKey of(String text, Set<String> allowed) {
        String stripped = text.strip();
        if (stripped.startsWith("-----")) {
            return bound("", publicKey(stripped), allowed);
        }
        byte[] secret = text.getBytes(StandardCharsets.UTF_8);
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException("a secret for tokens has " + secret.length + " bytes: at least "
                    + SHORTEST_SECRET + " are needed, such as 'openssl rand -base64 32' writes");
        }
        return bound("", new HmacKey(secret), allowed);
    }

    private static PublicKey publicKey(String pem) {
        String end = PEM.replace("BEGIN", "END");
        if (!pem.startsWith(PEM) || !pem.endsWith(end)) {
            throw new IllegalArgumentException("a key for tokens is no public key in PEM: it begins with " + PEM
                    + ", as 'openssl pkey -pubout' writes it");
        }
        String base64 = pem.substring(PEM.length(), pem.length() - end.length());
        try {
            X509EncodedKeySpec encoded =
                    new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
            for (String kind : List.of("RSA", "EC", "Ed25519")) {
                try {
                    return KeyFactory.getInstance(kind).generatePublic(encoded);
                } catch (java.security.spec.InvalidKeySpecException e) {
                    // It is of another kind.
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("a key for tokens cannot be read", e);
        }
        throw new IllegalArgumentException("a key for tokens is neither RSA, EC nor Ed25519");
    }

    /** @throws IllegalArgumentException if it is no JWK Set (RFC 7517), or has none that tokens can be verified with */
    static List<TrustedKey> ofSet(String json, Set<String> allowed) {
        List<TrustedKey> keys = new ArrayList<>();
        try {
            for (JsonWebKey key : new JsonWebKeySet(json).getJsonWebKeys()) {
                if (key.getUse() == null || key.getUse().equals("sig")) {
                    Set<String> own = key.getAlgorithm() == null ? allowed : Set.of(key.getAlgorithm());
                    Set<String> both = new LinkedHashSet<>(allowed);
                    both.retainAll(own);
                    keys.add(bound(key.getKeyId() == null ? "" : key.getKeyId(), key.getKey(), both));
                }
            }
        } catch (JoseException e) {
            throw new IllegalArgumentException("the keys for tokens are no JWK Set (RFC 7517): {\"keys\": [...]}", e);
        }
        if (keys.isEmpty() || keys.size() > MOST) {
            throw new IllegalArgumentException("the JWK Set has " + keys.size() + " keys for signatures: 1 to " + MOST);
        }
        return keys;
    }

    private static TrustedKey bound(String id, Key key, Set<String> allowed) {
        Set<String> algorithms = new LinkedHashSet<>(
                switch (key) {
                    case RSAPublicKey rsa -> {
                        if (rsa.getModulus().bitLength() < SHORTEST_RSA) {
                            throw new IllegalArgumentException(
                                    "an RSA key for tokens has at least " + SHORTEST_RSA + " bits");
                        }
                        yield List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
                    }
                    case ECPublicKey ec ->
                        List.of(
                                switch (ec.getParams().getCurve().getField().getFieldSize()) {
                                    case 256 -> "ES256";
                                    case 384 -> "ES384";
                                    default -> "ES512";
                                });
                    case EdECPublicKey _ -> List.of("EdDSA");
                    case PublicKey other ->
                        throw new IllegalArgumentException("a key for tokens is " + other.getAlgorithm());
                    default -> hmac(key);
                });
        algorithms.retainAll(allowed);
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException(
                    "a key for tokens is for none of the algorithms that are allowed: " + allowed);
        }
        return new TrustedKey(id, key, Set.copyOf(algorithms));
    }

    /** By its length: RFC 7518, section 3.2. */
    private static List<String> hmac(Key key) {
        int length = key.getEncoded().length;
        if (length < SHORTEST_SECRET) {
            throw new IllegalArgumentException("a secret for tokens has at least " + SHORTEST_SECRET + " bytes");
        }
        return length < 48
                ? List.of("HS256")
                : length < 64 ? List.of("HS256", "HS384") : List.of("HS256", "HS384", "HS512");
    }
}
