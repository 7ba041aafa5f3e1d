package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.proxy.server.choice.Choice;
import com.espra.protoplex.proxy.server.choice.Hashes;
import com.espra.protoplex.proxy.server.choice.MeteredTargets;
import com.espra.protoplex.proxy.server.choice.TargetSet;
import com.espra.protoplex.proxy.server.config.Policy;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import com.espra.protoplex.proxy.server.table.Destination;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** To the targets of the route that the request has; what has none is nobody's. */
public final class RouteStep implements DecisionStep {

    private static final Decision PASS = new Decision.Pass();

    private final Timer meter;

    /** @param meter has the labels route and result */
    RouteStep(Timer meter) {
        this.meter = meter;
    }

    @Override
    public Decision decide(Asked asked) {
        Destination destination = asked.table().match(asked.host(), asked.path());
        if (destination == null) {
            return nobody(asked);
        }
        TargetSet pool = destination.pools().in(asked.region());
        if (asked.isTraced()) {
            asked.note("route " + destination.route() + " of " + destination.owner());
        }
        return relay(asked, pool, destination.owner(), destination.nodes(), label(destination));
    }

    private static Decision nobody(Asked asked) {
        if (asked.table().time().isEmpty()) {
            asked.note("this node has not heard of the fleet yet");
            return OwnAnswers.unavailable(asked.table().rules(), "this proxy has not heard of its fleet yet", 2);
        }
        if (asked.isTraced()) {
            asked.note(asked.table()
                    .lost()
                    .match(asked.host(), asked.path())
                    .map(lost -> "no route for host " + asked.host() + " and path " + asked.path() + " since "
                            + lost.since() + ", when " + lost.why() + " (" + lost.route() + ")")
                    .orElse("no route for host " + asked.host() + " and path " + asked.path()));
        }
        Decision page = OwnAnswers.notFound(asked.table().rules());
        return page == null ? PASS : page;
    }

    private static String label(Destination destination) {
        String route = destination.route().toString();
        return route.isEmpty() ? "/" : route;
    }

    /** A request that is relayed, and counts for its route. */
    Decision.Relay relayed(
            String route, Choice choice, Decision.HeaderRules changes, Decision.Times limits, Decision.Says says) {
        return new Decision.Relay(new MeteredTargets(choice, meter, route), changes, limits, says);
    }

    /**
     * To one of the pool, as the policy of the path says.
     *
     * @param route what it counts for: of the names that the fleet and its operators know
     */
    Decision relay(Asked asked, TargetSet pool, String owner, String why, String route) {
        ProxyRules rules = asked.table().rules();
        if (pool.isEmpty()) {
            asked.note("no node takes requests of " + pool.name() + (why.isEmpty() ? "" : ": " + why));
            return OwnAnswers.unavailable(rules, "no node takes requests of " + pool.name(), 5);
        }
        Policy policy = rules.policies().match(asked.host(), asked.path());
        Decision.HeaderRules headers = rules.headers().match(asked.host(), asked.path());
        Decision.Times times = rules.times().match(asked.host(), asked.path());
        if (asked.isTraced()) {
            asked.note((policy == null ? "least requests of two" : String.valueOf(policy)) + " among "
                    + pool.all().size() + " targets of " + pool.name());
        }
        Decision.HeaderRules changes = headers == null ? Decision.HeaderRules.NONE : headers;
        Decision.Says says = rules.says(asked.host(), asked.path());
        Decision.Times limits = times == null ? Decision.Times.USUAL : times;
        return switch (policy) {
            case null -> relayed(route, Choice.least(pool), changes, limits, says);
            case Policy.Least _ -> relayed(route, Choice.least(pool), changes, limits, says);
            case Policy.ByHash hash -> relayed(route, byHash(asked, pool, hash), changes, limits, says);
            case Policy.Sticky _ -> sticky(asked, pool, owner, changes, limits, route);
        };
    }

    /** A request that does not have what is hashed goes to that with the fewest. */
    private static Choice byHash(Asked asked, TargetSet pool, Policy.ByHash policy) {
        RelayRequest request = asked.request();
        String key = switch (policy.source()) {
            case PATH -> asked.path();
            case CLIENT ->
                request.client().getAddress() == null
                        ? request.client().getHostString()
                        : request.client().getAddress().getHostAddress();
            case HEADER -> String.join(",", request.headers(policy.name()));
            case COOKIE -> Cookies.value(request, policy.name());
        };
        return key == null || key.isEmpty() ? Choice.least(pool) : Choice.byKey(pool, Hashes.of(key));
    }

    private Decision sticky(
            Asked asked,
            TargetSet pool,
            String owner,
            Decision.HeaderRules headers,
            Decision.Times times,
            String route) {
        Decision.Says says = asked.table().rules().says(asked.host(), asked.path());
        String name = "protoplex-" + Long.toHexString(Hashes.of(owner) >>> 32);
        String known = Cookies.value(asked.request(), name);
        Long mark = mark(known);
        Choice choice = Choice.least(pool);
        Long chosen = choice.reserve(mark);
        if (chosen == null || chosen.equals(mark)) {
            return relayed(route, choice, headers, times, says);
        }
        Map<String, String> response = new HashMap<>(headers.response());
        response.put(
                "Set-Cookie",
                name + "=" + Long.toHexString(chosen) + "; Path=/; HttpOnly; SameSite=Lax"
                        + (asked.request().scheme().equals("https") ? "; Secure" : ""));
        return relayed(route, choice, new Decision.HeaderRules(headers.request(), response), times, says);
    }

    private static @Nullable Long mark(@Nullable String cookie) {
        if (cookie == null || cookie.length() > 16 || cookie.isEmpty()) {
            return null;
        }
        try {
            return Long.parseUnsignedLong(cookie, 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Cookies of a request (RFC 6265, section 4.2.1). */
    static final class Cookies {

        private Cookies() {}

        /** The value of the first of this name; null if there is none. */
        static @Nullable String value(RelayRequest request, String name) {
            List<String> lines = request.headers("Cookie");
            for (String line : lines) {
                int at = 0;
                while (at < line.length()) {
                    int end = line.indexOf(';', at);
                    int stop = end < 0 ? line.length() : end;
                    int equals = line.indexOf('=', at);
                    if (equals > 0
                            && equals < stop
                            && line.substring(at, equals).strip().equals(name)) {
                        return line.substring(equals + 1, stop).strip();
                    }
                    at = stop + 1;
                }
            }
            return null;
        }
    }
}
