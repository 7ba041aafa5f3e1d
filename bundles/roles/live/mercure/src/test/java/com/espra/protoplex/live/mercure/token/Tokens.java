package com.espra.protoplex.live.mercure.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Makes tokens of every kind. */
public final class Tokens {

    public static final String HUB = "https://hub.example.com/.well-known/mercure";
    public static final String SECRET = "0123456789abcdef0123456789abcdef";
    public static final String OTHER_SECRET = "fedcba9876543210fedcba9876543210";

    private final Map<String, @Nullable Object> header = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> claims = new LinkedHashMap<>();

    private Tokens() {}

    /** One of 1.0 that is good for five minutes and allows nothing. */
    public static Tokens now() {
        return new Tokens()
                .header("alg", "HS256")
                .header("typ", "at+jwt")
                .claim("aud", HUB)
                .claim("sub", "alice")
                .claim("exp", Instant.now().getEpochSecond() + 300);
    }

    /** One of before 1.0. */
    public static Tokens before(List<String> publish, List<String> subscribe) {
        return new Tokens()
                .header("alg", "HS256")
                .header("typ", "JWT")
                .claim(
                        "mercure",
                        Map.of("publish", publish, "subscribe", subscribe, "payload", Map.of("colour", "red")));
    }

    /** Null: without it. */
    public Tokens header(String name, @Nullable Object value) {
        header.put(name, value);
        return this;
    }

    /** Null: without it. */
    public Tokens claim(String name, @Nullable Object value) {
        claims.put(name, value);
        return this;
    }

    /** Allows an action on topics, each a pattern or, with {@code exact} before it, the topic. */
    public Tokens grant(String action, String... topics) {
        return grant(Map.of(), List.of(action), topics);
    }

    public Tokens grant(Map<String, ?> payload, List<String> actions, String... topics) {
        List<Object> matchers = new ArrayList<>();
        for (String topic : topics) {
            matchers.add(
                    topic.startsWith("exact ")
                            ? Map.of("match", topic.substring(6))
                            : Map.of("match", topic, "match_type", "urlpattern"));
        }
        Map<String, Object> detail =
                new LinkedHashMap<>(Map.of("type", "mercure", "actions", actions, "topics", matchers));
        if (!payload.isEmpty()) {
            detail.put("payload", payload);
        }
        List<Object> details = new ArrayList<>();
        if (claims.get("authorization_details") instanceof List<?> more) {
            details.addAll(more);
        }
        details.add(detail);
        return claim("authorization_details", details);
    }

    public String signed(String secret) {
        return signed(new HmacKey(secret.getBytes(StandardCharsets.UTF_8)));
    }

    public String signed(Key key) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            header.forEach((name, value) -> {
                if (value != null) {
                    signature.getHeaders().setObjectHeaderValue(name, value);
                }
            });
            signature.setPayload(body());
            signature.setKey(key);
            signature.setDoKeyValidation(false);
            signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With whatever stands where the signature is. */
    public String unsigned(String signature) {
        return base64(JsonUtil.toJson(header)) + '.' + base64(body()) + '.' + signature;
    }

    private String body() {
        Map<String, Object> said = new LinkedHashMap<>();
        claims.forEach((name, value) -> {
            if (value != null) {
                said.put(name, value);
            }
        });
        return JsonUtil.toJson(said);
    }

    static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static KeyPair pair(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind);
            if (kind.startsWith("P-")) {
                generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
            } else if (kind.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** Of a hub whose publishers and subscribers have one key. */
    public static TokenRules rules(String key) {
        return TokenRules.of(HUB, "", key, "", "", TokenRules.ALGORITHMS, 0, true);
    }

    static TokenRules rules(String issuer, String publishers, String subscribers, String jwks, Set<String> algorithms) {
        return TokenRules.of(HUB, issuer, publishers, subscribers, jwks, algorithms, 0, true);
    }
}
