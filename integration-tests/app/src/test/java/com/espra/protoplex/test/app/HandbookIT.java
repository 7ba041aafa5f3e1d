package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.After;
import org.junit.Test;

/** What docs/writing-handlers.md shows of a class, with what its readers add: a package, imports, and the components that it refers to. */
public class HandbookIT extends AppTest {

    private static final String PAGE = "writing-handlers.md";
    private static final String PACKAGE = "com.example.orders";
    private static final String COMPONENTS = "org.osgi.service.component.annotations.*";

    /** By these an app and this test, who share nothing else, hear of each other. */
    private static final String REACHABLE = "handbook.reachable";

    private static final String REMINDED = "handbook.reminded";

    @After
    public void forget() {
        System.getProperties().remove(REACHABLE);
        System.getProperties().remove(REMINDED);
    }

    private static TestBundle app(String version, String... sources) {
        TestBundle bundle = TestBundle.named(PACKAGE).version(version);
        for (String source : sources) {
            bundle.source(source);
        }
        return bundle;
    }

    private static String servlet() {
        return Handbook.source(
                PAGE,
                "servlet",
                PACKAGE,
                "jakarta.servlet.Servlet",
                "jakarta.servlet.http.*",
                "java.io.IOException",
                COMPONENTS,
                "org.osgi.service.servlet.whiteboard.propertytypes.*");
    }

    @Test
    public void theServletAnswers() throws Exception {
        assertEquals("", push("orders", app("1.0.0", servlet())));
        assertEquals("order /7", body("/orders/7"));
    }

    @Test
    public void theHandlerAnswersForItsHost() throws Exception {
        String handler = Handbook.source(
                PAGE,
                "handler",
                PACKAGE,
                "org.eclipse.jetty.io.Content",
                "org.eclipse.jetty.server.*",
                "org.eclipse.jetty.util.Callback",
                COMPONENTS);
        assertEquals("", push("orders", app("1.0.0", handler)));
        assertEquals(404, get("/events/now").statusCode());
        assertTrue(ofHost("live.example.com", "/events/now").endsWith("what happens at /events/now"));
    }

    /** A browser does not let its user choose the host. */
    private String ofHost(String host, String path) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", node().port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    public void aPushWaitsForTheHealthCheckAndRefusesWhatStaysIll() throws Exception {
        String check = Handbook.source(PAGE, "health check", PACKAGE, "org.apache.felix.hc.api.*", COMPONENTS);
        String database = """
                package %s;
                import java.util.concurrent.atomic.AtomicBoolean;
                import org.osgi.service.component.annotations.*;
                @Component(service = Database.class)
                public class Database {
                    boolean isReachable() {
                        return ((AtomicBoolean) System.getProperties().get("%s")).getAndSet(true);
                    }
                }
                """.formatted(PACKAGE, REACHABLE);
        AtomicBoolean reachable = new AtomicBoolean();
        System.getProperties().put(REACHABLE, reachable);
        assertEquals("reached when it is asked again", "", push("orders", app("1.0.0", servlet(), check, database)));
        assertTrue(reachable.get());

        String ill = push(
                "orders",
                app("1.0.1", servlet(), check, database.replace("getAndSet(true)", "compareAndSet(false, false)")));
        assertTrue(ill, ill.contains("orders database"));
        assertEquals("order /7", body("/orders/7"));
    }

    @Test
    public void theTimerRunsInTheLiveVersion() throws Exception {
        String reminders = Handbook.source(
                PAGE,
                "live",
                PACKAGE,
                "com.espra.protoplex.api.swap.Generation",
                "java.util.concurrent.*",
                COMPONENTS,
                "org.osgi.service.condition.Condition");
        String mail = """
                package %s;
                import java.util.concurrent.CompletableFuture;
                import org.osgi.service.component.annotations.*;
                @Component(service = Mail.class)
                public class Mail {
                    @SuppressWarnings("unchecked") void remind() {
                        ((CompletableFuture<Thread>) System.getProperties().get("%s")).complete(Thread.currentThread());
                    }
                }
                """.formatted(PACKAGE, REMINDED);
        Thread first = reminding("1.0.0", reminders, mail);
        Thread second = reminding("1.0.1", reminders, mail);
        assertTrue("the version before has stopped", first.join(Duration.ofSeconds(10)));
        assertTrue(second.isAlive());
    }

    /** The thread on which the version reminds. */
    private Thread reminding(String version, String... sources) throws Exception {
        CompletableFuture<Thread> reminded = new CompletableFuture<>();
        System.getProperties().put(REMINDED, reminded);
        TestBundle app = app(version, sources).source(servlet());
        assertEquals("", push("orders", app));
        return reminded.get(10, TimeUnit.SECONDS);
    }
}
