package com.espra.protoplex.live.mercure.request;

import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.mercure.match.MatcherSyntaxException;
import com.espra.protoplex.live.mercure.match.MatcherType;
import com.espra.protoplex.live.mercure.match.TopicMatcher;
import com.espra.protoplex.live.mercure.match.TopicSpace;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a subscriber asks for.
 *
 * @param matchers what selects the topics, each once
 * @param lastEventId the last event that it knows of; empty if it does not say
 */
public record SubscribeRequest(List<TopicMatcher> matchers, Optional<String> lastEventId) {

    /** Asks for all that there is. */
    public static final String EARLIEST = "earliest";

    /** How many {@linkplain TopicMatcher#states() states} all matchers of a subscriber have together. */
    public static final int MOST_STATES = 4096;

    private static final String MATCH = "match";

    /**
     * Reads a query.
     *
     * @throws MercureRefusal if it asks for nothing, or for something that there is not
     */
    public static SubscribeRequest of(
            TopicSpace space, FormFields query, Optional<String> header, boolean legacy, int most)
            throws MercureRefusal {
        Set<TopicMatcher> matchers = new LinkedHashSet<>();
        int count = 0;
        int states = 0;
        for (Map.Entry<String, String> field : query.all()) {
            Optional<MatcherType> type = type(field.getKey(), legacy);
            if (type.isPresent()) {
                count++;
                if (count > most) {
                    throw MercureRefusal.bad("there are more than " + most + " matchers");
                }
                TopicMatcher matcher = matcher(space, type.get(), field.getValue());
                states += matchers.add(matcher) ? matcher.states() : 0;
                if (states > MOST_STATES) {
                    throw MercureRefusal.bad("the matchers together come to more than " + MOST_STATES
                            + " states: use fewer, or less that is repeated");
                }
            }
        }
        if (matchers.isEmpty()) {
            throw MercureRefusal.bad("nothing is subscribed to: match, match_exact or match_urlpattern is missing");
        }
        return new SubscribeRequest(List.copyOf(matchers), header.or(() -> lastEventId(query, legacy)));
    }

    /** All names that begin with "match" are matchers', so that one that is misspelt is not passed over. */
    private static Optional<MatcherType> type(String name, boolean legacy) throws MercureRefusal {
        if (legacy && name.equals("topic")) {
            return Optional.of(MatcherType.TEMPLATE);
        }
        if (name.equals(MATCH)) {
            return Optional.of(MatcherType.EXACT);
        }
        if (!name.toLowerCase(Locale.ROOT).startsWith(MATCH)) {
            return Optional.empty();
        }
        Optional<MatcherType> type =
                name.startsWith(MATCH + '_') ? MatcherType.of(name.substring(MATCH.length() + 1)) : Optional.empty();
        if (type.isEmpty()) {
            throw MercureRefusal.bad("there is no such matcher: use match, match_exact or match_urlpattern");
        }
        return type;
    }

    private static TopicMatcher matcher(TopicSpace space, MatcherType type, String pattern) throws MercureRefusal {
        try {
            return space.matcher(type, pattern);
        } catch (MatcherSyntaxException e) {
            throw MercureRefusal.bad(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> lastEventId(FormFields query, boolean legacy) {
        Optional<String> id = query.first("last_event_id");
        return id.isPresent() || !legacy ? id : query.first("lastEventID").or(() -> query.first("Last-Event-ID"));
    }

    /** Whether it names an event to go on from. */
    public boolean isAnchored() {
        return lastEventId.filter(id -> !id.isEmpty() && !id.equals(EARLIEST)).isPresent();
    }

    /** Where it goes on. An id of the hub's own is a fragment, and a place; any other is a publisher's, whatever it looks like. */
    public Resume resume() {
        if (lastEventId.isEmpty() || lastEventId.get().isEmpty()) {
            return Resume.NOW;
        }
        String id = lastEventId.get();
        if (id.equals(EARLIEST)) {
            return Resume.EARLIEST;
        }
        Optional<Position> place = id.startsWith("#") ? Position.parse(id.substring(1)) : Optional.empty();
        return place.isPresent() ? Resume.after(place.get()) : new Resume.AfterId(id);
    }

    /** What its matchers take together. */
    public int states() {
        return matchers.stream().mapToInt(TopicMatcher::states).sum();
    }
}
