package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.Test;

/** An app that registers its servlets some time after its start, as a whiteboard on another thread does. */
public class LateRoutesIT extends AppTest {

    private static final int CLIENTS = 4;

    /** Nothing of the app is there when its bundle has started: the servlets come one after the other. */
    private static String late(String answer, String... patterns) {
        return """
                @Component(service = {}, immediate = true)
                public class Late {
                    @Activate public Late(org.osgi.framework.BundleContext context) {
                        later(context, List.of(%s).iterator());
                    }
                    static void later(org.osgi.framework.BundleContext context, Iterator<String> patterns) {
                        java.util.concurrent.CompletableFuture
                                .delayedExecutor(200, java.util.concurrent.TimeUnit.MILLISECONDS)
                                .execute(() -> {
                                    Hashtable<String, Object> properties = new Hashtable<>();
                                    properties.put("osgi.http.whiteboard.servlet.pattern", patterns.next());
                                    context.registerService(Servlet.class, new HttpServlet() {
                                        @Override protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                                throws IOException {
                                            response.getWriter().print("%s");
                                        }
                                    }, properties);
                                    if (patterns.hasNext()) later(context, patterns);
                                });
                    }
                }
                """.formatted("\"" + String.join("\", \"", patterns) + "\"", answer);
    }

    private void awaitBody(String path, String expected) {
        Await.until(path + " answers", Duration.ofSeconds(10), () -> body(path).equals(expected));
    }

    @Test
    public void noRequestIsLostInASwap() throws Exception {
        assertEquals("", push("1.0.0", late("v0", "/late/*", "/later")));
        awaitBody("/late/x", "v0");
        awaitBody("/later", "v0");
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicLong answers = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> clients = IntStream.range(0, CLIENTS)
                .mapToObj(i ->
                        Thread.ofVirtual().start(() -> ask(i % 2 == 0 ? "/late/x" : "/later", over, answers, wrong)))
                .toList();
        try {
            for (int i = 1; i <= 3; i++) {
                long before = answers.get();
                assertEquals("", push("1.0." + i, late("v" + i, "/late/*", "/later")));
                assertEquals("the new one serves at once", "v" + i, body("/late/x"));
                Await.until("the load goes on", Duration.ofSeconds(10), () -> answers.get() > before + 100);
            }
        } finally {
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertEquals("of " + answers.get(), List.of(), List.copyOf(wrong));
    }

    private void ask(String path, AtomicBoolean over, AtomicLong answers, Queue<String> wrong) {
        try (HttpClient client = newClient()) {
            while (!over.get()) {
                HttpResponse<String> answer = send(client, request(path));
                answers.incrementAndGet();
                if (answer.statusCode() != 200 || !answer.body().matches("v[0-3]")) {
                    wrong.add(path + ": " + answer.statusCode() + " " + answer.body());
                }
            }
        } catch (Exception failed) {
            wrong.add(path + ": " + failed);
        }
    }

    @Test
    public void aRouteThatDoesNotComeIsNamedUnlessItMayGo() throws Exception {
        assertEquals("", push("1.0.0", late("v0", "/late/*", "/later")));
        awaitBody("/later", "v0");

        String refused = push("1.0.1", late("v1", "/late/*"));
        assertTrue(refused, refused.contains("it has not the routes /later, which 1.0."));
        assertTrue(refused, refused.contains("--drop-routes"));
        assertEquals("v0", body("/late/x"));
        assertEquals("v0", body("/later"));

        assertEquals("", pushDroppingRoutes("1.0.2", late("v2", "/late/*")));
        awaitBody("/late/x", "v2");
        assertEquals(404, get("/later").statusCode());

        assertEquals("what serves now is what counts", "", push("1.0.3", late("v3", "/late/*")));
        assertEquals("v3", body("/late/x"));
    }
}
