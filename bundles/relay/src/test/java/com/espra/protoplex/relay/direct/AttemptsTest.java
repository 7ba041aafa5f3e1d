package com.espra.protoplex.relay.direct;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import java.util.List;
import org.junit.Test;

public class AttemptsTest {

    private final DirectedTraffic traffic = new DirectedTraffic(request -> new Decision.Pass());
    private final RetryBudget budget = new RetryBudget(() -> 0);

    private Attempts attempts(ToldTargets targets, boolean idempotent) {
        return new Attempts(traffic.follow(new Decision.Relay(targets)), budget, idempotent);
    }

    @Test
    public void anIdempotentRequestGoesOnToTheNextTarget() {
        ToldTargets targets = new ToldTargets("http://a:1", "http://b:1");
        Attempts attempts = attempts(targets, true);
        assertEquals("http://a:1", attempts.first().address().toString());
        Target next = attempts.after(Outcome.CLOSED_EARLY, true);
        assertEquals("http://b:1", next.address().toString());
        attempts.answered(200, 5);
        attempts.over(Outcome.ANSWERED);
        assertEquals(List.of("http://a:1 CLOSED_EARLY", "http://b:1 200", "http://b:1 ANSWERED"), targets.told());
        assertEquals(0, traffic.followed());
    }

    @Test
    public void whatMayHaveBeenProcessedIsNotRepeated() {
        ToldTargets targets = new ToldTargets("http://a:1", "http://b:1");
        Attempts attempts = attempts(targets, false);
        attempts.first();
        assertNull(attempts.after(Outcome.CLOSED_UNUSED, true));
        assertEquals(List.of("http://a:1 CLOSED_UNUSED"), targets.told());
        assertEquals(0, traffic.followed());
    }

    @Test
    public void whoseBodyHasGoneIsNotRepeated() {
        Attempts attempts = attempts(new ToldTargets("http://a:1", "http://b:1"), true);
        attempts.first();
        assertNull(attempts.after(Outcome.NO_CONNECTION, false));
    }

    @Test
    public void noTargetIsTriedTwice() {
        ToldTargets targets = new ToldTargets("http://a:1", "http://a:1", "http://b:1");
        Attempts attempts = attempts(targets, true);
        attempts.first();
        assertNull(attempts.after(Outcome.NO_CONNECTION, true));
        assertEquals(List.of("http://a:1 NO_CONNECTION", "http://a:1 CLIENT"), targets.told());
    }

    @Test
    public void atMostThreeAreTried() {
        Attempts attempts = attempts(new ToldTargets("http://a:1", "http://b:1", "http://c:1", "http://d:1"), true);
        attempts.first();
        attempts.after(Outcome.NO_CONNECTION, true);
        assertEquals(
                "http://c:1",
                attempts.after(Outcome.NO_CONNECTION, true).address().toString());
        assertNull(attempts.after(Outcome.NO_CONNECTION, true));
    }

    @Test
    public void retriesHaveABudget() {
        for (int i = 0; i < RetryBudget.ALWAYS; i++) {
            Attempts each = attempts(new ToldTargets("http://a:1", "http://b:1"), true);
            each.first();
            assertEquals(
                    "http://b:1",
                    each.after(Outcome.NO_CONNECTION, true).address().toString());
        }
        // Ten requests came, of which a fifth may be repeated besides.
        int more = 0;
        for (int i = 0; i < 20; i++) {
            Attempts each = attempts(new ToldTargets("http://a:1", "http://b:1"), true);
            each.first();
            more += each.after(Outcome.NO_CONNECTION, true) == null ? 0 : 1;
        }
        assertEquals(6, more);
    }
}
