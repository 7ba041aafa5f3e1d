package com.espra.protoplex.agent;

import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.api.node.NodeHealth.Health;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A node is as well as the least well of its parts that tell. */
final class HealthOfParts {

    private static final List<String> WORSE = List.of("HEALTHY", "DEGRADED", "UNHEALTHY");

    private final Map<NodeHealth, Health> parts = new HashMap<>();

    /** With a part that is new, or has changed. */
    synchronized Health with(NodeHealth part) {
        parts.put(part, part.now());
        return whole();
    }

    /** Without a part that is gone. */
    synchronized Health without(NodeHealth part) {
        parts.remove(part);
        return whole();
    }

    private Health whole() {
        List<Health> all = new ArrayList<>(parts.values());
        String state = all.stream()
                .map(Health::state)
                .max(Comparator.comparingInt(WORSE::indexOf))
                .orElse(Health.GOOD.state());
        String reason = all.stream()
                .map(Health::reason)
                .filter(text -> !text.isEmpty())
                .sorted()
                .collect(Collectors.joining("; "));
        Health crashed = all.stream().max(Comparator.comparing(Health::crashed)).orElse(Health.GOOD);
        return new Health(state, reason, crashed.crash(), crashed.crashed());
    }
}
