package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.proxy.RouteVerdict;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.proxy.server.choice.Choice;
import com.espra.protoplex.proxy.server.choice.Hashes;
import com.espra.protoplex.proxy.server.choice.TargetLedger;
import com.espra.protoplex.proxy.server.choice.TargetSet;
import com.espra.protoplex.proxy.server.choice.WeightedTarget;
import com.espra.protoplex.proxy.server.table.RegionalPools;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the handlers of other roles. A role may be in the middle of a swap, where calls to it wait: so they are asked on threads that may wait,
 * and the request is decided later.
 */
public final class AskedHandlers implements DecisionStep {

    private static final Logger LOG = LoggerFactory.getLogger(AskedHandlers.class);

    private static final int MOST_ASKED = 1000;
    private static final int MOST_POOLS = 1000;
    private static final long LONGEST_SECONDS = 5;

    private final String self;
    private final OwnerLookup owners;
    private final RouteStep routes;
    private final Executor threads;
    private final TargetLedger ledger;
    private final LongSupplier nanos;
    private final AtomicInteger asking = new AtomicInteger();
    private final Map<List<URI>, TargetSet> pools = new ConcurrentHashMap<>();
    private volatile List<HandlerMatch> handlers = List.of();
    private volatile Set<String> fields = Set.of();

    /**
     * @param self this node
     * @param routes for what they all pass on
     * @param threads where they are asked: those may wait
     * @param owners who owns keys
     */
    AskedHandlers(
            String self,
            RouteStep routes,
            Executor threads,
            TargetLedger ledger,
            OwnerLookup owners,
            LongSupplier nanos) {
        this.self = self;
        this.owners = owners;
        this.routes = routes;
        this.threads = threads;
        this.ledger = ledger;
        this.nanos = nanos;
    }

    /** Other handlers; from now on these are asked. */
    public void serve(Collection<HandlerMatch> all) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.forEach(each -> names.addAll(each.fields()));
        fields = names;
        handlers = all.stream()
                .sorted(Comparator.comparingInt(HandlerMatch::ranking)
                        .reversed()
                        .thenComparing(HandlerMatch::name))
                .toList();
    }

    /** The names of the fields that they read. */
    public Set<String> fields() {
        return fields;
    }

    @Override
    public @Nullable Decision decide(Asked asked) {
        List<HandlerMatch> now = handlers;
        if (now.isEmpty()) {
            return null;
        }
        List<HandlerMatch> matching = new ArrayList<>();
        for (HandlerMatch each : now) {
            if (each.matches(asked)) {
                matching.add(each);
            }
        }
        if (matching.isEmpty()) {
            return null;
        }
        if (asked.isTraced()) {
            return ask(matching, asked);
        }
        if (asking.incrementAndGet() > MOST_ASKED) {
            asking.decrementAndGet();
            return unavailable(asked, "too many requests wait for a decision");
        }
        Set<String> read = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        read.addAll(fields);
        read.addAll(asked.table().rules().fields());
        Asked copy = asked.kept(KeptRequest.of(asked.request(), read), asked.table());
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                decision.complete(ask(matching, copy));
            } catch (RuntimeException | Error e) {
                decision.completeExceptionally(e);
                throw e;
            } finally {
                asking.decrementAndGet();
            }
        });
        decision.completeOnTimeout(
                unavailable(copy, "who decides about this does not answer"), LONGEST_SECONDS, TimeUnit.SECONDS);
        return new Decision.Later(decision);
    }

    private Decision ask(List<HandlerMatch> matching, Asked asked) {
        for (HandlerMatch each : matching) {
            RouteVerdict verdict;
            try {
                verdict = each.handler().route(asked.request());
            } catch (RuntimeException e) {
                LOG.warn("the route handler of {} failed; the request was answered by 503", each.name(), e);
                asked.note("the handler of " + each.name() + " failed: " + e);
                return unavailable(asked, "who decides about this failed");
            }
            if (asked.isTraced()) {
                asked.note("handler of " + each.name() + ": " + verdict);
            }
            Decision decision = decision(asked, verdict);
            if (decision != null) {
                return decision;
            }
        }
        return routes.decide(asked);
    }

    private @Nullable Decision decision(Asked asked, RouteVerdict verdict) {
        return switch (verdict) {
            case RouteVerdict.PassOn _ -> null;
            case RouteVerdict.Answer answer -> answer.response();
            case RouteVerdict.ToRole to -> toRole(asked, to.role());
            case RouteVerdict.ToOwner to -> toOwner(asked, to);
            case RouteVerdict.ToServers to ->
                routes.relay(asked, pool(to.servers()), "servers", "", "servers of a handler");
        };
    }

    private Decision toRole(Asked asked, String role) {
        RegionalPools pools = asked.table().roles().get(role);
        return pools == null || pools.usual().isEmpty()
                ? nobodyElse(asked, role)
                : routes.relay(asked, pools.in(asked.region()), "role " + role, "", "role " + role);
    }

    /** What this node has of the role claims its requests before they come here: it has none of this one. */
    private static Decision nobodyElse(Asked asked, String role) {
        return asked.table().own().contains(role)
                ? new Decision.Pass()
                : unavailable(asked, "no node that takes requests has the role " + role);
    }

    private Decision toOwner(Asked asked, RouteVerdict.ToOwner to) {
        Optional<CompletionStage<String>> owner = owners.owner(to.role(), to.key());
        if (owner.isPresent()) {
            return toNode(asked, to, owner.get());
        }
        RegionalPools pools = asked.table().roles().get(to.role());
        if (pools == null || pools.usual().isEmpty()) {
            return nobodyElse(asked, to.role());
        }
        return relay(asked, to.role(), Choice.byKey(pools.in(asked.region()), Hashes.of(to.key())));
    }

    /** The owner and nobody else: another node would answer for what is not its own. */
    private Decision toNode(Asked asked, RouteVerdict.ToOwner to, CompletionStage<String> owner) {
        String node;
        try {
            node = owner.toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable(asked, "the node is stopping");
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} of {} has no owner now", to.key(), to.role(), e);
            return unavailable(asked, "what this is about moves to another node");
        }
        asked.note("its key belongs to " + node);
        if (node.equals(self)) {
            return new Decision.Pass();
        }
        RegionalPools pools = asked.table().roles().get(to.role());
        List<WeightedTarget> one = pools == null
                ? List.of()
                : pools.usual().all().stream()
                        .filter(state -> state.target().node().equals(node))
                        .map(state -> new WeightedTarget(state, 1))
                        .toList();
        return one.isEmpty()
                ? unavailable(asked, "the node that has this takes no requests")
                : relay(
                        asked,
                        to.role(),
                        Choice.least(new TargetSet("owner " + node, one, List.of(), Integer.MAX_VALUE, nanos)));
    }

    private Decision relay(Asked asked, String role, Choice choice) {
        Decision.HeaderRules headers = asked.table().rules().headers().match(asked.host(), asked.path());
        Decision.Times times = asked.table().rules().times().match(asked.host(), asked.path());
        return routes.relayed(
                "role " + role,
                choice,
                headers == null ? Decision.HeaderRules.NONE : headers,
                times == null ? Decision.Times.USUAL : times,
                asked.table().rules().says(asked.host(), asked.path()));
    }

    /** Handlers name the same servers again and again: what is known of these is kept. */
    private TargetSet pool(List<URI> servers) {
        TargetSet known = pools.get(servers);
        if (known != null) {
            return known;
        }
        if (pools.size() >= MOST_POOLS) {
            pools.clear();
        }
        return pools.computeIfAbsent(servers, _ -> {
            List<WeightedTarget> targets = servers.stream()
                    .distinct()
                    .map(server -> new WeightedTarget(ledger.unkept(Target.foreign(server)), 1))
                    .toList();
            return new TargetSet("servers that a handler named", targets, List.of(), Integer.MAX_VALUE, nanos);
        });
    }

    private static Decision unavailable(Asked asked, String detail) {
        return OwnAnswers.unavailable(asked.table().rules(), detail, 2);
    }
}
