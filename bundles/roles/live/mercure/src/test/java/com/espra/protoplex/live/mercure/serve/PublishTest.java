package com.espra.protoplex.live.mercure.serve;

import static com.espra.protoplex.live.mercure.serve.MercureServer.CLIENT;
import static com.espra.protoplex.live.mercure.serve.MercureServer.form;
import static com.espra.protoplex.live.mercure.serve.MercureServer.publisher;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.mercure.token.Tokens;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Publishers, and who is none. */
public class PublishTest {

    @Rule
    public final MercureServer server = new MercureServer();

    private int status(String body) throws Exception {
        return server.post(body, "Authorization", publisher()).statusCode();
    }

    @Test
    public void theAnswerIsTheId() throws Exception {
        HttpResponse<String> response = server.post(form("topic", "a", "id", "urn:x"), "Authorization", publisher());
        assertEquals(200, response.statusCode());
        assertEquals("urn:x", response.body());
        assertEquals(
                "text/plain;charset=utf-8",
                response.headers()
                        .firstValue("Content-Type")
                        .orElse("")
                        .replace(" ", "")
                        .toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    public void nothingIsPublishedWithoutAToken() throws Exception {
        HttpResponse<String> response = server.post(form("topic", "a"));
        assertEquals(401, response.statusCode());
        String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
        assertTrue(challenge, challenge.startsWith("Bearer resource_metadata="));
        assertTrue(challenge, !challenge.contains("error"));
    }

    @Test
    public void aTokenAllowsItsTopicsAlone() throws Exception {
        String token = "Bearer "
                + Tokens.now()
                        .grant("publish", "https://example.com/books/:id", "exact foo")
                        .grant("subscribe", "*")
                        .signed(Tokens.SECRET);
        for (String allowed : List.of("https://example.com/books/1", "foo")) {
            assertEquals(
                    allowed,
                    200,
                    server.post(form("topic", allowed), "Authorization", token).statusCode());
        }
        for (String other : List.of("https://example.com/books/1/2", "Foo", "https://example.com/", "*")) {
            HttpResponse<String> refused = server.post(form("topic", other), "Authorization", token);
            assertEquals(other, 403, refused.statusCode());
            String challenge = refused.headers().firstValue("WWW-Authenticate").orElse("");
            assertTrue(challenge, challenge.startsWith("Bearer error=\"insufficient_scope\""));
        }
    }

    @Test
    public void oneTopicThatIsNotAllowedRefusesAllOfBefore() throws Exception {
        String token = "Bearer " + Tokens.before(List.of("foo"), List.of()).signed(Tokens.SECRET);
        assertEquals(
                200, server.post(form("topic", "foo"), "Authorization", token).statusCode());
        assertEquals(
                403,
                server.post(form("topic", "foo", "topic", "bar"), "Authorization", token)
                        .statusCode());
        String none = "Bearer " + Tokens.before(List.of(), List.of("*")).signed(Tokens.SECRET);
        assertEquals(
                403, server.post(form("topic", "foo"), "Authorization", none).statusCode());
    }

    @Test
    public void aFieldThatIsNoneIsRefused() throws Exception {
        for (String wrong : List.of(
                "",
                "data=x",
                "topic=",
                "topic=a&topic=b",
                "topic=a%0Ab",
                "topic=a%00",
                "topic=%ff",
                "topic=%E2%80%AE",
                "topic=a&data=%ff",
                "topic=a&id=%23x",
                "topic=a&id=earliest",
                "topic=a&id=a%0Ab",
                "topic=a&id=%E2%80%8B",
                "topic=a&type=a%0Ddata:x",
                "topic=a&type=%C2%85",
                "topic=a&retry=",
                "topic=a&retry=-1",
                "topic=a&retry=1.5",
                "topic=a&retry=%D9%A1",
                "topic=a&retry=99999999999")) {
            assertEquals(wrong, 400, status(wrong));
        }
        assertEquals(200, status("topic=a&retry=000&unknown=%00&Topic=b"));
        assertEquals(200, status("topic=a%zz&data"));
    }

    @Test
    public void whatIsTooLargeIsRefused() throws Exception {
        String data = "x".repeat(61_440);
        assertEquals(413, status(form("topic", "a", "data", data + "x")));
        assertEquals(413, status(form("topic", "a", "data", "\n".repeat(20_000))));
        assertEquals(413, status(form("topic", "a", "data", "x".repeat(300_000))));
        assertEquals(413, status(form("topic", "a".repeat(1_025))));
        assertEquals(413, status(form("topic", "a", "id", "a".repeat(1_025))));
        StreamClient client = server.subscribe(form("match", "a"));
        assertEquals(200, status(form("topic", "a", "data", data)));
        client.expect(data);
        String lines = "\n".repeat(7_000);
        assertEquals(200, status(form("topic", "a", "data", lines)));
        client.expect(lines);
    }

    @Test
    public void anUpdateIsAForm() throws Exception {
        for (String type : List.of("multipart/form-data; boundary=x", "application/json", "text/plain")) {
            HttpRequest request = HttpRequest.newBuilder(server.uri(MercureRules.PATH))
                    .POST(HttpRequest.BodyPublishers.ofString("topic=a"))
                    .headers("Content-Type", type, "Authorization", publisher())
                    .build();
            assertEquals(
                    type,
                    415,
                    CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    public void whatIsTheHubsOwnIsReservedInEveryForm() throws Exception {
        StreamClient client = server.subscribe(form("match", "foo"), "Authorization", MercureServer.reader("*"));
        for (String reserved : List.of(
                "/.well-known/mercure/subscriptions/exact/a/b",
                "https://hub.example.com/.well-known/mercure/subscriptions/exact/a/b",
                "https://other.example.com/.well-known/mercure",
                "/.well-known/%6Dercure/x",
                "/.well-known/mercure/../mercure/x",
                "\\.well-known\\mercure")) {
            HttpResponse<String> refused = server.post(form("topic", reserved), "Authorization", publisher());
            assertEquals(reserved, 403, refused.statusCode());
        }
        server.publish("foo", "1");
        client.expect("1");
    }

    /** A page of somebody else can have a browser send the cookie of its user. */
    @Test
    public void aCookieIsGoodForPagesThatAreTrusted() throws Exception {
        String cookie = "__Secure-mercure_access_token=" + publisher().substring(7);
        Map<String, Integer> origins = Map.of(
                "https://hub.example.com",
                200,
                MercureServer.ORIGIN,
                200,
                "https://evil.example.com",
                403,
                "null",
                403);
        for (Map.Entry<String, Integer> origin : origins.entrySet()) {
            int status = server.post(form("topic", "a"), "Cookie", cookie, "Origin", origin.getKey())
                    .statusCode();
            assertEquals(origin.getKey(), origin.getValue().intValue(), status);
        }
        assertEquals(403, server.post(form("topic", "a"), "Cookie", cookie).statusCode());
        assertEquals(
                200,
                server.post(form("topic", "a"), "Cookie", cookie, "Referer", MercureServer.ORIGIN + "/page")
                        .statusCode());
        assertEquals(
                403,
                server.post(
                                form("topic", "a"),
                                "Cookie",
                                cookie,
                                "Referer",
                                "https://evil.example.com/" + MercureServer.ORIGIN)
                        .statusCode());
        assertEquals(
                200,
                server.post(form("topic", "a"), "Authorization", publisher(), "Origin", "https://evil.example.com")
                        .statusCode());
    }

    @Test
    public void aBrowserIsToldBefore() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri(MercureRules.PATH))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", MercureServer.ORIGIN)
                .build();
        HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(204, response.statusCode());
        assertEquals(
                MercureServer.ORIGIN,
                response.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
        assertTrue(response.headers()
                .firstValue("Access-Control-Allow-Headers")
                .orElse("")
                .contains("Authorization"));
    }

    @Test
    public void otherMethodsAreNone() throws Exception {
        for (String method : List.of("PUT", "DELETE", "PATCH")) {
            HttpRequest request = HttpRequest.newBuilder(server.uri(MercureRules.PATH))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            assertEquals(
                    method,
                    405,
                    CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
        assertEquals(
                406,
                server.get(MercureRules.PATH + "?match=a", "Accept", "text/html")
                        .statusCode());
    }
}
