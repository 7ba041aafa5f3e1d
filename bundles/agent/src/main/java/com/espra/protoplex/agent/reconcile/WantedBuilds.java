package com.espra.protoplex.agent.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which build each unit of a node should run: the one that the Seed desires; for a role of which it has never said anything, the one that the
 * node's distribution carries. So a node alone has its roles, and a build that was pushed is never replaced by one that was not.
 */
final class WantedBuilds {

    /** Stands for "no build" where a digest is expected: the unit is to go. */
    static final String GONE = "";

    private final Moves moves;
    private final Set<String> configuredRoles;

    /** @param configuredRoles those of the node, unless an operator changed them at the Seed */
    WantedBuilds(Moves moves, Set<String> configuredRoles) {
        this.moves = moves;
        this.configuredRoles = Set.copyOf(configuredRoles);
    }

    String of(State state, String unit) {
        String desired = state.desired().get(unit);
        return desired == null ? shipped(state, unit).orElse(GONE) : desired;
    }

    /** The distribution's build of a role that this node has. One that was removed from the fleet stays away. */
    Optional<String> shipped(State state, String unit) {
        boolean removed = state.words().containsKey(unit) && !state.desired().containsKey(unit);
        return roles(state).contains(unit) && !removed ? moves.shipped(unit) : Optional.empty();
    }

    /** The units that run a build of the distribution, or should. */
    Set<String> shipped(State state) {
        Set<String> units = new TreeSet<>(roles(state));
        units.removeIf(unit -> shipped(state, unit).isEmpty());
        moves.units().stream()
                .filter(unit ->
                        moves.live(unit).filter(live -> isShipped(unit, live)).isPresent())
                .forEach(units::add);
        return units;
    }

    private Set<String> roles(State state) {
        return state.placed() > 0 ? state.roles() : configuredRoles;
    }

    /** Which builds a start tries, one after the other until one serves. */
    Map<String, List<String>> atStart(State state) {
        Map<String, List<String>> builds = new TreeMap<>();
        roles(state).forEach(role -> shipped(state, role).ifPresent(digest -> builds.put(role, List.of(digest))));
        state.units().forEach((unit, kept) -> builds.put(unit, kept.all()));
        return builds;
    }

    boolean isShipped(String unit, String digest) {
        return moves.shipped(unit).filter(digest::equals).isPresent();
    }

    /** What is on record, and told, of a build: of the distribution's nothing, for the Seed does not know it. */
    String recorded(String unit, String digest) {
        return isShipped(unit, digest) ? GONE : digest;
    }
}
