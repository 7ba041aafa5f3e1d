package com.espra.protoplex.live.server.select;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A client with a channel, and what it subscribes to. The calls of its channel come one after the other. */
final class SelectorClient {

    /** What all its keys and names may have together, so that they go with the channel to the next version. */
    static final int MOST_CHARACTERS = 2_400;

    /** How many subscriptions it has at most. */
    static final int MOST_QUERIES = 32;

    private static final int LONGEST_NAME = 64;

    /** The code that says: you are let in no longer. */
    static final int REVOKED = 4401;

    private final Channel channel;
    private final Hub hub;
    private final ClientRights rights;
    private final EntryCache cache;
    private final Map<String, Query> queries = new ConcurrentHashMap<>();

    private record Query(Selector selector, Resume from, Subscription subscription, Teller teller) {}

    SelectorClient(Channel channel, Hub hub, ClientRights rights, EntryCache cache) {
        this.channel = channel;
        this.hub = hub;
        this.rights = rights;
        this.cache = cache;
    }

    /** @throws IllegalArgumentException if it asks for more than it may */
    void subscribe(String id, Selector selector, Resume from, boolean announced) {
        if (id.length() > LONGEST_NAME || id.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException(
                    "the name of a subscription has at most " + LONGEST_NAME + " characters");
        }
        int characters = length(id, selector);
        for (Map.Entry<String, Query> query : queries.entrySet()) {
            characters += query.getKey().equals(id) ? 0 : length(query.getKey(), query.getValue().selector);
        }
        boolean isMore = !queries.containsKey(id);
        if ((isMore && queries.size() >= MOST_QUERIES) || characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException("a connection has at most " + MOST_QUERIES + " subscriptions with "
                    + MOST_CHARACTERS + " bytes of keys: use keys that say more, or another connection");
        }
        unsubscribe(id);
        String user = rights.user();
        // Without a space: to Mercure's list, if it is of the same hub, this is no matcher.
        String shown = SelectorText.text(SelectorText.selector(selector)).replace(" ", "\\u0020");
        Member member = new Member(channel.id() + "/" + id, user, List.of(shown), "", !user.isEmpty());
        Teller teller = new Teller(id, announced);
        queries.put(id, new Query(selector, from, hub.subscribe(member, selector, from, teller), teller));
    }

    /** As a client asks for it. */
    void subscribe(String id, Map<String, Object> asked) {
        subscribe(
                id,
                SelectorText.selector(asked, rights.seesPrivate()),
                SelectorText.resume(SelectorText.string(asked, "from", "")),
                false);
    }

    private static int length(String id, Selector selector) {
        // As JSON in UTF-8, with all around it.
        return SelectorText.text(SelectorText.selector(selector)).getBytes(StandardCharsets.UTF_8).length
                + 2 * id.length()
                + 60;
    }

    boolean unsubscribe(String id) {
        Query query = queries.remove(id);
        if (query != null) {
            query.subscription.close();
        }
        return query != null;
    }

    void close() {
        queries.values().forEach(query -> query.subscription.close());
        queries.clear();
    }

    /** Where the subscriptions are that have gone on and told nothing. */
    void tellPlaces() {
        queries.values().forEach(query -> query.subscription.withPosition(query.teller::place));
    }

    /** What the next version needs to know. */
    byte[] state() {
        List<Object> all = new ArrayList<>();
        queries.forEach((id, query) -> {
            query.subscription.close();
            Map<String, Object> one = SelectorText.selector(query.selector);
            one.put("q", id);
            Position at = query.subscription.position();
            // What waits to begin has no place yet, and begins as it was asked to.
            String waits = query.from.equals(Resume.EARLIEST) ? SelectorText.EARLIEST : "";
            one.put("at", at.equals(Position.NONE) ? waits : at.toString());
            all.add(one);
        });
        queries.clear();
        Map<String, Object> state = new LinkedHashMap<>();
        rights.write(state);
        state.put("queries", all);
        return SelectorText.text(state).getBytes(StandardCharsets.UTF_8);
    }

    /** Closes the channel when its token is over. */
    void endIfExpired(Instant now) {
        if (rights.hasEnded(now)) {
            channel.close(REVOKED, "your token has expired");
        }
    }

    void restore(Map<String, Object> state) {
        if (!(state.get("queries") instanceof List<?> all)) {
            throw new IllegalArgumentException("the version before has left something else");
        }
        for (Object each : all) {
            @SuppressWarnings("unchecked") // As JSON objects are read.
            Map<String, Object> one = (Map<String, Object>) each;
            String at = SelectorText.string(one, "at", "");
            subscribe(
                    SelectorText.string(one, "q", ""),
                    SelectorText.selector(one, rights.seesPrivate()),
                    SelectorText.resume(at),
                    !at.isEmpty() && !at.equals(SelectorText.EARLIEST));
        }
    }

    /** Tells the client. */
    private final class Teller implements Subscriber {
        private final String id;
        private final String head;

        /** Whether the client knows already that it has begun. */
        private boolean announced;

        /** The place that it knows. */
        private Position known = Position.NONE;

        Teller(String id, boolean announced) {
            this.id = id;
            this.announced = announced;
            head = SelectorText.text(Map.of("q", id));
        }

        @Override
        public void started(Position from, boolean recovered) {
            if (announced && recovered) {
                return;
            }
            announced = true;
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("q", id);
            told.put("at", from.toString());
            told.put("recovered", recovered);
            tell(from, told);
        }

        private void tell(Position at, Map<String, Object> told) {
            known = at;
            channel.send(new ChannelEvent(at.toString(), "live", SelectorText.text(told)));
        }

        void place(Position at) {
            if (announced && !at.equals(known) && !at.equals(Position.NONE)) {
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("q", id);
                told.put("at", at.toString());
                tell(at, told);
            }
        }

        @Override
        public void update(HubEntry entry) {
            known = entry.position();
            if (channel.protocol() == Channel.Protocol.EVENT_STREAM) {
                channel.send(cache.event(entry));
                return;
            }
            String at = known.toString();
            String text = head.substring(0, head.length() - 1) + "," + cache.text(entry);
            try {
                channel.send(new ChannelEvent(at, text));
            } catch (IllegalArgumentException tooLong) {
                // In JSON some data need more room than by themselves.
                started(entry.position(), false);
            }
        }

        @Override
        public void ended(End reason) {
            switch (reason) {
                case REVOKED -> channel.close(REVOKED, "you are no longer let in");
                case FAILED -> channel.close(4500, "a subscription failed");
                case STOPPING -> {
                    // The channel goes to the next version, or is asked to come again.
                }
            }
        }
    }
}
