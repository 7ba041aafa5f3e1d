package com.espra.protoplex.seed.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;

/** The one thread that changes a fleet. */
public class FleetLoopTest {

    private static final long DEADLINE_SECONDS = 20;

    private final SimulatedFleet world = new SimulatedFleet();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicInteger ticks = new AtomicInteger();
    private final FleetLoop loop = new FleetLoop(new Fleet(world, world.key, world, this::now, () -> {}));

    public FleetLoopTest() throws IOException {}

    @After
    public void stop() {
        loop.close();
    }

    private Instant now() {
        if (broken.get()) {
            ticks.incrementAndGet();
            throw new IllegalStateException("the clock stands still");
        }
        return Instant.EPOCH;
    }

    private <T> T call(Callable<T> work) throws Exception {
        return loop.call(work).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    public void allIsDoneOnOneThreadInTheOrderInWhichItCame() throws Exception {
        List<Integer> done = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int each = i;
            loop.run(() -> done.add(each), () -> {}, failure -> {});
        }
        Thread one = call(Thread::currentThread);
        assertNotEquals(Thread.currentThread(), one);
        assertEquals(one, call(Thread::currentThread));
        assertEquals(100, done.size());
        assertEquals(done.stream().sorted().toList(), done);
    }

    @Test
    public void whatFailsTellsWhoAskedAndTheNextIsDone() throws Exception {
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> call(() -> {
                    throw new IOException("disk");
                }));
        assertTrue(failed.toString(), failed.getCause() instanceof IOException);
        assertEquals("next", call(() -> "next"));
    }

    @Test
    public void itGoesOnAfterAnError() throws Exception {
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> call(() -> {
                    throw new StackOverflowError("deep");
                }));
        assertTrue(failed.toString(), failed.getCause() instanceof StackOverflowError);
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        loop.run(
                () -> {
                    throw new StackOverflowError("deep");
                },
                () -> {},
                told::complete);
        assertTrue(told.get(DEADLINE_SECONDS, TimeUnit.SECONDS) instanceof StackOverflowError);
        assertEquals("next", call(() -> "next"));
    }

    @Test
    public void aTickThatFailsIsNotDoneAgainAtOnce() throws Exception {
        broken.set(true);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (ticks.get() == 0) {
            assertTrue("a tick comes", System.nanoTime() < end);
            call(() -> "done");
        }
        int calls = 1000;
        for (int i = 0; i < calls; i++) {
            call(() -> "done");
        }
        assertTrue(ticks + " ticks in " + calls + " calls", ticks.get() < calls / 2);
    }

    @Test
    public void whatIsQueuedWhenItStopsIsStillDoneAndNothingAfterThat() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        loop.run(() -> await(closing), () -> {}, failure -> {});
        CompletableFuture<String> queued = loop.call(() -> "done");
        closing.countDown();
        loop.close();
        assertEquals("done", queued.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
        ExecutionException late = assertThrows(ExecutionException.class, () -> call(() -> "late"));
        assertEquals("the Seed stops", String.valueOf(late.getCause().getMessage()));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
