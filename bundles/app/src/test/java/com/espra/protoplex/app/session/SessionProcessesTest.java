package com.espra.protoplex.app.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Browsers of two processes that share a folder of sessions: real ones, over HTTP, that are killed while they serve. */
public class SessionProcessesTest {

    private static final int KILLS = Boolean.getBoolean("soak") ? 50 : 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ClassRule
    public static final TemporaryFolder temporary = new TemporaryFolder();

    private static final AtomicReferenceArray<Served> children = new AtomicReferenceArray<>(2);

    /** A process, and where it is reached. */
    private record Served(Process process, int port) {}

    @BeforeClass
    public static void start() throws Exception {
        for (int i = 0; i < children.length(); i++) {
            children.set(i, child());
        }
    }

    @AfterClass
    public static void stop() throws Exception {
        for (int i = 0; i < children.length(); i++) {
            children.get(i).process.destroyForcibly().waitFor();
        }
    }

    private static Served child() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        classes,
                        SessionServer.class.getName(),
                        temporary.getRoot().toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(new File(temporary.getRoot(), "errors.log")))
                .start();
        BufferedReader out = process.inputReader();
        String port = out.readLine();
        while (port != null && !port.matches("[0-9]+")) {
            port = out.readLine();
        }
        return new Served(process, Integer.parseInt(String.valueOf(port)));
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .connectTimeout(PATIENCE)
                .build();
    }

    private int get(HttpClient browser, int child, String path) throws IOException, InterruptedException {
        // Cookies know no ports: the browser takes both children for one node.
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + children.get(child).port + path))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> response = browser.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(response.body(), 200, response.statusCode());
        return Integer.parseInt(response.body());
    }

    @Test
    public void aUserIsKnownWhoeverAnswers() throws Exception {
        try (HttpClient browser = browser()) {
            for (int i = 1; i <= 100; i++) {
                assertEquals(i, get(browser, i % 2, "/count"));
                assertEquals(i, get(browser, (i + 1) % 2, "/read"));
            }
        }
    }

    @Test
    public void whoLogsOutIsOutEverywhere() throws Exception {
        try (HttpClient browser = browser()) {
            assertEquals(1, get(browser, 0, "/count"));
            assertEquals(2, get(browser, 1, "/count"));
            assertEquals(0, get(browser, 0, "/out"));
            assertEquals(0, get(browser, 1, "/read"));
            assertEquals(1, get(browser, 1, "/count"));
        }
    }

    @Test
    public void aNewIdIsKnownEverywhere() throws Exception {
        try (HttpClient browser = browser()) {
            assertEquals(1, get(browser, 0, "/count"));
            assertEquals(1, get(browser, 1, "/renew"));
            assertEquals(2, get(browser, 0, "/count"));
        }
    }

    @Test
    public void aRestartOfTheNodeKeepsTheSession() throws Exception {
        try (HttpClient browser = browser()) {
            assertEquals(1, get(browser, 0, "/count"));
            for (int i = 0; i < children.length(); i++) {
                children.get(i).process.getOutputStream().close();
                assertTrue(children.get(i).process.waitFor(30, TimeUnit.SECONDS));
                assertEquals(0, children.get(i).process.exitValue());
            }
            start();
            assertEquals(2, get(browser, 1, "/count"));
        }
    }

    /** What a response has told is never lost; what no response has told may be. */
    @Test
    public void killedProcessesTakeNothingWithThemThatAResponseHasTold() throws Exception {
        AtomicInteger kills = new AtomicInteger();
        try (ExecutorService users = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> counted = new ArrayList<>();
            for (int user = 0; user < 3; user++) {
                Random random = new Random(user);
                counted.add(users.submit(() -> browse(random, kills)));
            }
            Random random = new Random(4711);
            while (kills.get() < KILLS) {
                int victim = random.nextInt(children.length());
                children.get(victim).process.destroyForcibly().waitFor();
                children.set(victim, child());
                kills.incrementAndGet();
            }
            for (Future<Integer> user : counted) {
                assertTrue(user.get(60, TimeUnit.SECONDS) > 6);
            }
        }
    }

    private Integer browse(Random random, AtomicInteger kills) throws Exception {
        int told = 0;
        int untold = 0;
        try (HttpClient browser = browser()) {
            while (kills.get() < KILLS) {
                try {
                    int now = get(browser, random.nextInt(children.length()), "/count");
                    assertTrue(now + " after " + told, now > told && now <= told + untold + 1);
                    told = now;
                    untold = 0;
                } catch (IOException killed) {
                    untold++;
                }
            }
        }
        return told;
    }
}
