package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.deploy.Deployments;
import com.espra.protoplex.seed.deploy.DesiredState;
import com.espra.protoplex.seed.deploy.Sentences;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which nodes may join. What a node knows and this Seed does not is taken over before the node is told anything: to name only what this
 * Seed knows would be to remove the rest.
 *
 * <p>Threads: one thread calls it (see {@link FleetLoop}).
 */
final class NodeAdmission {

    private static final Logger LOG = LoggerFactory.getLogger(NodeAdmission.class);

    private final FleetKey key;
    private final Builds builds;
    private final InstantSource clock;
    private final DesiredState desired;
    private final Deployments deployments;
    private final NodeRegistry nodes;

    NodeAdmission(
            FleetKey key,
            Builds builds,
            InstantSource clock,
            DesiredState desired,
            Deployments deployments,
            NodeRegistry nodes) {
        this.nodes = nodes;
        this.key = key;
        this.builds = builds;
        this.clock = clock;
        this.desired = desired;
        this.deployments = deployments;
    }

    /** Whether the node may join; if not, its link is closed. */
    boolean admits(NodeLink link, LinkFrame.Hello hello) {
        Optional<String> broken = HelloRules.broken(hello);
        if (broken.isPresent()) {
            LOG.warn("a node is turned away: {}", broken.get());
            link.close(Closing.PROTOCOL_ERROR, broken.get());
            return false;
        }
        if (hello.protocol() != LinkFrame.PROTOCOL) {
            link.close(
                    Closing.VERSION,
                    "this Seed speaks version " + LinkFrame.PROTOCOL + " of the protocol, " + hello.node() + " speaks "
                            + hello.protocol() + ": upgrade the older one");
            return false;
        }
        LinkFrame.Desired accepted = hello.accepted();
        if (!accepted.fleet().isEmpty() && !accepted.fleet().equals(key.id())) {
            turnAway(
                    link,
                    hello,
                    "it belongs to fleet " + accepted.fleet() + ", this is " + key.id()
                            + ". To let it join, delete its data/agent");
            return false;
        }
        if (desired.data().orders().forgotten().containsKey(hello.node())) {
            LOG.debug("{} was forgotten, and is turned away", hello.node());
            link.close(
                    Closing.FORGOTTEN,
                    "this node was forgotten. To let it in again: ./protoplex node admit " + hello.node());
            return false;
        }
        if (nodes.isTooSoon(hello.node(), clock.instant())) {
            LOG.debug("{} is new, as many others just now: it has to come again", hello.node());
            link.close(Closing.TRY_LATER, "too many new nodes come at once: it connects again in a while");
            return false;
        }
        Duration patience = nodes.patience(clock.instant());
        if (!patience.isZero()) {
            LOG.debug("{} comes with many others: it has to come again in {}", hello.node(), patience);
            // Nodes read the number; those of older versions wait as after any failure.
            link.close(Closing.TRY_LATER, "many nodes come at once: come again in " + patience.toMillis() + " ms");
            return false;
        }
        if (!nodes.makeRoom(hello.node())) {
            turnAway(
                    link,
                    hello,
                    "this Seed knows " + NodeRegistry.MAX_KNOWN + " nodes already. Forget those that are gone");
            return false;
        }
        FleetData data = desired.data();
        Recollection later = Recollection.of(data, hello, builds);
        if (later.isEmpty() && accepted.sequence() <= data.sequence()) {
            return true;
        }
        if (!key.proves(accepted)) {
            turnAway(
                    link,
                    hello,
                    "it knows state " + accepted.sequence()
                            + ", sealed with another fleet.key. Restore that file, or delete the node's data/agent");
            return false;
        }
        try {
            takeOver(hello, later);
            return true;
        } catch (IOException e) {
            LOG.warn("what {} knows cannot be saved, so it must wait: {}", hello.node(), e.getMessage());
            link.close(Closing.GOING_AWAY, "the Seed cannot save its state; connect again");
            return false;
        }
    }

    /** It goes on with what it runs. */
    private static void turnAway(NodeLink link, LinkFrame.Hello hello, String why) {
        LOG.error("{} is turned away, and goes on with what it runs: {}", hello.node(), why);
        link.close(Closing.FOREIGN, why);
    }

    private void takeOver(LinkFrame.Hello hello, Recollection later) throws IOException {
        FleetData data = desired.data();
        LinkFrame.Desired accepted = hello.accepted();
        Instant now = clock.instant();
        Instant said = Instant.ofEpochMilli(accepted.time());
        FleetData next = data.after(accepted.sequence(), said.isAfter(now) ? said : now);
        deployments.overtake(later.in(next, hello.node()), later.targets(), hello.node());
        LOG.warn(
                "{} has accepted desired state {}, this Seed knew of {}: its state was lost, or comes from an old backup. It takes over {}",
                hello.node(),
                accepted.sequence(),
                data.sequence(),
                later.units().isEmpty() ? "the number" : Sentences.apps(later.targets()));
        desired.tellAll();
    }
}
