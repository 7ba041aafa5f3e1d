package com.espra.protoplex.seed.core;

import com.espra.protoplex.seed.core.Deployment.NodeState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What outlives a restart of the Seed.
 *
 * @param sequence of the desired state: grows with every change
 * @param lastDeployment the number of the newest deployment
 * @param apps by name
 * @param deployments the newest first; those that go on are among them
 * @param nodes by name, as they told last
 */
public record FleetData(
        long sequence,
        long lastDeployment,
        Map<String, App> apps,
        List<Deployment> deployments,
        Map<String, KnownNode> nodes) {

    /** A fleet that nobody has pushed to. */
    public static final FleetData EMPTY = new FleetData(0, 0, Map.of(), List.of(), Map.of());

    private static final int MAX_DEPLOYMENTS = 200;
    private static final int MAX_OUTCOMES = 100;
    private static final List<NodeState> INTEREST =
            List.of(NodeState.REFUSED, NodeState.AWAY, NodeState.WAITING, NodeState.DONE);

    /** Keeps copies. */
    public FleetData {
        apps = Map.copyOf(apps);
        deployments = List.copyOf(deployments);
        nodes = Map.copyOf(nodes);
    }

    /** The app of this name; a new one when there is none. */
    public App app(String name) {
        return apps.getOrDefault(name, App.NEW);
    }

    Optional<Deployment> deployment(String id) {
        return deployments.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    FleetData withSequence(long next) {
        return new FleetData(next, lastDeployment, apps, deployments, nodes);
    }

    FleetData withApp(String name, App app) {
        Map<String, App> next = new HashMap<>(apps);
        next.put(name, app);
        return new FleetData(sequence, lastDeployment, next, deployments, nodes);
    }

    FleetData withNodes(Map<String, KnownNode> next) {
        return new FleetData(sequence, lastDeployment, apps, deployments, next);
    }

    /** Adds or replaces a deployment; old ones go, and of a large fleet not every node that was well is kept. */
    FleetData withDeployment(Deployment deployment) {
        Deployment kept = deployment.state().open() ? deployment : abridged(deployment);
        List<Deployment> next = new ArrayList<>();
        boolean replaced = false;
        for (Deployment each : deployments) {
            replaced |= each.id().equals(kept.id());
            next.add(each.id().equals(kept.id()) ? kept : each);
        }
        if (!replaced) {
            next.addFirst(kept);
        }
        while (next.size() > MAX_DEPLOYMENTS && !next.getLast().state().open()) {
            next.removeLast();
        }
        return new FleetData(sequence, Math.max(lastDeployment, Long.parseLong(kept.id())), apps, next, nodes);
    }

    private static Deployment abridged(Deployment deployment) {
        if (deployment.nodes().size() <= MAX_OUTCOMES) {
            return deployment;
        }
        Map<String, Deployment.NodeOutcome> some = new HashMap<>();
        deployment.nodes().entrySet().stream()
                .sorted(Comparator.comparingInt(
                        entry -> INTEREST.indexOf(entry.getValue().state())))
                .limit(MAX_OUTCOMES)
                .forEach(entry -> some.put(entry.getKey(), entry.getValue()));
        return deployment.with(some);
    }
}
