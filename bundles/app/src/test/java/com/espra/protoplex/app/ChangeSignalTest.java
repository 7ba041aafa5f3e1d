package com.espra.protoplex.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

/** What foreign code throws stops nothing of ours. */
public class ChangeSignalTest {

    @Test
    public void aListenerThatFailsIsCalledAgainAndHearsOfLaterChanges() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch second = new CountDownLatch(2);
        CountDownLatch third = new CountDownLatch(3);
        try (ChangeSignal signal = new ChangeSignal("hello-1")) {
            signal.listener(() -> {
                second.countDown();
                third.countDown();
                if (calls.incrementAndGet() == 1) {
                    throw new AssertionError("a bad service");
                }
            });
            signal.raise();
            assertTrue(second.await(10, TimeUnit.SECONDS));
            signal.raise();
            assertTrue(third.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    public void aStepThatFailsDoesNotKeepTheOthersFromBeingTaken() {
        List<String> done = new ArrayList<>();

        AppBinding.closeAll(
                "hello-1",
                List.of(
                        () -> done.add("first"),
                        () -> {
                            throw new IllegalStateException("destroy");
                        },
                        () -> {
                            throw new AssertionError("destroy");
                        },
                        () -> done.add("last")));

        assertEquals(List.of("first", "last"), done);
    }
}
