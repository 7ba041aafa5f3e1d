package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.standing.InFlight;
import com.espra.protoplex.http.front.Front;
import com.espra.protoplex.http.front.Reception;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.direct.RetryBudget;
import com.espra.protoplex.relay.handler.RelayMeters;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.head.NodeProof;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Has the connections of HTTP/1.1 while there is a director; without one they are Jetty's, as ever. */
@Component(service = {Front.class, InFlight.class})
public final class LoopFront implements Front, InFlight {

    private final Directors directors;
    private final String via;
    private final RelayMeters meters;
    private final NodeProof proof;
    private final RetryBudget budget = new RetryBudget();
    private final LoopCounts counts = new LoopCounts();
    private final Map<ManagedSelector, Loop> loops = new ConcurrentHashMap<>();

    @Activate
    public LoopFront(
            @Reference Directors directors,
            @Reference Node node,
            @Reference RelayMeters meters,
            @Reference FleetCredentials credentials) {
        this(directors, node.name(), meters, credentials);
    }

    /**
     * For tests and benchmarks, too.
     *
     * @param via this node, in Via
     * @param proof by what other nodes believe this one
     */
    public LoopFront(Directors directors, String via, RelayMeters meters, NodeProof proof) {
        this.proof = proof;
        this.directors = directors;
        this.meters = meters;
        this.via = via.toLowerCase(Locale.ROOT);
    }

    /** What was done. */
    public LoopCounts counts() {
        return counts;
    }

    @Override
    public List<String> lines() {
        long now = counts.underWay();
        return now == 0 ? List.of() : List.of("relay: " + now + (now == 1 ? " request" : " requests"));
    }

    @Override
    public @Nullable AbstractConnection connection(Reception reception, EndPoint endPoint) {
        ManagedSelector selector = directors.current() == null ? null : reception.selector(endPoint);
        if (selector == null) {
            return null;
        }
        Loop loop = loops.get(selector);
        return new FrontConnection(loop == null ? add(selector, reception) : loop, reception, endPoint);
    }

    /** Those of listeners that are closed go when another comes. */
    private Loop add(ManagedSelector selector, Reception reception) {
        loops.keySet().removeIf(each -> each.isStopped());
        return loops.computeIfAbsent(
                selector, each -> new Loop(each, reception, directors, budget, counts, meters, proof, via));
    }
}
