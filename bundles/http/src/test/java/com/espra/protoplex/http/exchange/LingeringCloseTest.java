package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.limits.Limits;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.junit.Rule;
import org.junit.Test;

/** Who is refused before the body was read learns why, however much it has sent by then. */
public class LingeringCloseTest {

    private static final int BODY = 3 << 20;
    private static final String CHUNK = "x".repeat(1 << 16);

    @Rule
    public final TestGroup group =
            new TestGroup(new Limits(1024, 1 << 30, 100, Duration.ofSeconds(20), 1024, Limits.GRACE, 0, false));

    @Test
    public void aBodyThatNobodyReadsDoesNotCostTheAnswer() throws Exception {
        group.live("app", "1", refusing(), "/");
        for (int i = 0; i < 20; i++) {
            try (RawClient client = new RawClient(group.port())) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + BODY + "\r\n\r\n");
                for (int sent = 0; sent < BODY; sent += CHUNK.length()) {
                    client.send(CHUNK);
                }
                assertEquals(403, client.answer().status());
            }
        }
    }

    @Test
    public void aConnectionWhoseBodyWasReadOffGoesOn() throws Exception {
        group.live("app", "1", Handlers.text("no need to look"), "/");
        try (RawClient client = new RawClient(group.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                client.send("10000\r\n" + CHUNK + "\r\n");
                assertEquals(200, client.answer().status());
                client.send("10000\r\n" + CHUNK + "\r\n0\r\n\r\n");
            }
        }
    }

    @Test
    public void whoNeverStopsIsCutOff() throws Exception {
        Backend backend = group.live("app", "1", refusing(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (1 << 29) + "\r\n\r\n");
            boolean cut = false;
            for (long sent = 0; sent < 1 << 29 && !cut; sent += CHUNK.length()) {
                cut = isRefused(client);
            }
            assertTrue("the server took 512 MiB that nobody wanted", cut);
        }
        Until.until("nothing in flight", () -> backend.inFlight() == 0);
    }

    @Test
    public void whoSendsNothingMoreIsCutOffInTheEnd() throws Exception {
        Backend backend = group.live("app", "1", refusing(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertEquals(403, answer.status());
            assertEquals("the connection ends", -1, client.read());
        }
        Until.until("nothing in flight", () -> backend.inFlight() == 0);
    }

    @Test
    public void whoWaitsForLeaveToSendGetsTheAnswerAlone() throws Exception {
        group.live("app", "1", refusing(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
            assertEquals(403, client.answer().status());
        }
    }

    @Test
    public void aConnectionThatEndsForTheRestOfABodySaysSo() throws Exception {
        group.live("app", "1", refusing(), "/");
        try (RawClient client = new RawClient(group.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (1 << 29) + "\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertEquals(403, answer.status());
            assertEquals("close", answer.header("Connection"));
        }
    }

    /** The JDK's client sends the body after the head, and gives up when its connection ends before it has sent it. */
    @Test
    public void clientsGoOnWhoseBodiesNobodyReads() throws Exception {
        group.live("app", "1", Handlers.text("no need to look"), "/");
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String method : List.of("POST", "PUT", "GET")) {
                HttpRequest request = HttpRequest.newBuilder(group.uri("/"))
                        .method(method, BodyPublishers.ofString(CHUNK))
                        .build();
                for (int i = 0; i < 50; i++) {
                    assertEquals(
                            "no need to look",
                            client.send(request, BodyHandlers.ofString()).body());
                }
            }
        }
    }

    @Test
    public void aGetWhoseBodyComesLateDoesNotEndTheConnection() throws Exception {
        group.live("app", "1", Handlers.text("no need to look"), "/");
        try (RawClient client = new RawClient(group.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
                assertEquals(200, client.answer().status());
                client.send("12345");
            }
        }
    }

    private static boolean isRefused(RawClient client) {
        try {
            client.send(CHUNK);
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private static Handler refusing() {
        return Handlers.of((request, response, callback) ->
                Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403, "not for you"));
    }
}
