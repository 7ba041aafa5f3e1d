package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetException.Kind;
import com.espra.protoplex.seed.state.KnownNode;
import com.espra.protoplex.seed.state.Placement;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which node has which roles, as operators change it. A node without a placement has the roles of its own configuration.
 *
 * <p>Threads: one thread calls it (see {@link FleetLoop}).
 */
public final class Placements {

    private static final Logger LOG = LoggerFactory.getLogger(Placements.class);

    private static final String SEED = "seed";

    private final DesiredState desired;
    private final Deployments deployments;
    private final NodeRegistry nodes;
    private final Builds builds;
    private final InstantSource clock;

    public Placements(
            DesiredState desired, Deployments deployments, NodeRegistry nodes, Builds builds, InstantSource clock) {
        this.desired = desired;
        this.deployments = deployments;
        this.nodes = nodes;
        this.builds = builds;
        this.clock = clock;
    }

    /**
     * Gives a node a role. It starts what the role is, or the apps if it is their role, without starting anew itself.
     *
     * @return the number of the desired state in which the node has it; what the node says of a later one is its answer
     * @throws FleetException if that cannot be; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public long add(String name, String role) throws FleetException, IOException {
        KnownNode node = node(name);
        Set<String> roles = new TreeSet<>(desired.data().roles(node));
        requireRole(role);
        requireNotMoving(role);
        for (String need : needs(role)) {
            if (!roles.contains(need)) {
                throw new FleetException(
                        Kind.CONFLICT,
                        role + " needs the role " + need + ", which " + name + " has not",
                        "add that first: ./protoplex role add " + name + " " + need);
            }
        }
        return roles.add(role) ? place(node, roles) : desired.data().sequence();
    }

    /**
     * Takes a role from a node, which drains and removes what it ran for it.
     *
     * @param force even if another role there needs it
     * @return as {@link #add}
     * @throws FleetException if that cannot be; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public long remove(String name, String role, boolean force) throws FleetException, IOException {
        KnownNode node = node(name);
        Set<String> roles = new TreeSet<>(desired.data().roles(node));
        requireMovable(role);
        requireNotMoving(role);
        if (!roles.remove(role)) {
            throw new FleetException(
                    Kind.NOT_FOUND,
                    name + " has not the role " + role + "; it has " + String.join(", ", roles),
                    "./protoplex roles shows which node has which");
        }
        Optional<String> inNeed =
                roles.stream().filter(other -> needs(other).contains(role)).findFirst();
        if (inNeed.isPresent() && !force) {
            throw new FleetException(
                    Kind.CONFLICT,
                    "the role " + inNeed.get() + " of " + name + " needs " + role,
                    "remove that first: ./protoplex role remove " + name + " " + inNeed.get()
                            + " (or say --force, if it may fail)");
        }
        return place(node, roles);
    }

    private long place(KnownNode node, Set<String> roles) throws IOException {
        FleetData next = desired.data().next(clock.instant());
        desired.save(next.withPlacement(node.node(), new Placement(roles, next.changed())));
        LOG.info("{} has the roles {}", node.node(), roles);
        // What it said before is no answer to this.
        nodes.update(node.node(), KnownNode::withoutProblems);
        desired.tellAll();
        return next.sequence();
    }

    private KnownNode node(String name) throws FleetException {
        return Optional.ofNullable(nodes.known().get(name))
                .orElseThrow(() -> new FleetException(
                        Kind.NOT_FOUND, "there is no node " + name, "./protoplex nodes shows what there is"));
    }

    private static void requireMovable(String role) throws FleetException {
        if (role.equals(SEED)) {
            throw new FleetException(
                    Kind.CONFLICT,
                    "the Seed is where its state is, and cannot be placed by itself",
                    "name it in 'roles' of that node's node.json, and start the node again");
        }
    }

    private void requireRole(String role) throws FleetException {
        requireMovable(role);
        App unit = desired.data().app(role);
        if (role.equals(Build.Kind.APP.word())
                || (unit.kind() == Build.Kind.ROLE && !unit.desired().none())) {
            return;
        }
        if (desired.data().apps().containsKey(role) && unit.kind() == Build.Kind.APP) {
            throw new FleetException(
                    Kind.CONFLICT, role + " is an app, and apps run wherever the role app is", "add the role app");
        }
        throw new FleetException(
                Kind.NOT_FOUND,
                "there is no role " + role,
                "push it first: ./protoplex push " + role + ".json. ./protoplex roles shows what there is");
    }

    private void requireNotMoving(String role) throws FleetException {
        for (Map.Entry<String, App> unit : desired.data().apps().entrySet()) {
            if (unit.getValue().role(unit.getKey()).equals(role)) {
                deployments.requireIdle(unit.getKey());
            }
        }
    }

    private Set<String> needs(String role) {
        return builds.build(desired.data().app(role).desired().digest())
                .map(Build::needs)
                .orElse(Set.of());
    }
}
