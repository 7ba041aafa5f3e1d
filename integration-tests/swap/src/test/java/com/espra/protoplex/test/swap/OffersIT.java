package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.test.support.TestBundle;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.Test;
import org.osgi.framework.ServiceReference;

/** A unit uses what another one offers, while that one is swapped. */
public class OffersIT extends SwapTest {

    private static final int CLIENTS = 4;

    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean running = true;

    /** A unit that offers its version; if there is a latch, a call waits for it first. */
    private TestBundle offering(String unit, String version) {
        String name = "com.example." + unit;
        return TestBundle.named(name)
                .version(version)
                .resource("version.txt", version)
                .source("""
                package %s;
                import java.nio.charset.StandardCharsets;
                import java.util.concurrent.CountDownLatch;
                import java.util.function.Supplier;
                import org.osgi.service.component.annotations.*;
                @Component(property = "protoplex.offer:Boolean=true")
                public class Offering implements Supplier<String> {
                    @Override public String get() {
                        try {
                            if (System.getProperties().remove("offers.begun") instanceof CountDownLatch begun) {
                                begun.countDown();
                                ((CountDownLatch) System.getProperties().remove("offers.go")).await();
                            }
                            try (var in = getClass().getResourceAsStream("/version.txt")) {
                                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                            }
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }
                """.formatted(name));
    }

    private Release user() {
        return release(
                "user",
                "1.0.0",
                handler(
                                "com.example.user",
                                "1.0.0",
                                "/user",
                                "@Reference(target = \"(protoplex.unit=counter)\") java.util.function.Supplier<String> offered;",
                                "System.identityHashCode(this) + \" \" + offered.get()")
                        .build(folder));
    }

    private static Release with(Release made, Release.Kind kind, boolean takeOver, String... offers) {
        return new Release(
                made.unit(),
                made.version(),
                made.digest(),
                made.bundles(),
                made.configurations(),
                made.ready(),
                made.drain(),
                Set.of(),
                false,
                false,
                kind,
                takeOver,
                Set.of(offers));
    }

    private List<String> call(String path) throws Exception {
        List<String> got = new ArrayList<>();
        while (running) {
            got.add(get(path));
            answered.incrementAndGet();
        }
        return got;
    }

    /** What clients of the path got during these swaps. */
    private List<String> underLoad(String path, List<Release> swaps) throws Exception {
        List<String> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<List<String>>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(clients.submit(() -> call(path)));
            }
            try {
                for (Release next : swaps) {
                    int before = answered.get();
                    awaitLoad("requests are answered", () -> answered.get() >= before + 10);
                    swapDone(next);
                }
            } finally {
                running = false;
            }
            for (Future<List<String>> load : loads) {
                all.addAll(load.get(20, TimeUnit.SECONDS));
            }
        }
        return all;
    }

    private List<ServiceReference<?>> published() throws Exception {
        ServiceReference<?>[] found =
                context().getServiceReferences(Supplier.class.getName(), "(protoplex.offer=true)");
        return found == null ? List.of() : List.of(found);
    }

    @Test
    public void oneProxyStaysThroughSwapsAndNoCallFails() throws Exception {
        swapDone(release("counter", "1.0.0", offering("counter", "1.0.0").build(folder)));
        swapDone(user());
        ServiceReference<?> found = published().iterator().next();
        List<Release> swaps = new ArrayList<>();
        Set<String> versions = new TreeSet<>(Set.of("1.0.0"));
        for (int i = 1; i <= 20; i++) {
            versions.add("1.0." + i);
            swaps.add(release(
                    "counter", "1.0." + i, offering("counter", "1.0." + i).build(folder)));
        }
        Set<String> components = new HashSet<>();
        for (String answer : underLoad("/user", swaps)) {
            String[] parts = answer.split(" ");
            assertTrue(answer, parts.length == 2 && versions.contains(parts[1]));
            components.add(parts[0]);
        }
        assertEquals("the component that uses it was not activated anew", 1, components.size());
        assertEquals(List.of(found), List.copyOf(published()));
        engine.remove("counter").get(20, TimeUnit.SECONDS);
        assertEquals(List.of(), List.copyOf(published()));
        assertServes("/user", "status 404");
    }

    @Test
    public void aCallEndsOnTheGenerationWhereItBegan() throws Exception {
        swapDone(release("counter", "1.0.0", offering("counter", "1.0.0").build(folder)));
        swapDone(user());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        System.getProperties().put("offers.go", go);
        System.getProperties().put("offers.begun", begun);
        CompletableFuture<HttpResponse<String>> first = begin("/user");
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        swapDone(release("counter", "1.0.1", offering("counter", "1.0.1").build(folder)));
        assertTrue(get("/user").endsWith(" 1.0.1"));
        assertTrue("the call is in flight in the old one", inFlight("counter") == 1);
        go.countDown();
        String body = first.get(10, TimeUnit.SECONDS).body();
        assertTrue(body, body.endsWith(" 1.0.0"));
        awaitLoad("it rests", () -> inFlight("counter") == 0);
    }

    private long inFlight(String unit) {
        return engine.units().stream()
                .filter(each -> each.unit().equals(unit))
                .flatMap(each -> each.generations().stream())
                .mapToLong(generation -> generation.inFlight())
                .sum();
    }

    private Release ledger(String version) {
        return with(
                release(
                        "counter",
                        version,
                        TestBundle.named("com.example.ledger")
                                .version(version)
                                .source("""
                                        package com.example.ledger;
                                        import com.espra.protoplex.api.node.Node;
                                        import com.espra.protoplex.api.swap.Generation;
                                        import com.espra.protoplex.files.FolderLock;
                                        import java.nio.file.*;
                                        import java.time.Duration;
                                        import java.util.function.Supplier;
                                        import org.osgi.service.component.annotations.*;
                                        import org.osgi.service.condition.Condition;
                                        @Component(property = "protoplex.offer:Boolean=true")
                                        public class Ledger implements Supplier<String> {
                                            private final FolderLock lock;
                                            private final Path file;
                                            private int count;
                                            private boolean open = true;
                                            @Activate
                                            public Ledger(@Reference Node node, @Reference(target = Generation.LIVE) Condition live)
                                                    throws Exception {
                                                lock = FolderLock.take(node.data("ledger"), Duration.ZERO);
                                                file = node.data("ledger").resolve("count");
                                                count = Files.exists(file) ? Integer.parseInt(Files.readString(file)) : 0;
                                            }
                                            @Override public synchronized String get() {
                                                if (!open) throw new IllegalStateException("closed");
                                                return Integer.toString(++count);
                                            }
                                            @Deactivate synchronized void close() throws Exception {
                                                open = false;
                                                Files.writeString(file, Integer.toString(count));
                                                lock.close();
                                            }
                                        }
                                        """)
                                .build(folder)),
                Release.Kind.ROLE,
                true,
                "java.util.function.Supplier");
    }

    @Test
    public void callsWaitWhileWhatIsOfferedIsTakenOver() throws Exception {
        swapDone(ledger("1.0.0"));
        swapDone(user());
        List<Release> swaps = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            swaps.add(ledger("1.0." + i));
        }
        List<String> all = underLoad("/user", swaps);
        Set<String> numbers = new HashSet<>();
        for (String answer : all) {
            String[] parts = answer.split(" ");
            assertTrue(answer, parts.length == 2 && parts[1].matches("\\d+"));
            assertTrue("twice: " + answer, numbers.add(parts[1]));
        }
        assertTrue(numbers.contains(Integer.toString(all.size())));
    }

    @Test
    public void anInterfaceOfTheUnitsOwnIsRefusedByName() throws Exception {
        Outcome refused = swapRefused(release(
                "own",
                "1",
                TestBundle.named("com.example.own").source("""
                package com.example.own;
                public interface Own {}
                """).source("""
                package com.example.own;
                import org.osgi.service.component.annotations.Component;
                @Component(property = "protoplex.offer:Boolean=true")
                public class Offering implements Own {}
                """).build(folder)));
        assertTrue(
                refused.reason(),
                refused.reason().contains("com.example.own offers com.example.own.Own, a class of its own"));
    }

    @Test
    public void whatIsTheKernelsIsOfferedByNobody() throws Exception {
        Outcome refused = swapRefused(release(
                "forger",
                "1",
                TestBundle.named("com.example.forger").source("""
                package com.example.forger;
                import com.espra.protoplex.api.swap.*;
                import org.osgi.service.component.annotations.Component;
                @Component(property = "protoplex.offer:Boolean=true")
                public class Offering implements SwapListener {
                    @Override public void swapped(SwapEvent event) {}
                }
                """).build(folder)));
        assertTrue(refused.reason(), refused.reason().contains("SwapListener, which no app may offer"));
    }

    @Test
    public void anOfferThatIsDeclaredAndDoesNotComeIsRefused() throws Exception {
        Release silent = release(
                "silent",
                "1",
                handler("com.example.silent", "1", "/silent", "\"x\"").build(folder));
        Release declared = new Release(
                silent.unit(),
                silent.version(),
                silent.digest(),
                silent.bundles(),
                silent.configurations(),
                java.time.Duration.ofMillis(500),
                silent.drain(),
                Set.of(),
                false,
                false,
                Release.Kind.APP,
                false,
                Set.of("java.util.function.Supplier"));
        Outcome refused = swapRefused(declared);
        assertTrue(
                refused.reason(),
                refused.reason().contains("it does not offer java.util.function.Supplier, as its feature says"));
    }

    private Release asking(String unit) {
        return release(
                unit,
                "1",
                handler(
                                "com.example." + unit,
                                "1",
                                "/" + unit,
                                "@Reference(cardinality = ReferenceCardinality.OPTIONAL)"
                                        + " com.espra.protoplex.api.call.FleetHandler offered;",
                                "String.valueOf(offered)")
                        .build(folder));
    }

    @Test
    public void whatTakesCallsIsFoundByRolesAlone() throws Exception {
        Release answering = release(
                "answering",
                "1",
                TestBundle.named("com.example.answering").source("""
                package com.example.answering;
                import com.espra.protoplex.api.call.*;
                import org.osgi.service.component.annotations.Component;
                @Component(property = "protoplex.offer:Boolean=true")
                public class Answering implements FleetHandler {
                    @Override public FleetResponse handle(FleetRequest request) { return FleetResponse.text("x"); }
                }
                """).build(folder));
        Outcome refused = swapRefused(answering);
        assertTrue(refused.reason(), refused.reason().contains("FleetHandler, which no app may offer"));
        swapDone(with(answering, Release.Kind.ROLE, false));
        swapDone(asking("app"));
        swapDone(with(asking("role"), Release.Kind.ROLE, false));
        assertEquals("null", get("/app"));
        assertTrue(get("/role"), get("/role").contains("FleetHandler of answering"));
    }

    @Test
    public void twoUnitsThatOfferOneInterfaceAreBothFound() throws Exception {
        swapDone(release("first", "1.0.0", offering("first", "1.0.0").build(folder)));
        swapDone(release("second", "1.0.0", offering("second", "1.0.0").build(folder)));
        Set<Object> units = new HashSet<>();
        published().forEach(each -> units.add(each.getProperty("protoplex.unit")));
        assertEquals(Set.of("first", "second"), units);
    }
}
