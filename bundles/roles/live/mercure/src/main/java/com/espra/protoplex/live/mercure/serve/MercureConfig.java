package com.espra.protoplex.live.mercure.serve;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the hub. */
@ObjectClassDefinition(name = "Protoplex: Mercure")
public @interface MercureConfig {

    /** Where it is found. */
    String PID = "com.espra.protoplex.live.mercure";

    /** Its URL. */
    @AttributeDefinition(
            description =
                    "The URL that clients reach the hub by, which tokens of 1.0 must name as their audience: scheme and host"
                            + " are yours, the path is /.well-known/mercure.")
    String url() default "https://localhost/.well-known/mercure";

    /** Which hub of Live. */
    @AttributeDefinition(description = "The hub of Live that it publishes on and subscribes to.")
    String hub() default "mercure";

    /** What the tokens of publishers are verified with. */
    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description =
                    "What tokens of publishers are verified with: a secret of at least 32 bytes, or a public key in PEM"
                            + " (RSA, EC, Ed25519). Without a key nobody publishes.")
    String publisherKey() default "";

    /** What the tokens of subscribers are verified with. */
    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "The same for subscribers; empty: the publishers' key.")
    String subscriberKey() default "";

    /** Keys as JSON. */
    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "A JWK Set (RFC 7517) whose keys are good for both; with an issuer these are its keys.")
    String jwks() default "";

    /** Who issues tokens. */
    @AttributeDefinition(
            description = "The authorization server that alone issues tokens of 1.0; empty: whoever has a key.")
    String issuer() default "";

    /** Which algorithms. */
    @AttributeDefinition(
            cardinality = 20,
            description = "The algorithms that are allowed; of these a key is used with those of its kind.")
    String[] algorithms() default {
        "EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "HS256", "HS384",
        "HS512"
    };

    /** Clocks. */
    @AttributeDefinition(
            description = "By how many seconds the clock of an issuer may be ahead.",
            min = "0",
            max = "60")
    int clockSkewSeconds() default 5;

    /** Pages of browsers. */
    @AttributeDefinition(
            cardinality = 100,
            description =
                    "TrustedOrigins whose pages may use the hub with cookies, such as https://example.com; * is for all, without"
                            + " cookies.")
    String[] origins() default {};

    /** Without a token. */
    @AttributeDefinition(description = "Whether who has no token may subscribe, to what is not private.")
    boolean anonymous() default true;

    /** Who is there. */
    @AttributeDefinition(
            description =
                    "Whether subscriptions are published and listed. Each that begins or ends is an update in the history.")
    boolean subscriptions() default false;

    /** Clients of before. */
    @AttributeDefinition(
            description =
                    "Whether the protocol of before 1.0 is spoken as well: topic, URI templates, the claim mercure.")
    boolean legacy() default true;

    /** Bound. */
    @AttributeDefinition(description = "How many matchers a subscriber may give.", min = "1", max = "1000")
    int matchers() default 100;

    /** Bound. */
    @AttributeDefinition(
            description = "How many streams a client address may have; of IPv6 its network of 64 bits.",
            min = "1",
            max = "1000000")
    int addressStreams() default 1_000;

    /** Bound. */
    @AttributeDefinition(
            description = "After how many seconds a subscriber is to come again, and to show its token again.",
            min = "1",
            max = "604800")
    int lifetimeSeconds() default 86_400;
}
