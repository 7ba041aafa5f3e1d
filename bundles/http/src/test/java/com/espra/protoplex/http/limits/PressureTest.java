package com.espra.protoplex.http.limits;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.espra.protoplex.http.Until;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** It begins above 95 %, ends below 90 %, and says each once. */
public class PressureTest {

    private final List<ILoggingEvent> told = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Pressure.class);
    private final Fake one = new Fake("ink");
    private final Fake two = new Fake("paper");
    private final List<String> ends = new CopyOnWriteArrayList<>();

    /** Counts how often it was looked at, so that a test need not wait for a time. */
    private static final class Fake implements WatchedResource {
        private final String name;
        private volatile double used;
        private final AtomicInteger looks = new AtomicInteger();

        private Fake(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public double used() {
            looks.incrementAndGet();
            return used;
        }

        @Override
        public String advice() {
            return "Buy some";
        }

        /** Two whole looks of the watch later. */
        private void become(double share) throws Exception {
            used = share;
            int now = looks.get();
            Until.until("looked at", () -> looks.get() > now + 2);
        }
    }

    @Before
    public void listen() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.list = told;
        appender.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(appender);
    }

    @After
    public void forget() {
        logger.detachAndStopAllAppenders();
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    public void itComesLateAndGoesLate() throws Exception {
        try (Pressure pressure = pressure(Duration.ofHours(1))) {
            one.become(0.94);
            assertFalse(pressure.getAsBoolean());
            one.become(0.96);
            assertTrue(pressure.getAsBoolean());
            one.become(0.92);
            assertTrue("not yet", pressure.getAsBoolean());
            two.become(0.99);
            one.become(0.5);
            assertTrue("the other", pressure.getAsBoolean());
            two.become(0.8);
            assertFalse(pressure.getAsBoolean());
        }
        assertEquals(List.of(), ends);
        assertEquals(
                List.of(
                        "ink: 96 % are used. Requests get 503 until it is less than 90 %. Buy some",
                        "paper: 99 % are used. Requests get 503 until it is less than 90 %. Buy some",
                        "ink: 50 % are used. Requests are answered again",
                        "paper: 80 % are used. Requests are answered again"),
                told.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }

    @Test
    public void aShortageThatLastsIsToldOfAndEndsTheProcess() throws Exception {
        try (Pressure pressure = pressure(Duration.ofMillis(300))) {
            one.become(0.96);
            assertEquals(Optional.empty(), pressure.lasting());

            Until.until("told of", () -> pressure.lasting().isPresent());
            assertTrue(
                    pressure.lasting().toString(),
                    pressure.lasting()
                            .orElseThrow()
                            .matches("ink: too little for \\d+ s, although requests are refused. Buy some"));
            Until.until("it ends", () -> !ends.isEmpty());
            one.become(0.97);
            assertEquals("once", 1, ends.size());

            one.become(0.5);
            assertEquals(Optional.empty(), pressure.lasting());
        }
    }

    private Pressure pressure(Duration lasting) {
        return new Pressure(wake -> List.of(one, two), lasting, ends::add);
    }

    @Test
    public void aWatchThatFailsShedsNothing() throws Exception {
        try (Pressure pressure = new Pressure(
                wake -> {
                    throw new IllegalStateException("no such bean");
                },
                Duration.ZERO,
                ends::add)) {
            Until.until("told", () -> !told.isEmpty());
            assertFalse(pressure.getAsBoolean());
        }
        assertEquals(
                List.of(Level.ERROR), told.stream().map(ILoggingEvent::getLevel).toList());
    }

    @Test
    public void aCollectionThatLeavesTooMuchIsHeardOfAtOnce() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        double nothing = 1e-6;
        try (HeapMemory heap = new HeapMemory(nothing, heard::incrementAndGet)) {
            System.gc();
            Until.until("heard", () -> heard.get() > 0);
            assertTrue(heap.used() > nothing);
        }
    }

    @Test
    public void theResourcesOfThisProcessAreKnown() {
        for (WatchedResource resource : List.of(new HeapMemory(0.95, () -> {}), new DirectMemory(), new OpenFiles())) {
            try (resource) {
                double used = resource.used();
                assertTrue(resource.name() + " " + used, used >= 0 && used < 1);
            }
        }
        assertTrue("this test has files open", new OpenFiles().used() > 0);
    }
}
