package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Director;
import com.espra.protoplex.api.relay.Prologue;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.relay.handler.RelayRig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/** What an answer begins with that is for the director alone, by the loop and by Jetty's path: byte for byte. */
@RunWith(Parameterized.class)
public final class PrologueTest {

    private static final String GET = "GET /x HTTP/1.1\r\nHost: Shop.example\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @Parameterized.Parameters(name = "{0}")
    public static List<String> ways() {
        return List.of("loop", "jetty");
    }

    @Rule
    public final LoopRule loop = new LoopRule();

    @Rule
    public final RelayRig jetty = new RelayRig();

    private final boolean byLoop;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private int most = 100;
    private boolean taken = true;
    private boolean fails;

    public PrologueTest(String way) {
        byLoop = way.equals("loop");
    }

    private final class Told implements Prologue {

        @Override
        public String field() {
            return "x-live";
        }

        @Override
        public int most() {
            return most;
        }

        @Override
        public boolean isTakenFrom(Target target) {
            return taken;
        }

        @Override
        public void taken(Target target, String host, byte[] message) {
            told.add(host + " " + new String(message, StandardCharsets.ISO_8859_1));
            if (fails) {
                throw new IllegalStateException("as told");
            }
        }
    }

    private void direct(URI... targets) {
        OneTarget to = new OneTarget(targets);
        Director director = new Director() {
            @Override
            public Decision direct(RelayRequest request) {
                return to.direct(request);
            }

            @Override
            public Prologue prologue() {
                return new Told();
            }
        };
        loop.direct(director);
        jetty.director(director);
    }

    /** That connections which are opened before a test says more go that way. */
    @Before
    public void direct() throws Exception {
        direct(URI.create("http://127.0.0.1:1"));
    }

    private WireClient client() throws Exception {
        return new WireClient(byLoop ? loop.port() : jetty.port());
    }

    private static String gone(WireClient.Answer answer) {
        assertFalse(answer.toString(), answer.fields().containsKey("x-live"));
        return answer.body();
    }

    private String through(String answer) throws Exception {
        try (WireTarget target = WireTarget.answering(answer);
                WireClient client = client()) {
            direct(target.uri());
            String first = gone(client.send(GET).answer());
            // The connection has nothing left in it that is another answer's, on either side.
            assertEquals(first, gone(client.send(GET).answer()));
            assertEquals(1, target.connections());
            return first;
        }
    }

    private int refused(String answer) throws Exception {
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    its.request(in);
                    WireTarget.write(socket, answer);
                });
                WireClient client = client()) {
            direct(target.uri());
            WireClient.Answer got = client.send(GET).answer();
            assertFalse(got.toString(), got.body().contains("secret"));
            return got.status();
        }
    }

    @Test
    public void theFirstBytesAreTheDirectorsAndTheRestIsTheClients() throws Exception {
        assertEquals("rest", through(OK + "X-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest"));
        assertEquals(List.of("shop.example secret", "shop.example secret"), told);
    }

    @Test
    public void ofAChunkedBodyThatEndsAnywhere() throws Exception {
        String head = OK + "x-LIVE: 6\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertEquals("rest", through(head + "a\r\nsecretrest\r\n0\r\n\r\n"));
        assertEquals("rest", through(head + "6\r\nsecret\r\n4\r\nrest\r\n0\r\n\r\n"));
        assertEquals("rest", through(head + "1;a=b\r\ns\r\n2\r\nec\r\n5\r\nretre\r\n2\r\nst\r\n0\r\nX-T: 1\r\n\r\n"));
        assertEquals("", through(head + "6\r\nsecret\r\n0\r\n\r\n"));
        assertEquals(8, told.size());
        assertTrue(told.toString(), told.stream().allMatch("shop.example secret"::equals));
    }

    @Test
    public void ofABodyThatEndsWithTheConnection() throws Exception {
        try (WireTarget target = new WireTarget((its, in, socket) -> {
                    its.request(in);
                    WireTarget.write(socket, OK + "X-Live: 6\r\nConnection: close\r\n\r\nsecretrest");
                });
                WireClient client = client()) {
            direct(target.uri());
            assertEquals("rest", gone(client.send(GET).answer()));
            assertEquals(List.of("shop.example secret"), told);
        }
    }

    @Test
    public void inPiecesOfOneByte() throws Exception {
        List<String> answers = List.of(
                OK + "X-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest",
                OK + "X-Live: 6\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n7\r\nretrest\r\n0\r\n\r\n");
        for (String answer : answers) {
            try (WireTarget target = new WireTarget((its, in, socket) -> {
                        while (its.request(in)) {
                            for (char c : answer.toCharArray()) {
                                WireTarget.write(socket, String.valueOf(c));
                            }
                        }
                    });
                    WireClient client = client()) {
                direct(target.uri());
                assertEquals("rest", gone(client.send(GET).answer()));
                assertEquals("rest", gone(client.send(GET).answer()));
            }
        }
        assertEquals(4, told.size());
    }

    @Test
    public void asLargeAsItMayBeWithALargeBodyAfterIt() throws Exception {
        most = Prologue.LIMIT;
        String message = "m".repeat(most);
        String rest = "0123456789".repeat(20_000);
        int length = most + rest.length();
        assertEquals(
                rest, through(OK + "X-Live: " + most + "\r\nContent-Length: " + length + "\r\n\r\n" + message + rest));
        assertEquals(
                rest,
                through(OK + "X-Live: " + most + "\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(length)
                        + "\r\n" + message + rest + "\r\n0\r\n\r\n"));
        assertEquals("shop.example " + message, told.getLast());
        assertEquals(4, told.size());
    }

    @Test
    public void ofWhatHasNoBodyTheFieldAlone() throws Exception {
        assertEquals("", through("HTTP/1.1 304 Not Modified\r\nX-Live: 6\r\nETag: \"a\"\r\n\r\n"));
        assertEquals("", through("HTTP/1.1 204 No Content\r\nX-Live: 6\r\n\r\n"));
        try (WireTarget target = WireTarget.answering(OK + "X-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest");
                WireClient client = client()) {
            direct(target.uri());
            WireClient.Answer head =
                    client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n").answer(true);
            assertEquals("4", head.fields().get("content-length"));
            gone(head);
            assertEquals("rest", client.send(GET).answer().body());
        }
        assertEquals(List.of("shop.example secret"), told);
        assertEquals("rest", through(OK + "X-Live: 0\r\nContent-Length: 4\r\n\r\nrest"));
        assertEquals(1, told.size());
    }

    @Test
    public void whatMakesNoSenseIsNoAnswer() throws Exception {
        String chunked = "Transfer-Encoding: chunked\r\n\r\n";
        List<String> wrong = List.of(
                "X-Live: 11\r\nContent-Length: 10\r\n\r\nsecretrest",
                "X-Live: -1\r\nContent-Length: 10\r\n\r\nsecretrest",
                "X-Live: 6x\r\nContent-Length: 10\r\n\r\nsecretrest",
                "X-Live: 6, 6\r\nContent-Length: 10\r\n\r\nsecretrest",
                "X-Live:\r\nContent-Length: 10\r\n\r\nsecretrest",
                "X-Live: 99999999999\r\nContent-Length: 10\r\n\r\nsecretrest",
                "X-Live: 101\r\nContent-Length: 200\r\n\r\n" + "secret".repeat(33) + "ab",
                "X-Live: 6\r\nX-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest",
                "X-Live: 7\r\n" + chunked + "6\r\nsecret\r\n0\r\n\r\n",
                "X-Live: 6\r\n" + chunked + "0\r\n\r\n",
                "X-Live: 6\r\n" + chunked + "z\r\nsecret\r\n0\r\n\r\n",
                "X-Live: 7\r\nConnection: close\r\n\r\nsecret",
                "X-Live: 6\r\nContent-Length: 10\r\n\r\nsecr");
        List<String> passed = new ArrayList<>();
        for (String answer : wrong) {
            int status = refused(OK + answer);
            if (status != 502) {
                passed.add(status + " " + answer);
            }
        }
        assertEquals(List.of(), passed);
    }

    @Test
    public void whatMayNotSayAnythingIsPassedOnWithoutTheField() throws Exception {
        taken = false;
        try (WireTarget target = WireTarget.answering(OK + "X-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest");
                WireClient client = client()) {
            direct(target.uri());
            WireClient.Answer answer = client.send(GET).answer();
            assertEquals("secretrest", gone(answer));
        }
        assertEquals(List.of(), told);
    }

    @Test
    public void whatAClientSaysIsNothing() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = client()) {
            direct(target.uri());
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nX-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest");
            assertEquals("ok", client.answer().body());
            assertTrue(target.received(), target.received().endsWith("\r\n\r\nsecretrest"));
        }
        assertEquals(List.of(), told);
    }

    @Test
    public void aDirectorThatFailsChangesNothingForTheClient() throws Exception {
        fails = true;
        assertEquals("rest", through(OK + "X-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest"));
        assertEquals(2, told.size());
    }

    @Test
    public void whatBreaksOffWithinItIsAskedOfAnotherTargetOrIsNoAnswer() throws Exception {
        try (WireTarget breaks = new WireTarget((its, in, socket) -> {
                    its.request(in);
                    WireTarget.write(socket, OK + "X-Live: 6\r\nContent-Length: 10\r\n\r\nsec");
                });
                WireTarget other = WireTarget.answering(OK + "X-Live: 6\r\nContent-Length: 10\r\n\r\nsecretrest");
                WireClient client = client()) {
            direct(breaks.uri(), other.uri());
            WireClient.Answer answer = client.send(GET).answer();
            assertEquals(byLoop ? 200 : 502, answer.status());
            assertEquals(byLoop ? 1 : 0, told.size());
        }
    }
}
