package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.mercure.match.TopicSpace;
import com.espra.protoplex.live.mercure.request.TrustedOrigins;
import com.espra.protoplex.live.mercure.token.TokenRules;
import java.time.Duration;
import java.util.Set;

/**
 * What the hub goes by.
 *
 * @param url of the hub
 * @param space its topics
 * @param tokens which are accepted
 * @param origins pages that may use it
 * @param anonymous whether who has no token may subscribe
 * @param subscriptions whether others hear of subscriptions
 * @param matchers how many a subscriber may give
 * @param addressStreams how many streams an address may have
 * @param lifetime after which a subscriber is to come again
 */
public record MercureRules(
        String url,
        TopicSpace space,
        TokenRules tokens,
        TrustedOrigins origins,
        boolean anonymous,
        boolean subscriptions,
        int matchers,
        int addressStreams,
        Duration lifetime) {

    /** Where the hub is on each host. */
    static final String PATH = "/.well-known/mercure";

    /** RFC 9728, section 3.1. */
    static final String METADATA_PATH = "/.well-known/oauth-protected-resource" + PATH;

    /** @throws IllegalArgumentException if something of it cannot be; says what */
    static MercureRules of(MercureConfig config) {
        TopicSpace space = new TopicSpace(config.url());
        if (!space.path().equals(PATH)) {
            throw new IllegalArgumentException("the path of url '" + config.url() + "' is not " + PATH);
        }
        TokenRules tokens = TokenRules.of(
                config.url(),
                config.issuer(),
                config.publisherKey(),
                config.subscriberKey(),
                config.jwks(),
                Set.of(config.algorithms()),
                config.clockSkewSeconds(),
                config.legacy());
        return new MercureRules(
                config.url(),
                space,
                tokens,
                new TrustedOrigins(config.url(), Set.of(config.origins())),
                config.anonymous(),
                config.subscriptions(),
                config.matchers(),
                config.addressStreams(),
                Duration.ofSeconds(config.lifetimeSeconds()));
    }

    /** Whether the protocol of before 1.0 is spoken. */
    boolean legacy() {
        return tokens.legacy();
    }

    /** The URL of the metadata. */
    String metadata() {
        return url.substring(0, url.length() - PATH.length()) + METADATA_PATH;
    }
}
