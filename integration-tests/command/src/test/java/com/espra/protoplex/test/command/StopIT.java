package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** SIGTERM while requests come and go. */
public class StopIT {

    @Rule
    public final Fleet fleet = new Fleet();

    @Test
    public void aSignalToUpStopsTheFleetInOrderAndNoAnswerIsBroken() throws Exception {
        Process up = fleet.upInForeground();
        CompletableFuture<HttpResponse<String>> slow = slowRequest();
        try (ClosableLoad load = new ClosableLoad(fleet.port(8080), "/hello", 32)) {
            Await.until("load", Fleet.DEADLINE, () -> load.answers() > 1000);

            up.destroy();

            assertEquals(
                    "slow",
                    slow.get(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS).body());
            assertTrue("up ends", up.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            load.assertNothingBroke();
        }
        fleet.result(up).succeeded();
        assertTrue(fleet.result(up).toString(), fleet.result(up).output().contains("The fleet has stopped"));
        assertFalse(Fleet.isRunning(fleet.pid("node-1")));
        String log = Files.readString(fleet.node("node-1").resolve("log/node.log"));
        assertTrue(log, log.contains("The node has stopped"));
        assertFalse(log, log.contains("ERROR"));
        String console = Files.readString(fleet.node("node-1").resolve("log/console.log"));
        assertFalse(console, console.contains("Exception"));
    }

    @Test
    public void aSignalToANodeEndsItWithStatus0() throws Exception {
        Process up = fleet.upInForeground();
        CompletableFuture<HttpResponse<String>> slow = slowRequest();

        ProcessHandle.of(fleet.pid("node-1")).orElseThrow().destroy();

        assertEquals(
                "slow", slow.get(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS).body());
        assertTrue("up ends", up.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        Fleet.Result result = fleet.result(up).failedWith(1);
        assertTrue(result.toString(), result.errors().contains("node-1 ended with status 0"));
    }

    /** A request that is under way, and takes a second. */
    private CompletableFuture<HttpResponse<String>> slowRequest() throws Exception {
        Path reached = fleet.root().resolve("reached");
        Path jar = Apps.with("hello", "1.0.0", """
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    if (request.getPathInfo() == null) {
                        response.getWriter().print("hello");
                        return;
                    }
                    java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "");
                    try {
                        Thread.sleep(1000);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    response.getWriter().print("slow");
                }
                """.formatted(reached)).build(fleet.root());
        fleet.run("push", jar.toString()).succeeded();
        CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(() -> {
            try {
                return fleet.get("/hello/slow");
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        Await.until("the slow request is under way", Fleet.DEADLINE, () -> Files.exists(reached));
        return slow;
    }
}
