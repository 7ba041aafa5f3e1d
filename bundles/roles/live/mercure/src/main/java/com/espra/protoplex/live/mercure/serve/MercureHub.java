package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.api.channel.ChannelRequest;
import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.mercure.match.Topic;
import com.espra.protoplex.live.mercure.request.FormFields;
import com.espra.protoplex.live.mercure.request.MercureRefusal;
import com.espra.protoplex.live.mercure.request.PresentedToken;
import com.espra.protoplex.live.mercure.token.AccessToken;
import com.espra.protoplex.live.mercure.token.InvalidTokenException;
import com.espra.protoplex.live.mercure.token.TokenRole;
import com.espra.protoplex.live.mercure.token.TokenVerifier;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Mercure hub on a hub of Live.
 *
 * <p>Threads: safe.
 */
final class MercureHub {

    private static final Logger LOG = LoggerFactory.getLogger(MercureHub.class);

    /** The topics of an update, for all who are asked about it one after the other. */
    private record Read(Update update, List<Topic> topics) {}

    private final MercureRules rules;
    private final Hub hub;
    private final TokenVerifier verifier;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final SubscriptionNews news;
    private final OpenStreams counts;
    private final MatchingBudget budgetOfPast = new MatchingBudget();
    private final MatchingBudget budget = new MatchingBudget();

    private volatile @Nullable Read last;

    /** @param timer closes streams when their time is over; what it runs is quick */
    MercureHub(MercureRules rules, Hub hub, Clock clock, ScheduledExecutorService timer) {
        this.rules = rules;
        this.hub = hub;
        this.verifier = new TokenVerifier(rules.tokens(), rules.space(), clock);
        this.clock = clock;
        this.timer = timer;
        this.news = new SubscriptionNews(hub);
        this.counts = new OpenStreams(rules.addressStreams());
    }

    MercureRules rules() {
        return rules;
    }

    Hub hub() {
        return hub;
    }

    Clock clock() {
        return clock;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    OpenStreams counts() {
        return counts;
    }

    MatchingBudget budgetOfPast() {
        return budgetOfPast;
    }

    MatchingBudget budget() {
        return budget;
    }

    /** Others hear of it, if the hub can be reached and subscriptions are shown. */
    void announce(Member member, boolean active) {
        if (rules.subscriptions()) {
            news.tell(member, active);
        }
    }

    /** What is to be told is told; nothing after that. */
    void close() {
        news.close();
    }

    PresentedToken credentials(ChannelRequest request, FormFields query) throws MercureRefusal {
        return PresentedToken.of(request::header, query, rules.legacy());
    }

    PresentedToken credentials(Function<String, Optional<String>> header, FormFields query) throws MercureRefusal {
        return PresentedToken.of(header, query, rules.legacy());
    }

    /** @throws MercureRefusal if there is one and it is not accepted */
    AccessToken token(PresentedToken credentials, TokenRole role) throws MercureRefusal {
        if (credentials.isNone()) {
            return AccessToken.NONE;
        }
        try {
            return verifier.verify(credentials.token(), role);
        } catch (InvalidTokenException e) {
            LOG.debug("a token is refused: {}", e.getMessage());
            throw MercureRefusal.invalidToken();
        }
    }

    /** A subscriber's token of another protocol; empty if it is not accepted. */
    Optional<AccessToken> verified(String token) {
        try {
            return Optional.of(verifier.verify(token, TokenRole.SUBSCRIBER));
        } catch (InvalidTokenException e) {
            LOG.debug("a token is refused: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same update is asked about once for each subscriber.
    List<Topic> topics(Update update) {
        Read read = last;
        if (read == null || read.update() != update) {
            read = new Read(
                    update, update.keys().stream().map(rules.space()::own).toList());
            last = read;
        }
        return read.topics();
    }

    /** Fields of the response to a refused request. */
    Map<String, String> fields(MercureRefusal refusal, Optional<String> origin) {
        Map<String, String> fields = new LinkedHashMap<>(rules.origins().fields(origin));
        String challenge = refusal.challenge(rules.metadata());
        if (!challenge.isEmpty()) {
            fields.put("WWW-Authenticate", challenge);
        }
        if (refusal.status() == 503 || refusal.status() == 429) {
            fields.put("Retry-After", "1");
        }
        return fields;
    }

    static MercureRefusal refusal(HubRefusedException refused) {
        return MercureRefusal.of(
                switch (refused.reason()) {
                    case BAD -> 400;
                    case FULL -> 429;
                    case UNAVAILABLE, UNKNOWN -> 503;
                },
                String.valueOf(refused.getMessage()));
    }
}
