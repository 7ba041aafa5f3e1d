package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEngine.Phase;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.SynchronousBundleListener;

/** A unit goes from version to version, and back. */
public class SwapIT extends SwapTest {

    private Release hello(String version) {
        return release(
                "hello",
                version,
                handler("com.example.hello", version, "/hello", "\"v" + version + "\"")
                        .build(folder));
    }

    @Test
    public void theNewVersionServesAndTheOldOneRests() throws Exception {
        swapDone(hello("1.0.0"));
        assertServes("/hello", "v1.0.0");
        swapDone(hello("1.0.1"));
        assertServes("/hello", "v1.0.1");

        awaitLoad("the old one rests", () -> phases().equals(List.of(Phase.LIVE, Phase.RESTING)));
        List<String> steps = List.of(
                "PREFLIGHT DONE", "INSTALL DONE", "START DONE", "READY DONE", "FLIP DONE", "DRAIN DONE", "REST DONE");
        awaitLoad("every step is told", () -> events.steps().containsAll(steps));
    }

    @Test
    public void rollBackIsAFlipToWhatIsStillThere() throws Exception {
        Release first = hello("1.0.0");
        swapDone(first);
        swapDone(hello("1.0.1"));
        awaitLoad("the old one rests", () -> phases().contains(Phase.RESTING));
        events.clear();

        swapDone(first);

        assertServes("/hello", "v1.0.0");
        assertTrue(events.steps().toString(), !events.steps().contains("INSTALL BEGUN"));
    }

    @Test
    public void requestsInFlightLoadClassesAndResourcesOfTheirOwnBundleAfterTheFlip() throws Exception {
        Release slow = release(
                "slow",
                "1.0.0",
                handler("com.example.slow", "1.0.0", "/slow", "Late.wait(getClass())")
                        .source("""
                                package com.example.slow;
                                public class Late {
                                    public static String wait(Class<?> user) throws Exception {
                                        while (System.getProperty("swap.test.go") == null) Thread.onSpinWait();
                                        try (java.io.InputStream in = user.getResourceAsStream("/late.txt")) {
                                            return Later.NAME + new String(in.readAllBytes());
                                        }
                                    }
                                }
                                """)
                        .source("package com.example.slow; class Later { static final String NAME = \"later\" + 1; }")
                        .resource("late.txt", " and late")
                        .build(folder));
        swapDone(slow);
        var inFlight = begin("/slow");
        awaitLoad(
                "a request is in flight",
                () -> engine.units().getFirst().generations().getFirst().inFlight() == 1);
        try {
            swapDone(release(
                    "slow",
                    "1.0.1",
                    handler("com.example.slow", "1.0.1", "/slow", "\"new\"").build(folder)));
            assertServes("/slow", "new");
            assertEquals(List.of(Phase.LIVE, Phase.DRAINING), phases());
        } finally {
            System.setProperty("swap.test.go", "yes");
        }
        assertEquals("later1 and late", inFlight.get(10, TimeUnit.SECONDS).body());
        System.clearProperty("swap.test.go");
    }

    @Test
    public void noBundleOutsideTheUnitChangesState() throws Exception {
        swapDone(release(
                "other",
                "1.0.0",
                handler("com.example.other", "1.0.0", "/other", "\"other\"").build(folder)));
        swapDone(hello("1.0.0"));
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        BundleListener bundles = (SynchronousBundleListener) event -> record(seen, event);
        context().addBundleListener(bundles);
        try {
            for (int i = 1; i <= 5; i++) {
                swapDone(hello("1.0." + i));
            }
            engine.remove("hello").get(20, TimeUnit.SECONDS);
        } finally {
            context().removeBundleListener(bundles);
        }
        assertEquals(List.of(), List.copyOf(seen));
    }

    /**
     * A refresh stops and resolves bundles anew, which these events would show. (Felix announces "packages refreshed" whenever a
     * bundle that nobody uses is uninstalled: that one touches nothing else.)
     */
    private static void record(ConcurrentLinkedQueue<String> seen, BundleEvent event) {
        Bundle bundle = event.getBundle();
        if (!bundle.getLocation().startsWith("app:hello:")) {
            seen.add(bundle + " " + event.getType());
        }
    }

    @Test
    public void aRouteOfAnotherUnitIsRefusedBeforeTheFlip() throws Exception {
        swapDone(hello("1.0.0"));
        Outcome outcome = swapRefused(release(
                "thief",
                "1.0.0",
                handler("com.example.thief", "1.0.0", "/hello", "\"stolen\"").build(folder)));
        assertTrue(outcome.reason(), outcome.reason().contains("/hello belongs to hello"));
        assertServes("/hello", "v1.0.0");
        assertEquals(
                List.of(),
                generationBundles().stream().filter(at -> at.contains("thief")).toList());
    }

    @Test
    public void theNextReleaseIsInstalledWhereItIsPrepared() throws Exception {
        swapDone(hello("1.0.0"));
        awaitLoad("the next place is prepared", () -> !adapter.atRest.isEmpty());
        String place = adapter.atRest.iterator().next();
        assertServes("/hello", "v1.0.0");
        swapDone(hello("1.0.1"));
        assertServes("/hello", "v1.0.1");
        assertEquals(place, engine.units().getFirst().live());
    }

    @Test
    public void aRemovedUnitLeavesNoBundle() throws Exception {
        swapDone(hello("1.0.0"));
        swapDone(hello("1.0.1"));
        Outcome outcome = engine.remove("hello").get(20, TimeUnit.SECONDS);
        assertTrue(outcome.toString(), outcome.done());
        assertServes("/hello", "status 404");
        assertEquals(List.of(), allOfGenerations());
    }

    private List<Phase> phases() {
        return engine.units().getFirst().generations().stream()
                .map(generation -> generation.phase())
                .filter(phase -> phase != Phase.REMOVED)
                .toList();
    }
}
