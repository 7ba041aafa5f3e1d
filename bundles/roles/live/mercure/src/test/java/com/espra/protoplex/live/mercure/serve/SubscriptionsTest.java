package com.espra.protoplex.live.mercure.serve;

import static com.espra.protoplex.live.mercure.serve.MercureServer.form;
import static com.espra.protoplex.live.mercure.serve.MercureServer.reader;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.mercure.token.Tokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.junit.Rule;
import org.junit.Test;

/** Who hears of subscriptions, and reads of them. */
public class SubscriptionsTest {

    private static final String ROOT = "/.well-known/mercure/subscriptions";
    private static final String PATTERN = "https://example.com/bar/:id";

    @Rule
    public final MercureServer server = new MercureServer();

    private static Map<String, Object> data(String event) throws Exception {
        assertNotNull("an event came", event);
        return JsonUtil.parseJson(event.substring(event.indexOf("||") + 2));
    }

    private StreamClient alice(String... matchers) throws Exception {
        String token = Tokens.now()
                .grant(Map.of("n", 1), List.of("subscribe"), PATTERN)
                .grant(Map.of("n", 2), List.of("subscribe"), "*")
                .signed(Tokens.SECRET);
        return server.subscribe(form(matchers), "Authorization", "Bearer " + token);
    }

    @Test
    public void whoMayHearsOfSubscriptions() throws Exception {
        StreamClient watcher = server.subscribe(
                form("match_urlpattern", ROOT + "/:type/:match/:subscriber"), "Authorization", reader(ROOT + "{/*}?"));
        data(watcher.next());
        StreamClient stranger = server.subscribe(form("match_urlpattern", ROOT + "/:type/:match/:subscriber"));
        data(watcher.next());

        StreamClient alice = alice("match_urlpattern", PATTERN, "match", "foo");
        Map<String, Object> first = data(watcher.next());
        Map<String, Object> second = data(watcher.next());
        assertEquals("https://mercure.rocks/", first.get("@context"));
        assertEquals("Subscription", first.get("type"));
        assertEquals("urlpattern", first.get("match_type"));
        assertEquals(PATTERN, first.get("match"));
        assertEquals(true, first.get("active"));
        assertEquals(Map.of("n", 1L), first.get("payload"));
        String subscriber = (String) first.get("subscriber");
        assertTrue(subscriber, subscriber.startsWith("urn:uuid:"));
        assertEquals(
                ROOT + "/urlpattern/https%3A%2F%2Fexample.com%2Fbar%2F%3Aid/" + subscriber.replace(":", "%3A"),
                first.get("id"));
        assertEquals("exact", second.get("match_type"));
        assertEquals(Map.of("n", 2L), second.get("payload"));
        assertEquals(subscriber, second.get("subscriber"));

        alice.close();
        // The node notices that a client has gone when it writes.
        server.publish("foo", "x");
        assertEquals(false, data(watcher.next()).get("active"));
        assertEquals(false, data(watcher.next()).get("active"));
        stranger.close();
        assertEquals(
                null,
                stranger.events.stream()
                        .filter(event -> event.contains("Subscription"))
                        .findFirst()
                        .orElse(null));
    }

    @Test
    public void subscriptionsAreListed() throws Exception {
        StreamClient watcher = server.subscribe(form("match", "*"), "Authorization", reader(ROOT + "/exact/foo/:id"));
        alice("match_urlpattern", PATTERN, "match", "foo");
        server.subscribe(form("match", "foo"));
        data(watcher.next());
        data(watcher.next());
        HttpResponse<String> all = server.get(ROOT, "Authorization", reader(ROOT + "{/*}?"));
        assertEquals(200, all.statusCode());
        assertEquals(
                "application/ld+json", all.headers().firstValue("Content-Type").orElse(""));
        Map<String, Object> document = JsonUtil.parseJson(all.body());
        assertEquals("Subscriptions", document.get("type"));
        assertEquals(ROOT, document.get("id"));
        assertTrue(all.body(), ((String) document.get("last_event_id")).startsWith("#"));
        assertEquals(4, ((List<?>) document.get("subscriptions")).size());

        HttpResponse<String> some = server.get(ROOT + "/exact/foo", "Authorization", reader("*"));
        List<?> foos = (List<?>) JsonUtil.parseJson(some.body()).get("subscriptions");
        assertEquals(some.body(), 2, foos.size());

        String one = (String) ((Map<?, ?>) foos.getFirst()).get("id");
        HttpResponse<String> single = server.get(one, "Authorization", reader("exact " + one));
        assertEquals(200, single.statusCode());
        Map<String, Object> subscription = JsonUtil.parseJson(single.body());
        assertEquals(one, subscription.get("id"));
        assertEquals(true, subscription.get("active"));
        assertTrue(single.body(), subscription.containsKey("last_event_id"));

        String patterns = ROOT + "/urlpattern/https%3A%2F%2Fexample.com%2Fbar%2F%3Aid";
        HttpResponse<String> byPattern = server.get(patterns + "?x", "Authorization", reader("exact " + patterns));
        assertEquals(1, ((List<?>) JsonUtil.parseJson(byPattern.body()).get("subscriptions")).size());
    }

    @Test
    public void whatIsReadIsAllowed() throws Exception {
        assertEquals(401, server.get(ROOT).statusCode());
        assertEquals(401, server.get(ROOT, "Authorization", "Bearer x").statusCode());
        for (String other : List.of(
                "exact " + ROOT + "/exact/foo", "https://example.com/*", "exact https://hub.example.com" + ROOT)) {
            HttpResponse<String> refused = server.get(ROOT, "Authorization", reader(other));
            assertEquals(other, 403, refused.statusCode());
            assertTrue(
                    refused.headers().firstValue("WWW-Authenticate").orElse("").contains("insufficient_scope"));
        }
        assertEquals(
                200,
                server.get(ROOT, "Authorization", reader("https://hub.example.com" + ROOT))
                        .statusCode());
        String publisher = MercureServer.publisher();
        assertEquals(403, server.get(ROOT, "Authorization", publisher).statusCode());
    }

    @Test
    public void whatIsNotThereIsNotFound() throws Exception {
        for (String path : List.of("/exact/foo/urn%3Auuid%3A1", "/exact/foo/a/b", "/exact", "/urlpattern")) {
            assertEquals(
                    path,
                    404,
                    server.get(ROOT + path, "Authorization", reader("*")).statusCode());
        }
        HttpResponse<String> empty = server.get(ROOT, "Authorization", reader("*"));
        Map<String, Object> document = JsonUtil.parseJson(empty.body());
        assertEquals(List.of(), document.get("subscriptions"));
        assertEquals("earliest", document.get("last_event_id"));
    }

    /** What happens between a look at the list and the stream is in the stream. */
    @Test
    public void theListLeadsToTheStream() throws Exception {
        server.publish("foo", "before");
        Map<String, Object> list = JsonUtil.parseJson(
                server.get(ROOT, "Authorization", reader("*")).body());
        server.publish("foo", "after");
        String last = (String) list.get("last_event_id");
        StreamClient client = server.subscribe(form("match", "foo", "last_event_id", last));
        assertEquals(last, client.header("Mercure-Last-Event-ID"));
        client.expect("after");
    }

    @Test
    public void theFormOfBeforeIsListedInItsForm() throws Exception {
        server.subscribe(
                form("topic", "https://example.com/{id}"),
                "Authorization",
                "Bearer " + Tokens.before(List.of(), List.of()).signed(Tokens.SECRET));
        String path = ROOT + "/https%3A%2F%2Fexample.com%2F%7Bid%7D";
        String token = "Bearer "
                + Tokens.before(List.of(), List.of(ROOT + "{/topic}{/subscriber}"))
                        .signed(Tokens.SECRET);
        HttpResponse<String> response = server.get(path, "Authorization", token);
        assertEquals(200, response.statusCode());
        Map<?, ?> one =
                (Map<?, ?>) ((List<?>) JsonUtil.parseJson(response.body()).get("subscriptions")).getFirst();
        assertEquals("https://example.com/{id}", one.get("topic"));
        assertEquals(Map.of("colour", "red"), one.get("payload"));
    }

    @Test
    public void aHubThatListsNothingSaysNothing() throws Exception {
        server.serve(MercureServer.rules(true, false, true, Duration.ofHours(1)));
        StreamClient watcher = server.subscribe(form("match", "*"), "Authorization", reader("*"));
        server.subscribe(form("match", "foo"));
        server.publish("foo", "x");
        watcher.expect("x");
        assertEquals(404, server.get(ROOT, "Authorization", reader("*")).statusCode());
    }

    @Test
    public void theHubSaysWhatItIs() throws Exception {
        HttpResponse<String> response = server.get("/.well-known/oauth-protected-resource/.well-known/mercure");
        assertEquals(200, response.statusCode());
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElse(""));
        Map<String, Object> metadata = JsonUtil.parseJson(response.body());
        assertEquals(Tokens.HUB, metadata.get("resource"));
        assertEquals(List.of("mercure"), metadata.get("authorization_details_types_supported"));
        assertEquals(List.of("header", "query"), metadata.get("bearer_methods_supported"));
        assertEquals(true, metadata.get("mercure_cookie"));
        assertEquals(true, metadata.get("mercure_subscriptions"));
    }
}
