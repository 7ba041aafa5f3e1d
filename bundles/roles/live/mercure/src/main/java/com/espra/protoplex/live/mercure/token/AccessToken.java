package com.espra.protoplex.live.mercure.token;

import com.espra.protoplex.live.mercure.match.Topic;
import com.espra.protoplex.live.mercure.match.TopicMatcher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a token that was verified allows.
 *
 * <p>Threads: safe, it never changes.
 */
public final class AccessToken {

    /** Of who presents none: it reads what is not private. */
    public static final AccessToken NONE = new AccessToken(List.of(), "", "", Optional.empty(), false);

    private final List<TopicGrant> grants;
    private final String issuer;
    private final String subject;
    private final Optional<Instant> expires;
    private final boolean legacy;

    AccessToken(List<TopicGrant> grants, String issuer, String subject, Optional<Instant> expires, boolean legacy) {
        this.grants = List.copyOf(grants);
        this.issuer = issuer;
        this.subject = subject;
        this.expires = expires;
        this.legacy = legacy;
    }

    public boolean mayPublish(Topic topic) {
        return grants.stream().anyMatch(grant -> grant.publish() && grant.matches(topic));
    }

    /** Whether private updates of a topic are for its bearer. */
    public boolean mayRead(Topic topic) {
        return grants.stream().anyMatch(grant -> grant.subscribe() && grant.matches(topic));
    }

    /** What others are shown of a subscription, as JSON: of the first grant whose topics match the matcher's own text. Empty if nothing. */
    public String payload(TopicMatcher matcher, Topic asTopic) {
        return grants.stream()
                .filter(grant ->
                        grant.subscribe() && (legacy || grant.topics().contains(matcher) || grant.matches(asTopic)))
                .map(TopicGrant::payload)
                .findFirst()
                .orElse("");
    }

    /** By whose right its bearer is there, which is what is revoked: issuer and subject; empty if the token names nobody. */
    public String user() {
        return subject.isEmpty() ? "" : issuer.isEmpty() ? subject : issuer + ' ' + subject;
    }

    /** Whether it is of before 1.0. */
    public boolean isLegacy() {
        return legacy;
    }

    /** When its bearer is let in no longer; empty if never, which before 1.0 may be. */
    public Optional<Instant> expires() {
        return expires;
    }
}
