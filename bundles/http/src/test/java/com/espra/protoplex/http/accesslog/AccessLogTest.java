package com.espra.protoplex.http.accesslog;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
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
    public void whatIsTooLongIsCut() throws Exception {
        group.live("app", "7", Handlers.text("hello"), "/*");
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(
                    200,
                    client.get("/" + "a".repeat(3000), "User-Agent: " + "\"".repeat(2000))
                            .status());
        }
        Until.until("a line", () -> !group.log.isEmpty());

        String line = group.log.element();
        assertTrue(line, line.contains("... HTTP/1.1\" 200 5 "));
        assertTrue(line, line.length() < LineBuffer.MAX_LINE);
    }

    @Test
    public void aClientCannotForgeALine() throws Exception {
        group.live("app", "7", Handlers.text("hello"), "/*");
        try (RawClient client = new RawClient(group.port())) {
            client.get("/", "User-Agent: x\" 200 \\ \u00e4");
        }
        Until.until("a line", () -> !group.log.isEmpty());

        String line = group.log.element();
        assertTrue(line, line.endsWith("\"x\\x22 200 \\x5C \\xE4\""));
    }

    @Test
    public void addressesCanBeCutToTheirNetwork() throws Exception {
        group.accessLog().wholeAddresses(false);
        int six = group.group()
                .open(new ListenerSettings("six", "::1", 0, null))
                .address()
                .getPort();
        try (RawClient client = new RawClient(group.port());
                RawClient client6 = new RawClient(InetAddress.getByName("::1"), six)) {
            client.get("/four");
            client6.get("/six");
        }
        Until.until("two lines", () -> group.log.size() == 2);
        String lines = String.join("\n", group.log);
        assertTrue(lines, lines.contains("Z 127.0.0.0 \"GET /four"));
        assertTrue(lines, lines.contains("Z 0:0:0:0:0:0:0:0 \"GET /six"));
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
        StringBuffer written = new StringBuffer();
        AccessLog log = new AccessLog(lines -> {
            await(disk);
            written.append(StandardCharsets.US_ASCII.decode(lines));
        });
        int requests = 20_000;
        try (ListenerGroup slow = new ListenerGroup("slow", Limits.DEFAULT, log);
                RawClient client = new RawClient(open(slow))) {
            for (int i = 0; i < requests / 100; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100));
                for (int j = 0; j < 100; j++) {
                    assertEquals("requests go on", 404, client.answer().status());
                }
            }
        } finally {
            disk.countDown();
            log.close();
        }
        Matcher lost = Pattern.compile("- (\\d+) lines were lost").matcher(written);
        assertTrue("a line says how many were lost", lost.find());
        long there = written.toString().lines().count();
        assertEquals("each is there or told", requests, there - 1 + Long.parseLong(lost.group(1)));
    }

    /** As on a machine with more to do than it has cores: whoever has a buffer may have to wait for one of them. */
    @Test
    public void aLineWaitsWhileOthersHaveAllBuffers() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch logged = new CountDownLatch(1);
        AtomicReference<Runnable> line = new AtomicReference<>();
        Handler handler = Handlers.of((request, response, callback) -> {
            line.set(() -> group.accessLog().log(request, response));
            asked.countDown();
            await(logged);
            callback.succeeded();
        });
        group.live("app", "7", handler, "/*");
        CountDownLatch core = new CountDownLatch(1);
        try (RawClient client = new RawClient(group.port())) {
            client.send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
            await(asked);
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < AccessLog.BUFFERS; i++) {
                Thread other = Thread.ofPlatform().start(() -> writeWhen(core));
                others.add(other);
                Until.until("it has a buffer", () -> other.getState() == Thread.State.WAITING);
            }
            Thread one = Thread.ofPlatform().start(line.get());
            Until.until("it waits, or gives up", () -> switch (one.getState()) {
                case TIMED_WAITING, TERMINATED -> true;
                default -> false;
            });
            core.countDown();
            one.join();
            for (Thread other : others) {
                other.join();
            }
        } finally {
            core.countDown();
            logged.countDown();
        }
        Until.until("its line, and that of the request itself", () -> group.log.size() == 2);
        assertTrue(group.log.toString(), group.log.stream().allMatch(each -> each.contains("\"GET /waits HTTP/1.1\"")));
    }

    /** Takes a buffer, and has no line to write when it goes on. */
    private void writeWhen(CountDownLatch core) {
        Request request = (Request) Proxy.newProxyInstance(
                Request.class.getClassLoader(), new Class<?>[] {Request.class}, (proxy, method, arguments) -> {
                    await(core);
                    throw new IllegalStateException("no line");
                });
        Response response = (Response) Proxy.newProxyInstance(
                Response.class.getClassLoader(), new Class<?>[] {Response.class}, (proxy, method, arguments) -> {
                    await(core);
                    throw new IllegalStateException("no line");
                });
        assertThrows(IllegalStateException.class, () -> group.accessLog().log(request, response));
    }

    @Test
    public void manyAtOnceWriteWholeLinesAndLoseNone() throws Exception {
        group.live("app", "7", Handlers.text("hello"), "/*");
        int clients = 32;
        int each = 500;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                String path = "/" + i + "-";
                all.add(threads.submit(() -> {
                    try (RawClient client = new RawClient(group.port())) {
                        for (int j = 0; j < each; j++) {
                            assertEquals(200, client.get(path + j).status());
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        Until.until("all lines", () -> group.log.size() >= clients * each);
        Pattern form =
                Pattern.compile("\\S+Z 127\\.0\\.0\\.1 \"GET (/\\d+-\\d+) HTTP/1\\.1\" 200 5 \\d+us \\w+ app@7 \"-\"");
        Set<String> paths = new HashSet<>();
        for (String line : group.log) {
            Matcher match = form.matcher(line);
            assertTrue(line, match.matches());
            paths.add(match.group(1));
        }
        assertEquals("each request once", clients * each, paths.size());
        assertEquals(clients * each, group.log.size());
    }

    private static int open(ListenerGroup group) throws IOException {
        return group.open(new ListenerSettings("x", "127.0.0.1", 0, null))
                .address()
                .getPort();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
