package com.espra.protoplex.test.children;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.test.children.TestNode.Kind;
import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.TestBundle;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A parent and its children swap a real app under real load on a socket that they share. */
public class ChildrenIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private TestNode node;

    @Before
    public void start() throws Exception {
        node = new TestNode(folder.newFolder("node-1").toPath());
        node.start("child-1");
        node.start("child-2");
        node.awaitServing("child-1");
        node.awaitServing("child-2");
    }

    @After
    public void stop() throws Exception {
        node.close();
    }

    /** An app that answers with its version and its child; it does not start in a child of the name {@code refusedBy}. */
    private Release release(String unit, String version, String refusedBy) throws Exception {
        Path jar = TestBundle.named("com.example." + unit)
                .version(version)
                .source("""
                        package com.example.%1$s;
                        import jakarta.servlet.Servlet;
                        import jakarta.servlet.http.*;
                        import java.io.IOException;
                        import java.util.Map;
                        import org.osgi.framework.BundleContext;
                        import org.osgi.service.component.annotations.*;
                        @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/%1$s")
                        public class App extends HttpServlet {
                            private final String answer;
                            @Activate public App(BundleContext context, Map<String, Object> configuration) {
                                String child = context.getProperty("protoplex.child");
                                if (child.equals("%3$s")) throw new IllegalStateException("not in " + child);
                                answer = "%2$s " + child + " " + configuration.get("color");
                            }
                            @Override protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                    throws IOException {
                                response.getWriter().print(answer);
                            }
                        }
                        """.formatted(unit, version, refusedBy))
                .build(folder.newFolder().toPath());
        return new Release(
                unit,
                version,
                "digest of " + unit + " " + version,
                List.of(new Release.BundleFile(unit + ".jar", jar)),
                Map.of("com.example." + unit + ".App", Map.of("color", 5)),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
    }

    private static Release inOne(Release release) {
        return new Release(
                release.unit(),
                release.version(),
                release.digest(),
                release.bundles(),
                release.configurations(),
                release.ready(),
                release.drain(),
                release.optionalComponents(),
                release.dropRoutes(),
                release.proved(),
                Release.Kind.ROLE,
                false,
                release.offers(),
                Release.Placement.ONE);
    }

    private Release release(String version) throws Exception {
        return release("hello", version, "nobody");
    }

    private Load load() {
        return new Load(URI.create("http://127.0.0.1:" + node.port(Kind.SERVING) + "/hello"));
    }

    private static void assertDone(Outcome outcome) {
        assertTrue(outcome.reason(), outcome.done());
    }

    @Test
    public void aNodeServesWhenItsChildrenDo() throws Exception {
        node.awaitPhase("serving");
        assertEquals(List.of("http://127.0.0.1:" + node.port(Kind.SERVING)), node.addresses());

        node.stop("child-1");
        assertEquals("one is enough", 1, node.addresses().size());
        node.stop("child-2");

        Await.until("no listener is open", SOON, () -> node.addresses().isEmpty());
        assertTrue(node.status(), node.status().contains("\"starting\""));
    }

    @Test
    public void theOneProcessHasTheUnitsThatArePlacedInOne() throws Exception {
        node.start("single-1", Kind.SINGLE);

        node.awaitServing("single-1");

        try (Socket seed = new Socket(InetAddress.getLoopbackAddress(), node.port(Kind.SINGLE))) {
            seed.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes());
            String answer = new String(seed.getInputStream().readAllBytes());
            assertTrue("nobody is there yet: " + answer, answer.startsWith("HTTP/1.1 503"));
        }
        Await.until(
                "its listener is the parent's, too",
                SOON,
                () -> node.addresses().size() == 2);
        assertDone(node.swap(inOne(release("once", "1.0.0", "child-1"))));
        assertDone(node.swap(release("hello", "1.0.0", "single-1")));
    }

    @Test
    public void swapsUnderLoadLoseNothing() throws Exception {
        assertDone(node.swap(release("1.0.0")));
        try (Load load = load()) {
            load.awaitMore("1.0.0 child-1 5");
            load.awaitMore("1.0.0 child-2 5");
            for (int i = 1; i <= 5; i++) {
                assertDone(node.swap(release("1.0." + i)));
                load.awaitMore("1.0." + i + " child-1 5");
                load.awaitMore("1.0." + i + " child-2 5");
            }
            load.close();
            assertEquals(List.of(), load.failures());
        }
        UnitStatus unit = node.engine().units().getFirst();
        GenerationStatus live = unit.generations().getFirst();
        assertEquals("1.0.5", live.version());
        assertEquals(Phase.LIVE, live.phase());
        assertEquals(live.id(), unit.live());
        assertEquals(6, node.engine().history().size());
        assertEquals(
                "each flip is told once",
                6,
                node.told.stream()
                        .filter(event -> event.step() == Step.FLIP && event.state() == State.DONE)
                        .count());
    }

    @Test
    public void oneChildRefusesAndAllGoBack() throws Exception {
        assertDone(node.swap(release("1.0.0")));
        try (Load load = load()) {
            load.awaitMore("1.0.0 child-1 5");
            load.awaitMore("1.0.0 child-2 5");

            Outcome outcome = node.swap(release("hello", "2.0.0", "child-2"));

            assertFalse(outcome.done());
            assertTrue(outcome.reason(), outcome.reason().startsWith("child-2: "));
            assertTrue(outcome.reason(), outcome.reason().contains("not in child-2"));
            load.awaitMore("1.0.0 child-1 5");
            load.awaitMore("1.0.0 child-2 5");
            long flipped = load.count("2.0.0 child-1 5");
            load.awaitMore("1.0.0 child-1 5");
            assertEquals("nobody is left there", flipped, load.count("2.0.0 child-1 5"));
            assertDone(node.swap(release("2.0.1")));
            load.awaitMore("2.0.1 child-1 5");
            load.close();
            assertEquals(List.of(), load.failures());
        }
        assertEquals(List.of(), node.unwell);
    }

    @Test
    public void aChildThatComesLateHasEverythingBeforeItServes() throws Exception {
        assertDone(node.swap(release("1.0.0")));
        assertDone(node.swap(release("other", "1.0.0", "nobody")));
        try (Load load = load()) {
            load.awaitMore("1.0.0 child-1 5");

            node.start("child-3");
            node.awaitServing("child-3");
            load.awaitMore("1.0.0 child-3 5");
            assertDone(node.swap(release("1.0.1")));
            load.awaitMore("1.0.1 child-3 5");
            node.stop("child-1");
            load.awaitMore("1.0.1 child-3 5");

            load.close();
            assertEquals(List.of(), load.failures());
        }
    }

    @Test
    public void aChildThatIsCutOffHoldsNoSwapUp() throws Exception {
        assertDone(node.swap(release("1.0.0")));
        node.cutOff("child-2");

        assertDone(node.swap(release("1.0.1")));
        node.start("child-2-2");
        node.awaitServing("child-2-2");
        node.stop("child-2");
        node.stop("child-1");

        try (Load load = load()) {
            load.awaitMore("1.0.1 child-2-2 5");
            load.close();
            assertEquals(List.of(), load.failures());
        }
    }

    @Test
    public void aUnitIsRemovedFromAll() throws Exception {
        assertDone(node.swap(release("1.0.0")));

        assertDone(node.engine().remove("hello").get());

        Await.until(
                "nothing of it is left but what is not collected yet",
                SOON,
                () -> node.engine().units().stream()
                        .flatMap(unit -> unit.generations().stream())
                        .allMatch(generation -> generation.phase() == Phase.REMOVED));
        node.start("child-3");
        node.awaitServing("child-3");
        assertEquals(
                "removed",
                Step.REMOVE,
                node.engine().history().getFirst().outcome().failedAt());
    }
}
