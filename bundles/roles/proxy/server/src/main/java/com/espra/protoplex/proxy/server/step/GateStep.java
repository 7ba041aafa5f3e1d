package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import com.espra.protoplex.proxy.server.gate.ClosedRoutes;
import com.espra.protoplex.proxy.server.gate.Closure;
import com.espra.protoplex.proxy.server.table.ProxyTable;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is paused waits, what is drained is refused. */
final class GateStep implements DecisionStep {

    private final ClosedRoutes gates;
    private final Supplier<ProxyTable> table;
    private final Supplier<Collection<String>> fields;
    private final Function<Asked, Decision> rest;

    /**
     * @param table what is known when a request goes on
     * @param fields the names of the fields that are read later
     * @param rest the steps after this one
     */
    GateStep(
            ClosedRoutes gates,
            Supplier<ProxyTable> table,
            Supplier<Collection<String>> fields,
            Function<Asked, Decision> rest) {
        this.gates = gates;
        this.table = table;
        this.fields = fields;
        this.rest = rest;
    }

    @Override
    public @Nullable Decision decide(Asked asked) {
        Closure closure = gates.match(asked.host(), asked.path());
        if (closure == null) {
            return null;
        }
        if (asked.isTraced()) {
            asked.note(closure.pattern() + " is " + (closure.way() == Closure.Way.PAUSED ? "paused" : "drained")
                    + " since " + closure.since() + ": open it by proxy:resume " + closure.pattern());
            return null;
        }
        ProxyRules rules = asked.table().rules();
        if (closure.way() == Closure.Way.DRAINED) {
            return drained(rules);
        }
        KeptRequest copy = KeptRequest.of(asked.request(), fields.get());
        Decision decision = gates.wait(
                asked.host(),
                asked.path(),
                () -> rest.apply(asked.kept(copy, table.get())),
                () -> drained(rules),
                () -> OwnAnswers.unavailable(rules, "this is paused; a request does not wait for longer", 5));
        return decision == null
                ? OwnAnswers.unavailable(rules, "this is paused, and no more requests may wait", 5)
                : decision;
    }

    private static Decision drained(ProxyRules rules) {
        return OwnAnswers.unavailable(rules, "this takes nothing new", 5);
    }
}
