package com.espra.protoplex.live.mercure.serve;

import static com.espra.protoplex.live.mercure.serve.MercureServer.form;
import static com.espra.protoplex.live.mercure.serve.MercureServer.reader;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.mercure.token.Tokens;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.Rule;
import org.junit.Test;

/** Subscribers and what they hear. */
public class SubscribeTest {

    private static final String BOOK = "https://example.com/books/1";

    @Rule
    public final MercureServer server = new MercureServer();

    @Test
    public void aSubscriberHearsWhatItAsksFor() throws Exception {
        StreamClient client = server.subscribe(
                form("match", "foo", "match_exact", "bar", "match_urlpattern", "https://example.com/books/:id"));
        assertEquals(200, client.status());
        assertEquals("text/event-stream", client.header("Content-Type"));
        assertEquals("", client.header("Mercure-Last-Event-ID"));

        server.publish("other", "none");
        server.publish("Foo", "none");
        server.publish("https://example.com/books/1/2", "none");
        server.publish("foo", "1");
        server.publish("bar", "2");
        server.publish(BOOK, "3");
        client.expect("1");
        client.expect("2");
        client.expect("3");
    }

    @Test
    public void anEventHasAllOfItsFields() throws Exception {
        StreamClient client = server.subscribe(form("match", "*"));
        assertEquals(
                "urn:1",
                server.publish(
                        "foo", "a\r\nb\nid: x\rc", "id", "urn:1", "type", "news", "retry", "2500", "unknown", "x"));
        assertEquals("urn:1|news|a\nb\nid: x\nc", client.next());
        assertEquals("2500", client.retry);

        String generated = server.publish("foo", "");
        assertTrue(generated, generated.startsWith("urn:uuid:"));
        assertEquals(generated + "||", client.next());
    }

    @Test
    public void whatIsPrivateIsForWhoMayReadIt() throws Exception {
        StreamClient anybody = server.subscribe(form("match", "*"));
        StreamClient other =
                server.subscribe(form("match", "*"), "Authorization", reader("exact https://example.com/books/2"));
        StreamClient allowed =
                server.subscribe(form("match", "*"), "Authorization", reader("https://example.com/books/:id"));
        StreamClient elsewhere = server.subscribe(form("match", "foo"), "Authorization", reader("*"));
        for (String value : List.of("on", "", "0", "false")) {
            server.publish(BOOK, "secret " + value, "private", value);
        }
        server.publish("foo", "public");
        for (String value : List.of("on", "", "0", "false")) {
            allowed.expect("secret " + value);
        }
        for (StreamClient each : List.of(anybody, other, allowed, elsewhere)) {
            each.expect("public");
        }
    }

    @Test
    public void whoMayPublishMayNotRead() throws Exception {
        StreamClient publisher = server.subscribe(form("match", "*"), "Authorization", MercureServer.publisher());
        server.publish("foo", "secret", "private", "on");
        server.publish("foo", "public");
        publisher.expect("public");
    }

    @Test
    public void theTokenIsThatOfTheFieldThenOfTheQueryThenOfTheCookie() throws Exception {
        String good = reader("*").substring(7);
        String cookie = "a=b; __Secure-mercure_access_token=" + good + "; c=d";
        assertEquals(
                200,
                server.subscribe(form("match", "x"), "Authorization", "bEARER " + good)
                        .status());
        StreamClient query = server.subscribe(form("match", "x", "access_token", good));
        assertEquals(200, query.status());
        assertTrue(query.header("Cache-Control"), query.header("Cache-Control").contains("private"));
        assertEquals(200, server.subscribe(form("match", "x"), "Cookie", cookie).status());

        assertEquals(
                401,
                server.subscribe(form("match", "x"), "Cookie", "__Secure-mercure_access_token=bad")
                        .status());
        assertEquals(
                401,
                server.subscribe(form("match", "x", "access_token", "bad"), "Cookie", cookie)
                        .status());
        assertEquals(
                200,
                server.subscribe(
                                form("match", "x", "access_token", good), "Cookie", "__Secure-mercure_access_token=bad")
                        .status());
        assertEquals(
                401,
                server.subscribe(
                                form("match", "x", "access_token", good),
                                "Authorization",
                                "Bearer bad",
                                "Cookie",
                                cookie)
                        .status());
        assertEquals(
                200,
                server.subscribe(form("match", "x", "access_token", "bad"), "Authorization", "Bearer " + good)
                        .status());
    }

    @Test
    public void whatIsNoRequestIsRefused() throws Exception {
        for (String wrong : List.of(
                "",
                "x=y",
                "matches=x",
                "Match=x",
                "MATCH_exact=x",
                "match_Exact=x",
                "match_URLPattern=x",
                "match_regexp=x",
                "match-exact=x",
                "match=a%00",
                "match=a%0Ab",
                "match=%E2%80%8B",
                "match=%ff",
                "match_urlpattern=%28a",
                "match_urlpattern=/%28%28a%29%29",
                "topic=%7B",
                "match=1&match=2&match=3&match=4&match=5&match=6",
                "match=" + "a".repeat(1025),
                "match=" + "%26".repeat(1000))) {
            StreamClient refused = server.subscribe(wrong);
            assertEquals(wrong, 400, refused.status());
            assertEquals(wrong, "", refused.header("WWW-Authenticate"));
        }
        assertEquals(200, server.subscribe("match").status());
    }

    @Test
    public void aTokenThatIsNotAcceptedIsSaidToBeInvalidAndNoMore() throws Exception {
        long now = Instant.now().getEpochSecond();
        String expected =
                "Bearer error=\"invalid_token\", resource_metadata=\"https://hub.example.com/.well-known/oauth-protected-resource/.well-known/mercure\"";
        for (String token : List.of(
                "x",
                Tokens.now().claim("exp", now - 1).signed(Tokens.SECRET),
                Tokens.now().claim("aud", "x").signed(Tokens.SECRET),
                Tokens.now().header("alg", "none").unsigned(""),
                Tokens.now().claim("authorization_details", "x").signed(Tokens.SECRET),
                Tokens.now().signed(Tokens.OTHER_SECRET))) {
            StreamClient refused = server.subscribe(form("match", "*"), "Authorization", "Bearer " + token);
            assertEquals(401, refused.status());
            assertEquals(expected, refused.header("WWW-Authenticate"));
        }
    }

    @Test
    public void aPresentationThatIsNoneIsRefused() throws Exception {
        for (String field : List.of("Basic YTpi", "Bearer", "x")) {
            StreamClient refused = server.subscribe(form("match", "*"), "Authorization", field);
            assertEquals(field, 400, refused.status());
            assertTrue(
                    refused.header("WWW-Authenticate"),
                    refused.header("WWW-Authenticate").startsWith("Bearer error=\"invalid_request\""));
        }
        assertEquals(
                400, server.subscribe("match=*&access_token=a&access_token=b").status());
        assertEquals(400, server.subscribe("match=*&access_token=").status());
    }

    @Test
    public void aHubMayAskForATokenOfAll() throws Exception {
        server.serve(MercureServer.rules(false, true, true, Duration.ofHours(1)));
        StreamClient refused = server.subscribe(form("match", "*"));
        assertEquals(401, refused.status());
        assertTrue(
                refused.header("WWW-Authenticate"),
                refused.header("WWW-Authenticate").startsWith("Bearer resource_metadata="));
        assertEquals(
                200,
                server.subscribe(form("match", "*"), "Authorization", reader("exact x"))
                        .status());
    }

    @Test
    public void whoComesAgainHearsWhatItMissed() throws Exception {
        String first = server.publish("foo", "1");
        server.publish("other", "none");
        String second = server.publish("foo", "2");
        server.publish("foo", "3");

        StreamClient byField = server.subscribe(form("match", "foo"), "Last-Event-ID", first);
        assertEquals(first, byField.header("Mercure-Last-Event-ID"));
        assertEquals(first, byField.header("Last-Event-ID"));
        byField.expect("2");
        byField.expect("3");
        StreamClient byQuery = server.subscribe(form("match", "foo", "last_event_id", second));
        assertEquals(second, byQuery.header("Mercure-Last-Event-ID"));
        byQuery.expect("3");
        StreamClient both = server.subscribe(form("match", "foo", "last_event_id", first), "Last-Event-ID", second);
        assertEquals(second, both.header("Mercure-Last-Event-ID"));
        both.expect("3");
        server.publish("foo", "4");
        for (StreamClient each : List.of(byField, byQuery, both)) {
            each.expect("4");
        }
    }

    @Test
    public void earliestAndWhatIsNotKnownIsAllThatThereIs() throws Exception {
        server.publish("foo", "1");
        server.publish("foo", "2");
        for (String id : List.of("earliest", "urn:gone", "#9:9", "9:9")) {
            StreamClient client = server.subscribe(form("match", "foo", "last_event_id", id));
            assertEquals(id, "earliest", client.header("Mercure-Last-Event-ID"));
            client.expect("1");
            client.expect("2");
        }
    }

    @Test
    public void onAnEmptyHubTheEarliestIsTheAnswer() throws Exception {
        StreamClient client = server.subscribe(form("match", "foo"), "Last-Event-ID", "urn:x");
        assertEquals("earliest", client.header("Mercure-Last-Event-ID"));
    }

    /** What somebody might once read is judged by the token that it has now. */
    @Test
    public void thePastIsReadByTheRightsOfToday() throws Exception {
        String first = server.publish("foo", "0");
        server.publish(BOOK, "secret", "private", "on");
        server.publish("foo", "public");
        server.subscribe(form("match", "*", "last_event_id", first)).expect("public");
        StreamClient allowed =
                server.subscribe(form("match", "*", "last_event_id", first), "Authorization", reader("exact " + BOOK));
        allowed.expect("secret");
        allowed.expect("public");
    }

    /** More of the past than a stream may hold: it comes in parts, and none of it twice. */
    @Test
    public void aLongPastComesInParts() throws Exception {
        String first = server.publish("foo", "start");
        String large = "x".repeat(20_000);
        for (int i = 0; i < 40; i++) {
            server.publish("foo", i + large);
        }
        int seen = 0;
        String last = first;
        for (int streams = 1; seen < 40; streams++) {
            assertTrue("streams: " + streams, streams < 40);
            StreamClient client = server.subscribe(form("match", "foo"), "Last-Event-ID", last);
            assertEquals(last, client.header("Mercure-Last-Event-ID"));
            for (String event = client.next(); !"ended".equals(event); event = client.next()) {
                assertEquals(seen + large, Objects.requireNonNull(event).substring(event.lastIndexOf('|') + 1));
                seen++;
                if (seen == 40) {
                    break;
                }
            }
            last = client.last;
        }
    }

    @Test
    public void aStreamEndsWithItsToken() throws Exception {
        Instant begun = Instant.now();
        long end = begun.getEpochSecond() + 2;
        String token = Tokens.now().claim("exp", end).grant("subscribe", "*").signed(Tokens.SECRET);
        StreamClient client = server.subscribe(form("match", "foo"), "Authorization", "Bearer " + token);
        assertEquals(200, client.status());
        client.expectEnd();
        Instant ended = Instant.now();
        assertFalse("it ended before its time", ended.isBefore(Instant.ofEpochSecond(end)));
        assertTrue(
                "it ended late: " + ended,
                ended.isBefore(Instant.ofEpochSecond(end).plusSeconds(1)));
    }

    @Test
    public void aStreamHasAnEndOfItsOwn() throws Exception {
        server.serve(MercureServer.rules(true, true, true, Duration.ofMillis(300)));
        server.subscribe(form("match", "*")).expectEnd();
    }

    @Test
    public void pagesThatAreTrustedMayReadIt() throws Exception {
        StreamClient trusted = restricted(MercureServer.ORIGIN);
        assertEquals(MercureServer.ORIGIN, trusted.header("Access-Control-Allow-Origin"));
        assertEquals("true", trusted.header("Access-Control-Allow-Credentials"));
        assertEquals("Origin", trusted.header("Vary"));
        for (String other : List.of(
                "https://evil.example.com", "https://app.example.com.evil.com", "null", "http://app.example.com")) {
            StreamClient stranger = restricted(other);
            assertEquals(other, "", stranger.header("Access-Control-Allow-Origin"));
            assertEquals(other, "", stranger.header("Access-Control-Allow-Credentials"));
        }
    }

    private StreamClient restricted(String origin) throws Exception {
        return server.subscribe(form("match", "*"), "Origin", origin);
    }

    @Test
    public void theFormOfBeforeIsSpoken() throws Exception {
        StreamClient client = server.subscribe(
                form("topic", "https://example.com/books/{id}", "topic", "foo"),
                "Cookie",
                "mercureAuthorization="
                        + Tokens.before(List.of(), List.of("https://example.com/books/{id}"))
                                .signed(Tokens.SECRET));
        assertEquals(200, client.status());
        String publisher = "Bearer " + Tokens.before(List.of("*"), List.of()).signed(Tokens.SECRET);
        String two = form(
                "topic", "https://example.com/x", "topic", BOOK, "data", "secret", "private", "on", "id", "urn:old");
        assertEquals("urn:old", server.post(two, "Authorization", publisher).body());
        client.expect("secret");
        StreamClient again = server.subscribe(form("topic", "*", "lastEventID", "urn:old"));
        assertEquals("urn:old", again.header("Last-Event-ID"));
        server.publish("foo", "public");
        again.expect("public");
        client.expect("public");
    }

    @Test
    public void theFormOfBeforeIsOffWhenItIsSwitchedOff() throws Exception {
        server.serve(MercureServer.rules(true, true, false, Duration.ofHours(1)));
        assertEquals(400, server.subscribe(form("topic", "foo")).status());
        String old = "Bearer " + Tokens.before(List.of("*"), List.of("*")).signed(Tokens.SECRET);
        assertEquals(
                401,
                server.subscribe(form("match", "foo"), "Authorization", old).status());
        StreamClient cookie = server.subscribe(form("match", "foo"), "Cookie", "mercureAuthorization=x");
        assertEquals(200, cookie.status());
    }

    /** A push of the role: no client notices, nothing is lost, nothing comes twice. */
    @Test
    public void aStreamGoesToTheNextVersion() throws Exception {
        StreamClient client = server.subscribe(form("match", "foo"), "Authorization", reader("exact foo"));
        for (int i = 0; i < 20; i++) {
            server.publish("foo", "before " + i);
            server.serve(MercureServer.rules(true, true, true, Duration.ofHours(1)));
            server.publish("foo", "after " + i, "private", "on");
        }
        for (int i = 0; i < 20; i++) {
            client.expect("before " + i);
            client.expect("after " + i);
        }
        assertNull(client.events.peek());
    }

    /** A version that asks more of its clients asks it of those that are there. */
    @Test
    public void aStreamThatTheNextVersionWouldNotLetInEnds() throws Exception {
        String old = "Bearer " + Tokens.before(List.of("*"), List.of("*")).signed(Tokens.SECRET);
        StreamClient client = server.subscribe(form("match", "foo"), "Authorization", old);
        server.serve(MercureServer.rules(true, true, false, Duration.ofHours(1)));
        client.expectEnd();
    }

    /** The history did not get over a push: the client is not left with a gap that it does not know of. */
    @Test
    public void aStreamWhosePlaceIsGoneEnds() throws Exception {
        server.publish("foo", "1");
        StreamClient client = server.subscribe(form("match", "foo"));
        String second = server.publish("foo", "2");
        client.expect("2");
        server.forget();
        client.expectEnd();
        assertEquals(
                "earliest",
                server.subscribe(form("match", "foo"), "Last-Event-ID", second).header("Mercure-Last-Event-ID"));
    }

    /** What is asked for is forgotten in the moment in which it is asked for. */
    @Test
    public void whatIsForgottenMeanwhileIsSaidToBeGone() throws Exception {
        String first = server.publish("foo", "1");
        LocalHub before = server.hub();
        LocalHub after = MercureServer.hubs().hub("mercure");
        after.publish(Update.of("foo", "2"), "");
        Hub hub = (Hub) Proxy.newProxyInstance(
                Hub.class.getClassLoader(),
                new Class<?>[] {Hub.class},
                (_, method, values) ->
                        method.invoke(method.getName().equals("isRecoverable") ? before : after, values));
        server.serve(MercureServer.rules(true, false, true, Duration.ofHours(1)), hub);
        StreamClient client = server.subscribe(form("match", "foo"), "Last-Event-ID", first);
        assertEquals("earliest", client.header("Mercure-Last-Event-ID"));
        client.expect("2");
        after.publish(Update.of("foo", "3"), "");
        client.expect("3");
    }

    /** A publisher may give an id that looks like a place of the log. */
    @Test
    public void anIdOfAPublisherIsNoPlace() throws Exception {
        server.publish("foo", "1", "id", "1:3");
        server.publish("foo", "2");
        server.publish("foo", "3");
        StreamClient client = server.subscribe(form("match", "foo"), "Last-Event-ID", "1:3");
        assertEquals("1:3", client.header("Mercure-Last-Event-ID"));
        client.expect("2");
        client.expect("3");
        assertEquals(
                "earliest",
                server.subscribe(form("match", "foo"), "Last-Event-ID", "1:2").header("Mercure-Last-Event-ID"));
    }

    /** A key that is taken away ends the streams that it let in. */
    @Test
    public void aStreamEndsWithTheKeyOfItsToken() throws Exception {
        StreamClient client = server.subscribe(form("match", "*"), "Authorization", reader("exact foo"));
        StreamClient stranger = server.subscribe(form("match", "*"));
        server.serve(MercureServer.rules(Tokens.OTHER_SECRET, Duration.ofHours(1)));
        client.expectEnd();
        server.hub().publish(Update.of("foo", "1"), "");
        stranger.expect("1");
    }

    /** Over a push, and for those that are refused, none is counted twice. */
    @Test
    public void anAddressHasSoManyStreams() throws Exception {
        String refused = form("match", "&".repeat(1000));
        for (int i = 0; i < 2 * MercureServer.ADDRESS_STREAMS; i++) {
            assertEquals(400, server.subscribe(refused).status());
        }
        StreamClient first = server.subscribe(form("match", "foo"));
        for (int i = 1; i < MercureServer.ADDRESS_STREAMS; i++) {
            assertEquals(200, server.subscribe(form("match", "bar")).status());
        }
        assertEquals(429, server.subscribe(form("match", "foo")).status());
        server.serve(MercureServer.rules(true, false, true, Duration.ofMillis(500)));
        StreamClient late = server.subscribe(form("match", "foo"));
        assertEquals(429, late.status());
        assertEquals("1", late.header("Retry-After"));
        first.expectEnd();
        Instant end = Instant.now().plusSeconds(10);
        int status = 429;
        while (status == 429 && Instant.now().isBefore(end)) {
            status = server.subscribe(form("match", "foo")).status();
        }
        assertEquals("when they have ended there is room again", 200, status);
    }

    /** It read all of it before, and all others of the hub waited. */
    @Test
    public void aPastThatTakesTooLongIsRefused() throws Exception {
        String start = Tokens.HUB + "/../../";
        for (int i = 0; i < 1000; i++) {
            server.hub().publish(Update.of(start + i + "a".repeat(900), "x"), "");
        }
        String[] large = new String[8];
        for (int i = 0; i < large.length; i += 2) {
            large[i] = "match_urlpattern";
            large[i + 1] = "/(.{0,440}.{0,440})" + i;
        }
        StreamClient refused = server.subscribe(form(large) + "&last_event_id=earliest");
        assertEquals(429, refused.status());
        assertEquals("1", refused.header("Retry-After"));
        assertEquals(
                200,
                server.subscribe(form("match_urlpattern", "/:any", "last_event_id", "earliest"))
                        .status());
    }
}
