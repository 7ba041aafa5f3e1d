package com.espra.protoplex.relay.direct;

import static org.junit.Assert.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class RetryBudgetTest {

    private final AtomicLong now = new AtomicLong();
    private final RetryBudget budget = new RetryBudget(now::get);

    private int retries() {
        int retries = 0;
        while (budget.tryRetry()) {
            retries++;
        }
        return retries;
    }

    @Test
    public void aFifthOfTheRequestsOfTheLastWindowMayBeRepeated() {
        for (int i = 0; i < 1000; i++) {
            budget.request();
        }
        assertEquals(RetryBudget.ALWAYS + 200, retries());
        now.addAndGet(RetryBudget.WINDOW.toNanos());
        assertEquals(RetryBudget.ALWAYS + 200, retries());
    }

    @Test
    public void whatCameLongAgoCountsForLess() {
        for (int i = 0; i < 1000; i++) {
            budget.request();
        }
        now.addAndGet(10 * RetryBudget.WINDOW.toNanos());
        assertEquals(RetryBudget.ALWAYS + 20, retries());
    }
}
