package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Subscription;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.UpdateFilter;
import com.espra.protoplex.live.mercure.match.MatcherType;
import com.espra.protoplex.live.mercure.match.Topic;
import com.espra.protoplex.live.mercure.match.TopicMatcher;
import com.espra.protoplex.live.mercure.request.SubscribeRequest;
import com.espra.protoplex.live.mercure.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscriber and its stream. */
final class EventStream implements Subscriber, UpdateFilter {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** How much of the past is sent at once; for more the client comes again, because nothing is written before the stream is open. */
    private static final int PAST_MESSAGES = Channel.QUEUE_MESSAGES * 3 / 4;

    private static final int PAST_BYTES = Channel.QUEUE_BYTES * 3 / 4;

    private final MercureHub mercure;
    private final Channel channel;
    private final List<TopicMatcher> matchers;
    private final AccessToken token;
    private final Set<String> keys;
    private final boolean exact;
    private final int states;
    private final Member member;

    private volatile @Nullable Subscription subscription;
    private volatile @Nullable ScheduledFuture<?> end;

    // Of the calls of the hub, which come one after the other.
    private volatile boolean begun;
    private long past;
    private final MatchingTime time;
    private int pastMessages;
    private int pastBytes;
    private volatile boolean full;
    private volatile boolean missed;
    private volatile boolean lost;
    private volatile boolean failed;

    EventStream(MercureHub mercure, Channel channel, SubscribeRequest request, AccessToken token, String id) {
        this.mercure = mercure;
        this.channel = channel;
        this.matchers = request.matchers();
        this.states = request.states();
        this.time = new MatchingTime(System::nanoTime, mercure.budgetOfPast(), mercure.budget(), states);
        this.token = token;
        this.keys = keys(matchers);
        this.exact = !keys.isEmpty();
        List<String> payloads = matchers.stream()
                .map(matcher -> token.payload(matcher, mercure.rules().space().own(matcher.pattern())))
                .toList();
        this.member = SubscriptionDocuments.member(
                id, token.user(), matchers, payloads, mercure.rules().subscriptions());
    }

    /** If all say exactly what they want the hub finds them by it. */
    private static Set<String> keys(List<TopicMatcher> matchers) {
        Set<String> keys = new HashSet<>();
        for (TopicMatcher matcher : matchers) {
            boolean exact = matcher.type() == MatcherType.EXACT
                    || (matcher.type() == MatcherType.TEMPLATE
                            && matcher.pattern().indexOf('{') < 0);
            if (!exact || matcher.isEverything()) {
                return Set.of();
            }
            keys.add(matcher.pattern());
        }
        return Set.copyOf(keys);
    }

    /** What its matchers come to. */
    int states() {
        return states;
    }

    /** Whether it was ended because its matchers take too long. */
    boolean hasFailed() {
        return failed;
    }

    /** Whether the hub has ended it, or it has a gap in the middle. */
    boolean isLost() {
        return lost;
    }

    Member member() {
        return member;
    }

    /**
     * Subscribes, and ends the stream when its time is over.
     *
     * @return whether the hub has begun to deliver
     * @throws HubRefusedException if there are too many
     */
    boolean begin(Resume from) {
        past = mercure.hub().last().offset();
        Subscription now = mercure.hub().subscribe(member, this, from, this);
        subscription = now;
        time.caughtUp();
        if (full) {
            now.close();
            channel.close(1000, "");
        }
        Duration left = mercure.rules().lifetime();
        Instant instant = mercure.clock().instant();
        Duration allowed =
                token.expires().map(last -> Duration.between(instant, last)).orElse(left);
        long millis = Math.max(0, (allowed.compareTo(left) < 0 ? allowed : left).toMillis());
        end = mercure.timer().schedule(this::expire, millis, TimeUnit.MILLISECONDS);
        return begun;
    }

    /**
     * Goes on with a stream whose client was let in before: it ends if something is missing that came after the position.
     *
     * @throws HubRefusedException if there are too many
     */
    void goOn(Position from) {
        begun = true;
        begin(Resume.after(from));
    }

    /** Whether what it was to begin with is gone: it sends nothing then. */
    boolean hasMissed() {
        return missed;
    }

    private void expire() {
        close();
        channel.close(1000, "");
    }

    /** Nothing more is sent. */
    Position close() {
        ScheduledFuture<?> timer = end;
        if (timer != null) {
            timer.cancel(false);
        }
        Subscription now = subscription;
        if (now == null) {
            return Position.NONE;
        }
        now.close();
        return now.position();
    }

    @Override
    public Set<String> anyOf() {
        return keys;
    }

    @Override
    public boolean matches(Update update) {
        List<Topic> topics = mercure.topics(update);
        return topics.stream().anyMatch(this::wants)
                && (!update.isPrivate() || topics.stream().anyMatch(token::mayRead));
    }

    private boolean wants(Topic topic) {
        if (exact) {
            return matchers.stream().anyMatch(matcher -> matcher.matches(topic));
        }
        time.begin();
        boolean wanted = false;
        for (int i = 0; i < matchers.size() && !wanted; i++) {
            wanted = matchers.get(i).matches(topic);
            time.look();
        }
        time.end();
        return wanted;
    }

    /** A gap in the middle has no form in a stream: it ends, and the client is told when it comes again. */
    @Override
    public void started(Position from, boolean recovered) {
        if (!recovered) {
            missed = true;
            if (begun) {
                full = true;
                lost = true;
                channel.close(1000, "");
            }
        }
        begun = true;
    }

    @Override
    public void update(HubEntry entry) {
        if (full || missed || (entry.position().offset() <= past && isTooMuch(entry))) {
            return;
        }
        Update update = entry.update();
        String id = update.id().isEmpty() ? SubscriptionDocuments.eventId(entry.position()) : update.id();
        try {
            channel.send(new ChannelEvent(id, update.type(), update.data(), update.retryMillis()));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "the update {} of {} does not fit into an event, and is left out: {}",
                    id,
                    update.keys(),
                    e.getMessage());
        }
    }

    private boolean isTooMuch(HubEntry entry) {
        pastMessages++;
        pastBytes += 2 * entry.update().data().length() + 256;
        full = pastMessages > PAST_MESSAGES || pastBytes > PAST_BYTES;
        if (full && subscription != null) {
            channel.close(1000, "");
        }
        return full;
    }

    @Override
    public void ended(End reason) {
        failed = reason == End.FAILED;
        lost = true;
        channel.close(1000, "");
    }
}
