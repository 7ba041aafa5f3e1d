package com.espra.protoplex.seed.state;

import static java.util.Objects.requireNonNullElse;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node, as it told last.
 *
 * @param node its name
 * @param region its region
 * @param roles those in its own configuration
 * @param pid its process
 * @param version the version of Protoplex that it runs
 * @param addresses name to URL of its listeners
 * @param connected whether its link is open
 * @param since since when it has been connected, or away
 * @param sequence the desired state that it works on or has reached
 * @param units what it runs
 * @param health how its processes are
 * @param upgrades how they were replaced
 * @param problems unit to why the node does not run what it should
 * @param drain how far it is with an order to drain
 */
public record KnownNode(
        String node,
        String region,
        Set<String> roles,
        long pid,
        String version,
        Map<String, String> addresses,
        boolean connected,
        Instant since,
        long sequence,
        List<LinkFrame.Unit> units,
        LinkFrame.Health health,
        LinkFrame.Upgrades upgrades,
        Map<String, String> problems,
        LinkFrame.Drain drain) {

    /** Between its hello and what it tells next, or from a state that an older Seed saved: the node itself knows. */
    private static final LinkFrame.Upgrades UNTOLD = new LinkFrame.Upgrades(true, List.of());

    /** Keeps copies. */
    public KnownNode {
        roles = Set.copyOf(roles);
        addresses = Map.copyOf(addresses);
        units = List.copyOf(units);
        upgrades = requireNonNullElse(upgrades, UNTOLD);
        problems = Map.copyOf(problems);
        drain = requireNonNullElse(drain, LinkFrame.Drain.NONE);
    }

    public static KnownNode of(LinkFrame.Hello hello, Instant now) {
        return new KnownNode(
                hello.node(),
                hello.region(),
                hello.roles(),
                hello.pid(),
                hello.version(),
                hello.addresses(),
                true,
                now,
                hello.accepted().sequence(),
                List.of(),
                LinkFrame.Health.GOOD,
                UNTOLD,
                Map.of(),
                LinkFrame.Drain.NONE);
    }

    /** Whether its processes are being replaced, as it told last. */
    public boolean isUpgrading() {
        return upgrades.last().stream().anyMatch(each -> each.state().equals(LinkFrame.Upgraded.RUNNING));
    }

    /** What serves the unit there; {@link DesiredBuild#NONE} when nothing does. */
    public DesiredBuild serves(String unit) {
        return units.stream()
                .filter(each -> each.unit().equals(unit) && !each.digest().isEmpty())
                .map(each -> new DesiredBuild(each.version(), each.digest()))
                .findFirst()
                .orElse(DesiredBuild.NONE);
    }

    /** The version that serves the unit there, also if it is that of the node's distribution, which is no build of the fleet; empty when none does. */
    public String version(String unit) {
        return units.stream()
                .filter(each -> each.unit().equals(unit))
                .map(LinkFrame.Unit::version)
                .findFirst()
                .orElse("");
    }

    public KnownNode away(Instant now) {
        return connected
                ? new KnownNode(
                        node, region, roles, pid, version, addresses, false, now, sequence, units, health, upgrades,
                        problems, drain)
                : this;
    }

    public KnownNode telling(LinkFrame.Actual actual) {
        return new KnownNode(
                node,
                region,
                roles,
                pid,
                version,
                actual.addresses().isEmpty() ? addresses : actual.addresses(),
                connected,
                since,
                actual.sequence(),
                actual.units(),
                actual.health(),
                actual.upgrades(),
                problems,
                actual.drain());
    }

    /** What it will tell in a moment: a result comes before the state that it leads to. */
    public KnownNode serving(String unit, DesiredBuild target) {
        if (serves(unit).equals(target)) {
            return this;
        }
        List<LinkFrame.Unit> next = new java.util.ArrayList<>(units);
        next.removeIf(each -> each.unit().equals(unit));
        if (!target.none()) {
            List<String> routes = units.stream()
                    .filter(each -> each.unit().equals(unit))
                    .findFirst()
                    .map(LinkFrame.Unit::routes)
                    .orElse(List.of());
            next.add(new LinkFrame.Unit(unit, target.version(), target.digest(), routes, 0));
        }
        return new KnownNode(
                node, region, roles, pid, version, addresses, connected, since, sequence, next, health, upgrades,
                problems, drain);
    }

    public KnownNode withoutProblems() {
        return new KnownNode(
                node, region, roles, pid, version, addresses, connected, since, sequence, units, health, upgrades,
                Map.of(), drain);
    }

    public KnownNode withProblem(String unit, String reason) {
        if (reason.equals(problems.getOrDefault(unit, ""))) {
            return this;
        }
        Map<String, String> next = new java.util.HashMap<>(problems);
        next.remove(unit);
        if (!reason.isEmpty()) {
            next.put(unit, reason);
        }
        return new KnownNode(
                node, region, roles, pid, version, addresses, connected, since, sequence, units, health, upgrades, next,
                drain);
    }
}
