package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.proxy.server.choice.TargetLedger;
import com.espra.protoplex.proxy.server.gate.ClosedRoutes;
import com.espra.protoplex.proxy.server.limit.RateLimits;
import com.espra.protoplex.proxy.server.table.ProxyTable;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The steps in their order. Threads: safe from any. */
public final class Decider {

    private final Supplier<ProxyTable> table;
    private final RouteStep routes;
    private final AskedHandlers handlers;
    private final List<DecisionStep> steps;

    /**
     * Where this proxy is, and by which clocks.
     *
     * @param node its name
     * @param nanos in nanoseconds
     */
    public record Place(String node, String region, InstantSource clock, LongSupplier nanos) {}

    /**
     * @param table what is known now
     * @param owners who owns keys of roles
     * @param threads where handlers of other roles are asked
     * @param meter of relayed requests, with the labels route and result
     */
    public Decider(
            Place place,
            Supplier<ProxyTable> table,
            TargetLedger ledger,
            RateLimits limits,
            ClosedRoutes gates,
            OwnerLookup owners,
            Executor threads,
            Timer meter) {
        this.routes = new RouteStep(meter);
        this.table = table;
        this.handlers = new AskedHandlers(place.node(), routes, threads, ledger, owners, place.nanos());
        this.steps = List.of(
                new PingStep(place.node(), place.region(), place.clock()),
                NameSteps::maintenance,
                NameSteps::https,
                NameSteps::canonical,
                NameSteps.region(place.region()),
                new LimitStep(limits),
                new GateStep(gates, table, this::fields, this::last),
                handlers);
    }

    /** Who is asked besides. */
    public AskedHandlers handlers() {
        return handlers;
    }

    /** Decides. */
    public Decision decide(RelayRequest request) {
        return decide(new Asked(request, table.get(), null));
    }

    /** Decides as for a request that comes now, but counts and holds nothing, and tells what was looked at. */
    public Decision explain(RelayRequest request, Trace trace) {
        return decide(new Asked(request, table.get(), trace));
    }

    private Decision decide(Asked asked) {
        for (DecisionStep step : steps) {
            Decision decision = step.decide(asked);
            if (decision != null) {
                return decision;
            }
        }
        return routes.decide(asked);
    }

    /** What is left for a request that has waited. */
    private Decision last(Asked asked) {
        Decision decision = handlers.decide(asked);
        return decision == null ? routes.decide(asked) : decision;
    }

    private Set<String> fields() {
        Set<String> fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        fields.addAll(handlers.fields());
        fields.addAll(table.get().rules().fields());
        return fields;
    }
}
