package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** HTTP sessions outlive a swap, a roll-back and a restart. */
public class SessionIT extends AppTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** Counts in the session, in an object of a class of the app's own. */
    private static String counter(String version) {
        return servlet("Counter", "/count", """
                HttpSession session = request.getSession();
                if ("out".equals(request.getParameter("do"))) { session.invalidate(); out.print("out"); return; }
                if ("renew".equals(request.getParameter("do"))) { request.changeSessionId(); }
                Count count = (Count) session.getAttribute("count");
                if (count == null) { count = new Count(); session.setAttribute("count", count); session.setAttribute("live", new Object()); }
                count.number++;
                out.print("%s " + count.number + (session.getAttribute("live") == null ? "" : " live"));
                """.formatted(version));
    }

    private static final String COUNT =
            "public class Count implements Serializable { private static final long serialVersionUID = 1; int number; }";

    private void push(String version) throws Exception {
        assertEquals("", push(version, counter(version), COUNT));
    }

    @Test
    public void attributesAreLiveWithinAGeneration() throws Exception {
        push("1.0.0");

        assertEquals("1.0.0 1 live", body("/count"));
        assertEquals("1.0.0 2 live", body("/count"));
    }

    @Test
    public void aSwapAndARollBackKeepTheSession() throws Exception {
        push("1.0.0");
        assertEquals("1.0.0 1 live", body("/count"));

        push("1.0.1");
        assertEquals("1.0.1 2", body("/count"));
        assertEquals("1.0.1 3", body("/count"));

        node().rollback("hello");
        assertEquals("1.0.0 4", body("/count"));
        push("1.0.2");
        assertEquals("1.0.2 5", body("/count"));
    }

    @Test
    public void aRestartKeepsTheSession() throws Exception {
        push("1.0.0");
        assertEquals("1.0.0 1 live", body("/count"));
        assertEquals("1.0.0 2 live", body("/count"));

        node().restart();
        push("1.0.0");

        assertEquals("1.0.0 3", body("/count"));
    }

    @Test
    public void whoLogsOutStaysOut() throws Exception {
        push("1.0.0");
        assertEquals("1.0.0 1 live", body("/count"));
        push("1.0.1");
        assertEquals("1.0.1 2", body("/count"));
        assertEquals("out", body("/count?do=out"));

        node().rollback("hello");
        assertEquals("1.0.0 1 live", body("/count"));
    }

    @Test
    public void aNewIdKeepsTheAttributes() throws Exception {
        push("1.0.0");
        assertEquals("1.0.0 1 live", body("/count"));
        assertEquals("1.0.0 2 live", body("/count?do=renew"));
        push("1.0.1");

        assertEquals("1.0.1 3", body("/count"));
    }

    @Test
    public void twoBrowsersHaveTwoSessions() throws Exception {
        push("1.0.0");
        assertEquals("1.0.0 1 live", body("/count"));
        try (HttpClient other = newClient()) {
            assertEquals("1.0.0 1 live", send(other, request("/count")).body());
        }
        assertEquals("1.0.0 2 live", body("/count"));
    }

    @Test
    public void theCookieIsOfTheAppAndNotForScripts() throws Exception {
        push("1.0.0");

        HttpResponse<String> response = get("/count");

        String cookie = response.headers().firstValue("set-cookie").orElse("none");
        assertTrue(cookie, cookie.startsWith("JSESSIONID-hello="));
        assertTrue(cookie, cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        assertTrue(cookie, cookie.contains("Path=/") && !cookie.contains("Secure"));
    }

    /** Sets an attribute, waits for a file, and sets another one; or shows what is set. */
    private static final String SLOW = servlet("Slow", "/slow", """
            HttpSession session = request.getSession();
            String file = request.getParameter("file");
            if (file != null) {
                session.setAttribute("early", "early");
                while (!new File(file).exists()) {
                    java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
                }
                session.setAttribute("late", "late");
            }
            out.print(session.getAttribute("early") + " " + session.getAttribute("late"));
            """);

    @Test
    public void aRequestThatEndsOnTheOldVersionSharesItsSessionWithTheNewOne() throws Exception {
        assertEquals("", push("1.0.0", SLOW));
        assertEquals("null null", body("/slow"));
        Path go = Files.createTempDirectory("session").resolve("go");
        CompletableFuture<String> old = CompletableFuture.supplyAsync(() -> {
            try {
                return body("/slow?file=" + go);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        Await.until("the request has begun", SOON, () -> body("/slow").equals("early null"));

        assertEquals("", push("1.0.1", SLOW));
        assertEquals("early null", body("/slow"));

        Files.createFile(go);
        assertEquals("early late", old.get(10, TimeUnit.SECONDS));
        Await.until("the new version sees it", SOON, () -> body("/slow").equals("early late"));
    }
}
