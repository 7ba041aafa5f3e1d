package com.espra.protoplex.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.Rule;
import org.junit.Test;

/** One line a request, with nothing in it that is secret or that a client could forge. */
public class AccessLogTest {

    @Rule
    public final TestGroup group = new TestGroup();

    @Test
    public void aLineSaysWhatWasAskedAndWhoAnswered() throws Exception {
        group.live("app", "7", Handlers.text("hello"), "/a/*");
        try (RawClient client = new RawClient(group.port())) {
            client.get("/a/b?token=secret", "X-Request-Id: r1", "User-Agent: test", "Authorization: Bearer secret");
        }
        Until.until("a line", () -> !group.log.isEmpty());
        String line = group.log.element();

        assertTrue(
                line,
                line.matches(
                        "\\S+Z 127\\.0\\.0\\.1 \"GET /a/b\\?\\.\\.\\. HTTP/1\\.1\" 200 5 \\d+us r1 app@7 \"test\""));
        assertFalse(line, line.contains("secret"));
    }

    @Test
    public void aClientCannotForgeALine() throws Exception {
        group.live("app", "7", Handlers.text("hello"), "/*");
        try (RawClient client = new RawClient(group.port())) {
            client.get("/", "User-Agent: x\" 200 \\ \u00e4");
        }
        Until.until("a line", () -> !group.log.isEmpty());

        String line = group.log.element();
        assertTrue(line, line.endsWith("\"x_ 200 _ _\""));
    }

    @Test
    public void refusedRequestsAreThereToo() throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            client.send("NONSENSE\r\n\r\n");
            assertEquals(400, client.answer().status());
        }
        Until.until("a line", () -> !group.log.isEmpty());

        String line = group.log.element();
        assertTrue(line, line.contains(" 400 "));
    }

    @Test
    public void withoutAccessLogNothingIsWritten() throws Exception {
        group.live("app", "7", Handlers.text("hello"), "/*");
        try (RawClient client = new RawClient(group.port())) {
            Limits off = new Limits(16384, 1000, 100, Limits.DEFAULT.idle(), 1024, Limits.GRACE, 0, false);
            group.group().limit(off);
            client.get("/quiet");
            // The line of a request is due before the next one on its connection begins.
            client.get("/either");
            group.group().limit(Limits.DEFAULT);
            client.get("/loud");
        }
        Until.until("a line", () -> group.log.stream().anyMatch(line -> line.contains("/loud")));
        assertTrue(group.log.stream().noneMatch(line -> line.contains("/quiet")));
    }

    @Test
    public void aSlowDiskCostsLinesAndSaysSo() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        ConcurrentLinkedQueue<String> written = new ConcurrentLinkedQueue<>();
        Group slow = new Group("slow", Limits.DEFAULT, lines -> {
            await(disk);
            written.addAll(List.of(lines.split("\n")));
        });
        try (RawClient client = new RawClient(
                slow.open(new Spec("x", "127.0.0.1", 0, null)).address().getPort())) {
            int requests = 20_000;
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < requests / 100; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100));
                for (int j = 0; j < 100; j++) {
                    statuses.add(client.answer().status());
                }
            }
            assertEquals("requests go on", requests, statuses.size());
            disk.countDown();
            Until.until(
                    "a line says how many were lost",
                    () -> written.stream().anyMatch(line -> line.contains("lines were lost")));
        } finally {
            disk.countDown();
            slow.close();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
