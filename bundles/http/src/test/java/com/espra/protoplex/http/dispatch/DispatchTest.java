package com.espra.protoplex.http.dispatch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** Flip, withdraw, conflicts and what no route claims, over real sockets. */
public class DispatchTest {

    @Rule
    public final TestGroup group = new TestGroup();

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    public void aFlipMovesNewRequests() throws Exception {
        Backend one = group.live("app", "1", Handlers.text("one"), "/a/*");
        assertEquals("one", get("/a/x").body());

        Backend two = group.backend("app", "2", Handlers.text("two"), "/a/*");
        assertEquals(Optional.of(one), group.dispatcher().flip(two));

        assertEquals("two", get("/a/x").body());
        assertEquals(1, one.served());
        assertEquals(1, two.served());
        assertEquals(0, one.inFlight());
    }

    @Test
    public void whatBecameOfRequestsIsCountedByUnitWhicheverGenerationServed() throws Exception {
        group.live("app", "1", Handlers.text("one"), "/a/*");
        get("/a/x");
        group.dispatcher().flip(group.backend("app", "2", Handlers.text("two"), "/a/*"));
        get("/a/x");
        get("/nothing");

        group.dispatcher().flip(group.backend("app", "3", Handlers.of(DispatchTest::asksForANumber), "/a/*"));
        assertEquals(400, get("/a/x?number=one").statusCode());

        Until.until(
                "all are counted",
                () -> traffic("app").byStatus().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        == 3);
        UnitTraffic app = traffic("app");
        assertEquals("a client's error too, as its status", List.of(0L, 0L, 2L, 0L, 1L, 0L), app.byStatus());
        assertEquals(UnitTraffic.BOUNDS_SECONDS.size() + 1, app.bySeconds().size());
        assertEquals(3, app.bySeconds().stream().mapToLong(Long::longValue).sum());
        assertTrue(app.toString(), app.seconds() > 0 && app.seconds() < 30);
    }

    /** As an app does that reads what it was sent. */
    private static void asksForANumber(Request request, Response response, Callback callback) {
        throw new HttpException.RuntimeException(
                400, "no number: " + request.getHttpURI().getQuery());
    }

    private UnitTraffic traffic(String unit) {
        return group.dispatcher().traffic().stream()
                .filter(each -> each.unit().equals(unit))
                .findFirst()
                .orElseThrow();
    }

    @Test
    public void aRequestThatNoRouteClaimsGetsAnAnswerThatHelps() throws Exception {
        assertEquals(404, get("/nothing").statusCode());
        assertTrue(get("/nothing").body().contains("./protoplex push"));

        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(group.uri("/nothing"))
                        .header("Accept", "text/html,*/*")
                        .build(),
                BodyHandlers.ofString());
        assertTrue(page.body().startsWith("<!doctype html>"));
    }

    /** The whole world sees it: nothing of the node, of its apps or of the request is in it. */
    @Test
    public void aRequestThatNoRouteClaimsLearnsNothing() throws Exception {
        group.live("secret-app", "1", Handlers.text("secret"), "/secret/*");
        HttpResponse<String> text = get("/other/%3Cb%3E?q=mine");
        assertEquals("""
                404: nothing is served here.
                No app on this node has a route for this host and path.
                What is served: ./protoplex routes     To serve something: ./protoplex push APP.jar
                """, text.body());
        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(group.uri("/other/%3Cb%3E?q=mine"))
                        .header("Accept", "text/html")
                        .build(),
                BodyHandlers.ofString());
        for (HttpResponse<String> answer : List.of(text, page)) {
            assertEquals(404, answer.statusCode());
            String all = answer.headers().map() + answer.body();
            for (String word : List.of("secret", "other", "mine", "<b>", "etty", "test")) {
                assertFalse(word + " is in " + all, all.contains(word));
            }
            assertEquals(
                    Set.of("cache-control", "content-length", "content-type", "date", "x-request-id"),
                    withoutPseudo(answer));
        }
    }

    private static Set<String> withoutPseudo(HttpResponse<String> answer) {
        return answer.headers().map().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !name.startsWith(":"))
                .collect(Collectors.toSet());
    }

    @Test
    public void anEndpointWithoutARouteGetsWhatNoRouteClaims() throws Exception {
        group.live("rest", "1", Handlers.text("rest"));
        group.live("app", "1", Handlers.text("app"), "/a/*");

        assertEquals("app", get("/a/x").body());
        assertEquals("rest", get("/b").body());
        assertEquals("it is no claim", 1, group.dispatcher().claims().size());

        group.live("another", "1", Handlers.text("first by name"));
        assertEquals("first by name", get("/b").body());
        group.dispatcher().withdraw("another");
        group.dispatcher().withdraw("rest");
        assertEquals(404, get("/b").statusCode());
    }

    @Test
    public void theFallbackAnswersWhatNoRouteClaims() throws Exception {
        Backend own = group.dispatcher().open("welcome", "1");
        Handler handler = Handlers.text("welcome");
        own.start(handler);
        group.dispatcher().fallback(handler);
        assertEquals("welcome", get("/").body());

        group.live("app", "1", Handlers.text("app"), "/");
        assertEquals("app", get("/").body());

        group.dispatcher().withdraw("app");
        group.dispatcher().fallback(null);
        assertEquals(404, get("/").statusCode());
    }

    @Test
    public void aWithdrawnUnitIsGone() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("one"), "/a");

        assertEquals(Optional.of(backend), group.dispatcher().withdraw("app"));

        assertEquals(404, get("/a").statusCode());
        assertEquals(List.of(), group.dispatcher().claims());
        assertEquals(Optional.empty(), group.dispatcher().withdraw("app"));
    }

    @Test
    public void aRouteOfAnotherUnitIsRefusedAndNothingChanges() throws Exception {
        group.live("first", "1", Handlers.text("first"), "/a/*", "/b");
        Backend second = group.backend("second", "7", Handlers.text("second"), "/c", "/a/*");

        RouteConflictException conflict = assertThrows(
                RouteConflictException.class, () -> group.dispatcher().flip(second));

        assertEquals("first", conflict.holder());
        assertEquals(Route.of("/a/*"), conflict.route());
        assertEquals(404, get("/c").statusCode());
        assertEquals("first", get("/a/x").body());
    }

    @Test
    public void routesThatMeanTheSameConflict() throws Exception {
        group.live("first", "1", Handlers.text("first"), "/a/b/*");
        Backend second = group.dispatcher().open("second", "1");
        second.serve(List.of(new Endpoint(Set.of(new Route("*", "/a", "/b/*")), Handlers.text("second"))));

        assertThrows(RouteConflictException.class, () -> group.dispatcher().flip(second));
    }

    @Test
    public void aLiveBackendThatClaimsTheRouteOfAnotherGoesWithoutIt() throws Exception {
        group.live("first", "1", Handlers.text("first"), "/a");
        Backend second = group.live("second", "1", Handlers.text("second"), "/b");
        Handler more = Handlers.text("more");
        second.start(more);

        second.serve(List.of(new Endpoint(Set.of(Route.of("/a"), Route.of("/c")), more)));

        assertEquals("first", get("/a").body());
        assertEquals("more", get("/c").body());
        assertEquals(404, get("/b").statusCode());
    }

    @Test
    public void aClosedBackendCannotGoLive() throws Exception {
        Backend backend = group.live("app", "1", Handlers.text("one"), "/a");
        backend.close();

        assertEquals(404, get("/a").statusCode());
        assertThrows(IllegalStateException.class, () -> group.dispatcher().flip(backend));
    }

    @Test
    public void handlersAreStartedAndStopped() throws Exception {
        Handler handler = Handlers.text("one");
        Backend backend = group.live("app", "1", handler, "/a");
        assertTrue(handler.isStarted());

        Handler other = Handlers.text("other");
        backend.stop(other);
        assertTrue("a handler that was not started here is left alone", handler.isStarted());

        backend.close();
        assertFalse(handler.isRunning());
    }

    @Test
    public void aHandlerThatFailsToStartIsStopped() {
        Backend backend = group.dispatcher().open("app", "1");
        Handler broken = new Handler.Wrapper() {
            @Override
            protected void doStart() throws Exception {
                throw new IllegalStateException("no database");
            }
        };

        assertThrows(IllegalStateException.class, () -> backend.start(broken));

        assertFalse(broken.isRunning());
    }

    @Test
    public void claimsSayWhoServesWhat() throws Exception {
        group.live("app", "3", Handlers.text("one"), "/a");

        assertEquals(
                List.of(new Dispatcher.Claim(Route.of("/a"), "app", "3")),
                group.dispatcher().claims());
    }

    @Test
    public void hostsAreTakenFromTheRequest() throws Exception {
        Handler handler = Handlers.text("host");
        Backend backend = group.dispatcher().open("app", "1");
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(new Route("localhost", "", "/")), handler)));
        group.dispatcher().flip(backend);

        assertEquals(404, get("/").statusCode());
        URI named = URI.create("http://localhost:" + group.port() + "/");
        assertEquals(
                "host",
                client.send(HttpRequest.newBuilder(named).build(), BodyHandlers.ofString())
                        .body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(group.uri(path)).build(), BodyHandlers.ofString());
    }
}
