package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.mercure.match.MatcherType;
import com.espra.protoplex.live.mercure.match.TopicMatcher;
import com.espra.protoplex.live.mercure.request.SubscribeRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Subscriptions as others are shown them: JSON-LD, and as updates of topics of the hub's own. */
final class SubscriptionDocuments {

    private static final String CONTEXT = "https://mercure.rocks/";

    private SubscriptionDocuments() {}

    /** How the hub keeps who subscribes to what. */
    static Member member(String id, String user, List<TopicMatcher> matchers, List<String> payloads, boolean listed) {
        Map<String, Object> info = new LinkedHashMap<>();
        for (int i = 0; i < payloads.size(); i++) {
            if (!payloads.get(i).isEmpty()) {
                info.put(Integer.toString(i), JsonText.read(payloads.get(i)));
            }
        }
        List<String> shown = matchers.stream().map(TopicMatcher::toString).toList();
        return new Member(id, user, shown, info.isEmpty() ? "" : JsonText.of(info), listed);
    }

    /** The path of a subscription, which is its topic as well. */
    static String topic(String type, String match, String subscriber) {
        String start = MercureRules.PATH + "/subscriptions/";
        String named = type.equals(MatcherType.TEMPLATE.text()) ? encode(match) : type + '/' + encode(match);
        return start + named + '/' + encode(subscriber);
    }

    /** RFC 6570, section 3.2.2: all that is not unreserved, once. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** Of each of its matchers one. */
    static List<Map<String, Object>> documents(Member member, boolean active) {
        Map<String, Object> payloads = JsonText.read(member.info());
        List<Map<String, Object>> documents = new ArrayList<>();
        for (int i = 0; i < member.shown().size(); i++) {
            String shown = member.shown().get(i);
            int space = shown.indexOf(' ');
            if (space > 0) {
                Map<String, Object> document =
                        document(shown.substring(0, space), shown.substring(space + 1), member.id(), active);
                Object payload = payloads.get(Integer.toString(i));
                if (payload != null) {
                    document.put("payload", payload);
                }
                documents.add(document);
            }
        }
        return documents;
    }

    private static Map<String, Object> document(String type, String match, String subscriber, boolean active) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", topic(type, match, subscriber));
        document.put("type", "Subscription");
        if (type.equals(MatcherType.TEMPLATE.text())) {
            document.put("topic", match);
        } else {
            document.put("match_type", type);
            document.put("match", match);
        }
        document.put("subscriber", subscriber);
        document.put("active", active);
        return document;
    }

    /** What those hear who may. */
    static List<Update> updates(Member member, boolean active) {
        List<Update> updates = new ArrayList<>();
        for (Map<String, Object> document : documents(member, active)) {
            String data = JsonText.of(rooted(document));
            updates.add(new Update(
                    "urn:uuid:" + java.util.UUID.randomUUID(),
                    List.of(String.valueOf(document.get("id"))),
                    "",
                    data,
                    true,
                    0));
        }
        return updates;
    }

    static Map<String, Object> rooted(Map<String, Object> document) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("@context", CONTEXT);
        root.putAll(document);
        return root;
    }

    static Map<String, Object> collection(String path, List<Map<String, Object>> documents) {
        Map<String, Object> collection = new LinkedHashMap<>();
        collection.put("@context", CONTEXT);
        collection.put("id", path);
        collection.put("type", "Subscriptions");
        collection.put("subscriptions", documents);
        return collection;
    }

    /** A place in the log as an id: a fragment, for it is the hub's own. */
    static String eventId(Position position) {
        return position.offset() == 0 ? SubscribeRequest.EARLIEST : "#" + position;
    }
}
