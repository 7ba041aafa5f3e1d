package com.espra.protoplex.calls;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.test.support.Await;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Calls between nodes that have real listeners. */
public class CallsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestFleet fleet = new TestFleet();
    private TestNode one;
    private TestNode two;

    @Before
    public void start() throws Exception {
        one = fleet.start("one", folder.newFolder("one").toPath());
        two = fleet.start("two", folder.newFolder("two").toPath());
    }

    @After
    public void stop() {
        fleet.close();
    }

    private CallFailedException fails(String role, FleetRequest request) {
        return assertThrows(CallFailedException.class, () -> one.calls.call(role, request));
    }

    @Test
    public void aRoleOfAnotherNodeAnswersWhatWasAsked() throws Exception {
        two.has(
                "greeter",
                request -> FleetResponse.of(418, request.body())
                        .with(
                                "Seen",
                                request.method() + " " + request.path() + " "
                                        + request.headers().get("Given").orElse("-") + " "
                                        + request.origin().hops()));

        FleetResponse response = one.calls.call(
                "greeter",
                FleetRequest.post("/hello/w%C3%B6rld?a=b%2Fc;d", "body".getBytes("UTF-8"))
                        .with("Given", "value"));

        assertEquals(418, response.status());
        assertEquals("body", response.text());
        assertEquals(
                "POST /hello/w%C3%B6rld?a=b%2Fc;d value 1",
                response.headers().get("seen").orElse(""));
        assertEquals(
                Map.of("seen", "POST /hello/w%C3%B6rld?a=b%2Fc;d value 1"),
                response.headers().all());
    }

    @Test
    public void callsGoOverHttp2AlsoThoseWithABody() throws Exception {
        two.has("greeter", request -> FleetResponse.text("x"));
        for (int i = 0; i < 5; i++) {
            one.calls.call("greeter", FleetRequest.post("/", new byte[] {1}));
        }
        assertEquals("every one but the upgrade itself", List.of("HTTP/2.0"), two.protocolsOf("POST"));
    }

    @Test
    public void aRoleOfThisProcessAnswersWithoutASocket() throws Exception {
        two.has("greeter", request -> FleetResponse.text("two"));
        one.has(
                "greeter",
                request -> FleetResponse.text("one " + request.origin().hops()));
        assertEquals("one 1", one.calls.call("greeter", FleetRequest.get("/")).text());
        assertEquals(
                "two", one.calls.call("greeter", "two", FleetRequest.get("/")).text());
        assertEquals(
                "one 1", two.calls.call("greeter", "one", FleetRequest.get("/")).text());
    }

    @Test
    public void theRequestAndItsTraceAreFollowed() throws Exception {
        List<CallOrigin> seen = new ArrayList<>();
        one.has("last", request -> {
            seen.add(request.origin());
            return FleetResponse.text("");
        });
        two.has("first", request -> {
            seen.add(request.origin());
            return two.calls.call("last", FleetRequest.get("/"));
        });
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var _ = one.calls.call("first", FleetRequest.get("/").from(new CallOrigin("request-7", trace, "vendor=1", 0)));

        assertEquals(
                List.of("request-7", "request-7"),
                seen.stream().map(CallOrigin::requestId).toList());
        assertEquals(List.of(1, 2), seen.stream().map(CallOrigin::hops).toList());
        assertEquals(
                List.of("vendor=1", "vendor=1"),
                seen.stream().map(CallOrigin::traceState).toList());
        for (CallOrigin each : seen) {
            assertTrue(
                    each.toString(), each.traceParent().matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01"));
            assertFalse("each has a span of its own", each.traceParent().equals(trace));
        }
        assertFalse(seen.get(0).traceParent().equals(seen.get(1).traceParent()));
    }

    @Test
    public void aCircleEndsAtTheNinthCall() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        two.has("there", request -> {
            calls.incrementAndGet();
            return two.calls.call("back", FleetRequest.get("/"));
        });
        one.has("back", request -> {
            calls.incrementAndGet();
            return one.calls.call("there", FleetRequest.get("/"));
        });
        CallFailedException failure = fails("there", FleetRequest.get("/"));
        assertEquals(Reason.FAILED, failure.reason());
        assertTrue(failure.getMessage(), failure.getMessage().contains("in a circle"));
        assertEquals(8, calls.get());
    }

    @Test
    public void aTargetThatNeverAnswersIsGivenUpAtTheDeadlineAndInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        two.has("silent", request -> {
            calls.incrementAndGet();
            if (request.path().equals("/first")) {
                return FleetResponse.text("the connection is there");
            }
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return FleetResponse.text("");
        });
        var _ = one.calls.call("silent", FleetRequest.get("/first"));
        CallFailedException failure = fails("silent", FleetRequest.get("/").within(Duration.ofMillis(500)));
        assertEquals(failure.toString(), Reason.DEADLINE, failure.reason());
        assertEquals("two", failure.node());
        assertFalse(failure.isNothingDone());
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
        assertEquals(2, calls.get());

        one.has("silent", request -> {
            while (true) {
                try {
                    Thread.sleep(Duration.ofSeconds(1));
                } catch (InterruptedException e) {
                    return FleetResponse.text("broken off");
                }
            }
        });
        assertEquals(
                Reason.DEADLINE,
                fails("silent", FleetRequest.get("/").within(Duration.ofMillis(100)))
                        .reason());
    }

    @Test
    public void whatFailsSaysWhatWhereAndWhy() throws Exception {
        two.has("broken", request -> {
            throw new IllegalStateException("the disk is full\r\nX-Forged: 1");
        });
        CallFailedException failure = fails("broken", FleetRequest.get("/"));
        assertEquals(Reason.FAILED, failure.reason());
        assertTrue(failure.getMessage(), failure.getMessage().contains("broken failed on two"));
        assertTrue(failure.getMessage(), failure.getMessage().contains("the disk is full"));

        CallFailedException nobody = fails("nothing", FleetRequest.get("/"));
        assertEquals(Reason.NOBODY, nobody.reason());
        assertTrue(nobody.getMessage(), nobody.getMessage().startsWith("nothing is not called"));
        CallFailedException nowhere =
                assertThrows(CallFailedException.class, () -> one.calls.call("broken", "three", FleetRequest.get("/")));
        assertTrue(nowhere.getMessage(), nowhere.getMessage().contains("no node three"));
    }

    @Test
    public void whoeverIsDeadIsPassedOver() throws Exception {
        two.has("greeter", request -> FleetResponse.text("two"));
        try (ServerSocket taken = new ServerSocket(0)) {
            fleet.add("dead", Map.of("meta", "http://127.0.0.1:" + taken.getLocalPort()), "greeter");
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    "two",
                    one.calls
                            .call("greeter", FleetRequest.post("/", new byte[] {1}))
                            .text());
        }
        CallFailedException failure =
                assertThrows(CallFailedException.class, () -> one.calls.call("greeter", "dead", FleetRequest.get("/")));
        assertEquals(failure.toString(), Reason.UNREACHABLE, failure.reason());
        assertTrue(failure.isNothingDone());
    }

    @Test
    public void whoeverDiesInTheMiddleIsAskedAgainElsewhereOnlyIfThatIsSafe() throws Exception {
        two.has("greeter", request -> FleetResponse.text("two"));
        try (DyingNode dying = new DyingNode()) {
            fleet.add("dying", Map.of("meta", dying.address()), "greeter");
            AtomicInteger broken = new AtomicInteger();
            for (int i = 0; i < 40; i++) {
                try {
                    assertEquals(
                            "two",
                            one.calls
                                    .call("greeter", FleetRequest.post("/", new byte[] {1}))
                                    .text());
                } catch (CallFailedException e) {
                    assertEquals(e.toString(), Reason.BROKEN, e.reason());
                    assertEquals("dying", e.node());
                    assertFalse(e.isNothingDone());
                    broken.incrementAndGet();
                }
                assertEquals(
                        "two", one.calls.call("greeter", FleetRequest.get("/")).text());
            }
            assertTrue("the one that dies was asked", broken.get() > 0);
        }
    }

    @Test
    public void aNodeThatRestartedIsCalledAgain() throws Exception {
        two.has("greeter", request -> FleetResponse.text("two"));
        assertEquals("two", one.calls.call("greeter", FleetRequest.get("/")).text());
        two.restart();
        Await.until("it is reached again", DEADLINE, () -> {
            try {
                return one.calls.call("greeter", FleetRequest.get("/")).text().equals("two");
            } catch (CallFailedException e) {
                return false;
            }
        });
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    "two",
                    one.calls
                            .call("greeter", FleetRequest.post("/", new byte[] {1}))
                            .text());
        }
    }

    @Test
    public void ofTenThousandCallsAtOnceAFewAreMadeAndTheRestFailsAtOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        two.has("slow", request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            go.await();
            now.decrementAndGet();
            return FleetResponse.text("done");
        });
        Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                all.add(callers.submit(() -> {
                    String outcome;
                    try {
                        outcome = one.calls.call("slow", FleetRequest.get("/")).text();
                    } catch (CallFailedException e) {
                        outcome = e.reason().name();
                    } catch (InterruptedException e) {
                        outcome = "interrupted";
                    }
                    outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
                }));
            }
            Await.until(
                    "the rest has failed",
                    DEADLINE,
                    () -> outcomes.getOrDefault("OVERLOADED", new AtomicInteger())
                                            .get()
                                    >= 9_900
                            && now.get() == 100);
            go.countDown();
            for (Future<?> each : all) {
                var _ = each.get();
            }
        }
        Map<String, Integer> counts = new TreeMap<>();
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.get()));
        assertEquals(Map.of("OVERLOADED", 9_900, "done", 100), counts);
        assertEquals(100, most.get());
    }
}
