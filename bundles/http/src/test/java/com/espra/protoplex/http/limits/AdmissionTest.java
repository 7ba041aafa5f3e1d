package com.espra.protoplex.http.limits;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.dispatch.TableDispatcher;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** As many requests as the bound are answered, slow as they may be; the surplus is told at once to come again. */
public class AdmissionTest {

    private static final int REQUESTS = 40;
    private static final int SURPLUS = 7;
    private static final int CUT_OFF = 20;

    @Rule
    public final TestGroup group = new TestGroup(Limits.DEFAULT.withRequests(REQUESTS));

    private final CountDownLatch slow = new CountDownLatch(1);

    @After
    public void letGo() {
        slow.countDown();
    }

    @Test
    public void exactlyTheSurplusGets503AtOnceAndTheOthersFinish() throws Exception {
        group.live("app", "1", waiting(), "/slow", "/quick");
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < REQUESTS; i++) {
                clients.add(new RawClient(group.port()));
                clients.getLast().send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            Until.until("all wait", () -> group.dispatcher().claims().size() == 2 && inFlight() == REQUESTS);
            try (RawClient surplus = new RawClient(group.port())) {
                for (int i = 0; i < SURPLUS; i++) {
                    RawClient.Answer answer = surplus.get("/quick");
                    assertEquals(503, answer.status());
                    assertEquals("1", answer.header("Retry-After"));
                }
                assertEquals(SURPLUS, group.dispatcher().shed());
                slow.countDown();
                for (RawClient client : clients) {
                    assertEquals(200, client.answer().status());
                }
                Until.until("room", () -> surplus.get("/quick").status() == 200);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    public void soDoStreamsOfHttp2() throws Exception {
        group.live("app", "1", waiting(), "/slow");
        HttpRequest request = HttpRequest.newBuilder(group.uri("/slow")).build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS + SURPLUS; i++) {
                answers.add(client.sendAsync(request, BodyHandlers.ofString()));
            }
            Until.until(
                    "the surplus is answered",
                    () -> answers.stream().filter(CompletableFuture::isDone).count() == SURPLUS);
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertTrue(!answer.isDone() || answer.get().statusCode() == 503);
            }
            slow.countDown();
            long answered = 0;
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                answered += answer.get(10, TimeUnit.SECONDS).statusCode() == 200 ? 1 : 0;
            }
            assertEquals(REQUESTS, answered);
            assertEquals(SURPLUS, group.dispatcher().shed());
        }
    }

    @Test
    public void whoIsCutOffAndWhoIsRefusedLeavesNoPlaceTaken() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        group.live(
                "app",
                "1",
                Handlers.of((request, response, callback) -> {
                    asked.incrementAndGet();
                    Handlers.text("done", response, callback);
                }),
                "/quick");
        group.group().limit(Limits.DEFAULT.withRequests(1));
        for (int i = 0; i < CUT_OFF; i++) {
            try (RawClient client = new RawClient(group.port())) {
                client.send("NONSENSE\r\n\r\n");
                assertEquals(400, client.answer().status());
            }
            try (RawClient client = new RawClient(group.port())) {
                client.send("POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx");
            }
        }
        // A client that went away is not gone for the server before the server has come to it, and has its place until
        // then.
        Until.until(
                "all have come and gone", () -> asked.get() + group.dispatcher().shed() == CUT_OFF && inFlight() == 0);
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(200, client.get("/quick").status());
            assertEquals(404, client.get("/nowhere").status());
            assertEquals(200, client.get("/quick").status());
        }
    }

    @Test
    public void underPressureNobodyIsLetInAndConnectionsAreGivenBack() throws Exception {
        AtomicBoolean pressure = new AtomicBoolean();
        try (ListenerGroup shedding =
                new ListenerGroup("shedding", Limits.DEFAULT, (request, response) -> {}, pressure::get)) {
            int port = shedding.open(new ListenerSettings("main", "127.0.0.1", 0, null))
                    .address()
                    .getPort();
            try (RawClient client = new RawClient(port)) {
                assertEquals(404, client.get("/").status());
                pressure.set(true);
                RawClient.Answer answer = client.get("/");
                assertEquals(503, answer.status());
                assertEquals("1", answer.header("Retry-After"));
                assertEquals(-1, client.read());
            }
            pressure.set(false);
            try (RawClient client = new RawClient(port)) {
                assertEquals(404, client.get("/").status());
            }
            assertEquals(1, shedding.dispatcher().shed());
        }
    }

    private long inFlight() {
        return ((TableDispatcher) group.dispatcher()).inFlight();
    }

    private Handler waiting() {
        return Handlers.of((request, response, callback) -> {
            if (request.getHttpURI().getPath().equals("/slow")) {
                slow.await();
            }
            Handlers.text("done", response, callback);
        });
    }
}
