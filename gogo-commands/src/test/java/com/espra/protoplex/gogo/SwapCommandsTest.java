package com.espra.protoplex.gogo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.util.tracker.ServiceTracker;

/** The commands of swaps, run by Gogo on a node whose history is known. */
public class SwapCommandsTest {

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private ThreadIOImpl streams;
    private CommandProcessorImpl processor;
    private CommandSession session;
    private Framework framework;

    @Before
    public void open() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(
                        Map.of(Constants.FRAMEWORK_STORAGE, FOLDER.newFolder().toString()));
        framework.start();
        streams = new ThreadIOImpl();
        streams.start();
        processor = new CommandProcessorImpl(streams);
        processor.addConverter(new RecordFormat());
        SwapCommands commands = new SwapCommands(framework.getBundleContext(), new KnownHistory());
        for (String name : List.of("list", "history", "why", "watch", "__units")) {
            processor.addCommand("swap", commands, name);
        }
        session = processor.createSession(new ByteArrayInputStream(new byte[0]), printed, printed);
    }

    @After
    public void close() throws Exception {
        session.close();
        processor.stop();
        streams.stop();
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(10));
    }

    @Test
    public void listsGenerations() throws Exception {
        String[] lines = print("swap:list").split("\n");
        assertTrue(lines[0], lines[0].matches("UNIT +VERSION +GENERATION +PHASE +SINCE +IN FLIGHT +SERVED +ROUTES"));
        assertTrue(lines[1], lines[1].matches("hello +1\\.0\\.1 +hello-2 +live +[-0-9]+ [:0-9]+ +3 +42 +/hello"));
        assertEquals(List.of("hello"), session.execute("swap:__units"));
    }

    @Test
    public void tellsTheHistory() throws Exception {
        String all = print("swap:history");
        assertTrue(all, all.contains("failed at start"));
        assertEquals(4, all.split("\n").length);
        assertEquals(List.of(), session.execute("swap:history other"));
    }

    @Test
    public void tellsWhyASwapFailedStepByStep() throws Exception {
        String why = print("swap:why hello");
        assertTrue(why, why.contains("REASON     it threw in start: mend the activator"));
        assertTrue(why, why.contains("SERVING    1.0.1 serves on, untouched"));
        assertTrue(why, why.contains("install  done    7.0 ms"));
        assertTrue(why, why.contains("start    failed"));
        assertFalse("the beginning of a step is not one of its ends", why.contains("begun"));
        assertTrue(print("swap:why other").startsWith("no swap of other has failed"));
    }

    @Test
    public void tellsWhatHoldsARemovedGeneration() throws Exception {
        String why = print("swap:why gone");
        assertTrue(why, why.contains("REASON     gone-3 is removed and not collected: thread 'x'"));
        assertTrue(why, why.contains("SERVING    as before"));
        assertTrue(why, why.matches("(?s).*remove +progress .*not collected: thread 'x'.*"));
        assertTrue(print("swap:history gone").contains("failed at remove"));
    }

    @Test
    public void watchesUntilASwapEnds() throws Exception {
        FutureTask<Object> watching = new FutureTask<>(() -> session.execute("swap:watch -n 1 hello"));
        Thread.ofVirtual().start(watching);
        ServiceTracker<SwapListener, SwapListener> listeners =
                new ServiceTracker<>(framework.getBundleContext(), SwapListener.class, null);
        listeners.open();
        SwapListener listener = listeners.waitForService(TimeUnit.SECONDS.toMillis(20));
        listener.swapped(event("other", Step.FLIP, SwapEvent.State.DONE, ""));
        listener.swapped(event("hello", Step.INSTALL, SwapEvent.State.DONE, "2 bundles"));
        listener.swapped(event("hello", Step.FLIP, SwapEvent.State.DONE, ""));
        watching.get(20, TimeUnit.SECONDS);
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text, text.contains("hello 1.0.2  install done  7.0 ms  2 bundles"));
        assertFalse(text, text.contains("other"));
        assertEquals("the listener is gone", null, listeners.getService());
        listeners.close();
    }

    private String print(String command) throws Exception {
        return session.format(session.execute(command), Converter.INSPECT).toString();
    }

    private static SwapEvent event(String unit, Step step, SwapEvent.State state, String detail) {
        return new SwapEvent(TIME, unit, "1.0.2", unit + "-3", step, state, detail, Duration.ofMillis(7));
    }

    /** One unit that serves, one swap that went well and one that did not, and a removal that something holds. */
    private static final class KnownHistory implements SwapEngine {

        @Override
        public List<UnitStatus> units() {
            return List.of(new UnitStatus(
                    "hello",
                    "hello-2",
                    List.of(new GenerationStatus(
                            "hello-2",
                            "1.0.1",
                            "ab",
                            Phase.LIVE,
                            TIME,
                            3,
                            42,
                            List.of("/hello"),
                            List.of("hello 1.0.1")))));
        }

        @Override
        public List<SwapRecord> history() {
            String reason = "it threw in start: mend the activator";
            return List.of(
                    new SwapRecord(
                            TIME,
                            "hello",
                            "1.0.1",
                            "1.0.2",
                            new Outcome(false, Step.START, reason, Duration.ZERO),
                            List.of(
                                    event("hello", Step.INSTALL, SwapEvent.State.BEGUN, ""),
                                    event("hello", Step.INSTALL, SwapEvent.State.DONE, ""),
                                    event("hello", Step.START, SwapEvent.State.FAILED, reason))),
                    new SwapRecord(
                            TIME,
                            "hello",
                            "",
                            "1.0.1",
                            new Outcome(true, Step.REST, "", Duration.ofMillis(12)),
                            List.of()),
                    new SwapRecord(
                            TIME,
                            "gone",
                            "",
                            "1.0.2",
                            new Outcome(
                                    false,
                                    Step.REMOVE,
                                    "gone-3 is removed and not collected: thread 'x'",
                                    Duration.ZERO),
                            List.of(event(
                                    "gone", Step.REMOVE, SwapEvent.State.PROGRESS, "not collected: thread 'x'"))));
        }

        @Override
        public CompletableFuture<Outcome> swap(Release release) {
            throw new UnsupportedOperationException("no command swaps");
        }

        @Override
        public CompletableFuture<Outcome> remove(String unit) {
            throw new UnsupportedOperationException("no command removes");
        }

        @Override
        public void tell(SwapEvent event) {
            throw new UnsupportedOperationException("no command tells");
        }
    }
}
