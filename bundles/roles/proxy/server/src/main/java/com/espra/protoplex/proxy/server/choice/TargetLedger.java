package com.espra.protoplex.proxy.server.choice;

import com.espra.protoplex.api.relay.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of targets, through all changes of the routes.
 *
 * <p>Threads: safe from any; {@link #keep} by one after the other.
 */
public final class TargetLedger {

    /** A target, and whose requests it is given: who fails with one unit may serve another well. */
    private record Key(String owner, Target target) {}

    private final Map<Key, TargetState> states = new ConcurrentHashMap<>();

    /** What is known of the target with this owner's requests. */
    public TargetState state(String owner, Target target) {
        return states.computeIfAbsent(new Key(owner, target), key -> new TargetState(key.target()));
    }

    /** One that only whoever asks for it knows. */
    public TargetState unkept(Target target) {
        return new TargetState(target);
    }

    /** Forgets all others. */
    public void keep(Set<TargetState> used) {
        states.values().removeIf(state -> !used.contains(state));
    }

    /** All of them. */
    public List<TargetState> all() {
        return List.copyOf(states.values());
    }
}
