package com.espra.protoplex.live.mercure.token;

import com.espra.protoplex.live.mercure.match.MatcherSyntaxException;
import com.espra.protoplex.live.mercure.match.MatcherType;
import com.espra.protoplex.live.mercure.match.TopicMatcher;
import com.espra.protoplex.live.mercure.match.TopicSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jspecify.annotations.Nullable;

/** Reads what a token allows from its claims: all of it, or it is refused, for part of it would be another token. */
final class GrantReader {

    /** How many details of the type {@code mercure} a token may have. */
    static final int MOST_DETAILS = 32;

    /** How many topics a token may have in all. */
    static final int MOST_TOPICS = 128;

    private static final int DEEPEST_PAYLOAD = 16;

    private final TopicSpace space;

    GrantReader(TopicSpace space) {
        this.space = space;
    }

    /** RFC 9396, with the type {@code mercure}. */
    List<TopicGrant> details(Map<String, Object> claims) throws InvalidTokenException {
        List<TopicGrant> grants = new ArrayList<>();
        if (!claims.containsKey("authorization_details")) {
            return grants;
        }
        for (Object detail : list("authorization_details", claims.get("authorization_details"))) {
            Map<?, ?> members = object("authorization_details", detail);
            if (!(members.get("type") instanceof String type)) {
                throw new InvalidTokenException("an authorization detail has no type");
            }
            if (type.equals("mercure")) {
                grants.add(grant(members));
            }
        }
        checkSize(grants);
        return grants;
    }

    private static void checkSize(List<TopicGrant> grants) throws InvalidTokenException {
        int topics = grants.stream().mapToInt(grant -> grant.topics().size()).sum();
        if (grants.size() > MOST_DETAILS || topics > MOST_TOPICS) {
            throw new InvalidTokenException(
                    "it has more than " + MOST_DETAILS + " details, or " + MOST_TOPICS + " topics");
        }
    }

    private TopicGrant grant(Map<?, ?> detail) throws InvalidTokenException {
        Set<String> actions = new HashSet<>();
        for (Object action : filled("actions", detail.get("actions"))) {
            if (!(action instanceof String name)) {
                throw new InvalidTokenException("an action is no text");
            }
            actions.add(name);
        }
        List<TopicMatcher> topics = new ArrayList<>();
        for (Object topic : filled("topics", detail.get("topics"))) {
            topics.add(matcher(object("topics", topic)));
        }
        boolean subscribe = actions.contains("subscribe");
        return new TopicGrant(actions.contains("publish"), subscribe, topics, payload(detail));
    }

    private TopicMatcher matcher(Map<?, ?> topic) throws InvalidTokenException {
        Object type = topic.containsKey("match_type") ? topic.get("match_type") : MatcherType.EXACT.text();
        Optional<MatcherType> known = type instanceof String name ? MatcherType.of(name) : Optional.empty();
        if (known.isEmpty() || !(topic.get("match") instanceof String pattern)) {
            throw new InvalidTokenException("a topic has no match, or a match_type that is not known");
        }
        return matcher(known.get(), pattern);
    }

    private TopicMatcher matcher(MatcherType type, String pattern) throws InvalidTokenException {
        try {
            return space.matcher(type, pattern);
        } catch (MatcherSyntaxException e) {
            throw new InvalidTokenException("a topic is no " + type.text() + ": " + e.getMessage(), e);
        }
    }

    private static String payload(Map<?, ?> detail) throws InvalidTokenException {
        Object payload = detail.get("payload");
        return detail.containsKey("payload") ? json(object("payload", payload)) : "";
    }

    @SuppressWarnings("unchecked") // The names of a JSON object are text.
    private static String json(Map<?, ?> object) throws InvalidTokenException {
        if (depth(object) > DEEPEST_PAYLOAD) {
            throw new InvalidTokenException("its payload is deeper than " + DEEPEST_PAYLOAD);
        }
        return JsonUtil.toJson((Map<String, ?>) object);
    }

    private static int depth(@Nullable Object value) {
        // A token is short enough that this ends before the stack does.
        Iterable<?> inner =
                value instanceof Map<?, ?> map ? map.values() : value instanceof List<?> list ? list : List.of();
        int deepest = 0;
        for (Object each : inner) {
            deepest = Math.max(deepest, depth(each));
        }
        return deepest + 1;
    }

    /** The claim {@code mercure} of before 1.0: lists of texts, and one payload for all. */
    List<TopicGrant> legacy(Map<String, Object> claims) throws InvalidTokenException {
        List<TopicGrant> grants = new ArrayList<>();
        if (!claims.containsKey("mercure")) {
            return grants;
        }
        Map<?, ?> mercure = object("mercure", claims.get("mercure"));
        String payload = mercure.get("payload") instanceof Map<?, ?> object ? json(object) : "";
        // Who subscribes by no topic of its own is shown with its payload, too.
        grants.add(new TopicGrant(false, true, selectors(mercure, "subscribe"), payload));
        grants.add(new TopicGrant(true, false, selectors(mercure, "publish"), ""));
        checkSize(grants);
        return grants;
    }

    private List<TopicMatcher> selectors(Map<?, ?> mercure, String action) throws InvalidTokenException {
        List<TopicMatcher> topics = new ArrayList<>();
        if (mercure.get(action) != null) {
            for (Object selector : list(action, mercure.get(action))) {
                if (!(selector instanceof String pattern)) {
                    throw new InvalidTokenException("a selector of mercure." + action + " is no text");
                }
                topics.add(matcher(MatcherType.TEMPLATE, pattern));
            }
        }
        return topics;
    }

    private static List<?> filled(String name, @Nullable Object value) throws InvalidTokenException {
        List<?> list = list(name, value);
        if (list.isEmpty()) {
            throw new InvalidTokenException("its " + name + " is empty");
        }
        return list;
    }

    private static List<?> list(String name, @Nullable Object value) throws InvalidTokenException {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new InvalidTokenException("its " + name + " is no list");
    }

    private static Map<?, ?> object(String name, @Nullable Object value) throws InvalidTokenException {
        if (value instanceof Map<?, ?> object) {
            return object;
        }
        throw new InvalidTokenException("its " + name + " has what is no object");
    }
}
