package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.proxy.server.config.Rate;
import com.espra.protoplex.proxy.server.limit.RateLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Too many requests of a client, or to a route, are refused. */
final class LimitStep implements DecisionStep {

    private final RateLimits limits;

    LimitStep(RateLimits limits) {
        this.limits = limits;
    }

    @Override
    public @Nullable Decision decide(Asked asked) {
        List<Rate> rates = asked.table().rules().limits().match(asked.host(), asked.path());
        if (rates == null) {
            return null;
        }
        if (asked.isTraced()) {
            asked.note("limits: " + rates);
            return null;
        }
        RateLimits.Reached reached = limits.count(rates, asked.request().client());
        return reached == null
                ? null
                : OwnAnswers.tooMany(
                        asked.table().rules(),
                        "more requests than "
                                + (reached.rate().ofClient() ? "one client may make here" : "this may have")
                                + ": " + reached.rate().requests() + " in "
                                + reached.rate().seconds()
                                + " s; come again in " + reached.retrySeconds() + " s",
                        reached.fields());
    }
}
