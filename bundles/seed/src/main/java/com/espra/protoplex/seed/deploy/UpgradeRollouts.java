package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.rollout.Rollout;
import com.espra.protoplex.seed.rollout.RolloutEvent;
import com.espra.protoplex.seed.rollout.RolloutPlan;
import com.espra.protoplex.seed.rollout.RolloutState;
import com.espra.protoplex.seed.rollout.RolloutStep;
import com.espra.protoplex.seed.rollout.RolloutTable;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.Deployment.NodeState;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetUpgrade;
import com.espra.protoplex.seed.state.FleetUpgrade.Replacement;
import com.espra.protoplex.seed.state.KnownNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replacement of nodes' processes wave by wave, as {@link RolloutTable} has it; one at a time. What is told is durable before a node
 * hears of it, so that a Seed whose own process is among them goes on where it was. See docs/decisions/0266.
 *
 * <p>Threads: one thread calls whatever changes something (see {@link FleetLoop}); the readers at the end are safe from any.
 */
public final class UpgradeRollouts {

    private static final Logger LOG = LoggerFactory.getLogger(UpgradeRollouts.class);

    private final DesiredState desired;
    private final NodeRegistry nodes;
    private final InstantSource clock;
    private final UpgradeMoves moves;
    private final UpgradeOrders orders;
    private final UpgradeRules rules;
    /** Of the one that goes on, or went on last. */
    private volatile Watched watched = new Watched("", new DeploymentLog());

    private record Watched(String id, DeploymentLog log) {}

    public UpgradeRollouts(DesiredState desired, NodeRegistry nodes, InstantSource clock) {
        this.desired = desired;
        this.nodes = nodes;
        this.clock = clock;
        this.moves = new UpgradeMoves(nodes, clock.instant());
        this.orders = new UpgradeOrders(nodes, moves);
        this.rules = new UpgradeRules(nodes, moves);
    }

    /**
     * Takes up what the last Seed left open.
     *
     * @throws IOException if it cannot be made durable
     */
    public void resume() throws IOException {
        Optional<FleetUpgrade> open = open();
        if (open.isPresent()) {
            FleetUpgrade upgrade = open.get();
            watched = new Watched(upgrade.id(), new DeploymentLog());
            save(upgrade.at(upgrade.rollout().resumed(clock.instant())));
            LOG.info("upgrade {} goes on after a restart", upgrade.id());
        }
    }

    private Optional<FleetUpgrade> open() {
        return desired.data().upgrades().stream().filter(FleetUpgrade::open).findFirst();
    }

    private void save(FleetUpgrade next) throws IOException {
        if (!desired.data().upgrades().contains(next)) {
            desired.save(desired.data().withUpgrade(next));
        }
    }

    /**
     * Begins one, of all nodes that are there and can be replaced.
     *
     * @param plan wave by wave; one node at a time, if it says nothing of how many
     * @throws FleetException if there is no such node, or another upgrade goes on; nothing has changed
     * @throws IOException if it cannot be made durable; nothing has changed
     */
    public Deployment begin(UpgradeWish wish, RolloutPlan plan) throws FleetException, IOException {
        rules.requireNone(open());
        Map<String, Replacement> targets = new TreeMap<>();
        nodes.connected(node -> node.upgrades().possible()).forEach(name -> targets.put(name, Replacement.NONE));
        rules.requireIdle(targets.keySet());
        rules.requireKnown(wish.distributions().keySet());
        FleetUpgrade upgrade = new FleetUpgrade(
                Long.toString(desired.data().lastDeployment() + 1),
                wish.children(),
                wish.distributions(),
                wish.by(),
                clock.instant(),
                null,
                "",
                "",
                Rollout.begin(plan.orAtMost(1)),
                targets);
        rules.requireWaves(upgrade);
        desired.save(desired.data().withUpgrade(upgrade));
        watched = new Watched(upgrade.id(), new DeploymentLog());
        LOG.info("upgrade {}: {} nodes, {}", upgrade.id(), targets.size(), plan.text());
        advance();
        return find(upgrade.id()).orElseThrow();
    }

    /** The upgrade that goes on and has this node among its own; empty if there is none. */
    public Optional<String> has(String node) {
        return open().filter(each -> each.nodes().containsKey(node)).map(FleetUpgrade::id);
    }

    /**
     * Does something with one that goes on.
     *
     * @param how what was done, for people
     * @return how it stands then; empty if there is no such upgrade
     * @throws FleetException if that cannot be in its state
     */
    public Optional<Deployment> operate(String id, RolloutEvent event, String how) throws FleetException, IOException {
        Optional<FleetUpgrade> found = known(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        FleetUpgrade upgrade = found.get();
        RolloutStep step = RolloutTable.step(upgrade.rollout().state(), event);
        if (step instanceof RolloutStep.No no) {
            boolean ended = !upgrade.open();
            throw new FleetException(
                    FleetException.Kind.CONFLICT,
                    "upgrade " + id + " " + no.why(),
                    ended
                            ? "upgrade to what served before: ./protoplex upgrade"
                            : no.remedy().replace("ID", id),
                    id);
        }
        if (step instanceof RolloutStep.To to) {
            perform(upgrade, to, "it was " + how);
            advance();
        }
        return find(id);
    }

    /** Time has passed, or a node has told something. */
    public void advance() {
        try {
            for (Optional<FleetUpgrade> open = open(); open.isPresent() && step(open.get()); open = open()) {}
        } catch (IOException e) {
            LOG.warn("an upgrade waits, because the state cannot be saved: {}", e.getMessage());
        }
    }

    /** Time has passed: to be called about once a second. */
    public void tick() {
        advance();
        try {
            Optional<FleetUpgrade> last = desired.data().upgrades().stream().findFirst();
            if (last.isPresent() && last.get().rollout().state() == RolloutState.REFUSED) {
                mend(last.get());
            }
        } catch (IOException e) {
            LOG.warn(
                    "nodes that are back after an upgrade wait, because the state cannot be saved: {}", e.getMessage());
        }
    }

    /** Who was away, or silent, while the others went back, and still has the new processes, goes back when it is there; if nobody has replaced them since. */
    private void mend(FleetUpgrade before) throws IOException {
        Instant now = clock.instant();
        FleetUpgrade upgrade = moves.heard(before, now);
        keepHeard(before, upgrade);
        orders.repeat(upgrade, now);
        List<String> back = moves.toGoBack(upgrade, now).stream()
                .filter(name -> moves.isAsTold(name, upgrade.nodes().getOrDefault(name, Replacement.NONE)))
                .toList();
        tellBack(upgrade, back, now);
    }

    /** Returns whether there may be more to do. */
    private boolean step(FleetUpgrade before) throws IOException {
        Instant now = clock.instant();
        FleetUpgrade upgrade = moves.heard(before, now);
        keepHeard(before, upgrade);
        orders.repeat(upgrade, now);
        Optional<Happening> due = happening(upgrade, now);
        if (due.isPresent()) {
            RolloutStep step =
                    RolloutTable.step(upgrade.rollout().state(), due.get().event());
            if (step instanceof RolloutStep.To to) {
                perform(upgrade, to, due.get().why());
                return true;
            }
        }
        return switch (upgrade.rollout().state()) {
            case MOVING -> tellWave(upgrade, now);
            case RETURNING -> tellBack(upgrade, moves.toGoBack(upgrade, now), now);
            case BAKING, HELD, PAUSED, DONE, REFUSED -> false;
        };
    }

    /** It is said when it is durable: else who watches hears of it again and again while the disk is full. */
    private void keepHeard(FleetUpgrade before, FleetUpgrade upgrade) throws IOException {
        save(upgrade);
        upgrade.nodes()
                .forEach((name, node) -> sayHeard(name, before.nodes().getOrDefault(name, Replacement.NONE), node));
    }

    private void sayHeard(String name, Replacement before, Replacement now) {
        if (!now.equals(before)) {
            say(name, "RESULT", now.state() == NodeState.DONE ? "new processes serve" : now.reason());
        }
    }

    private record Happening(RolloutEvent event, String why) {}

    private Optional<Happening> happening(FleetUpgrade upgrade, Instant now) {
        Rollout rollout = upgrade.rollout();
        if (!rollout.state().forward()) {
            boolean back =
                    moves.isQuiet(upgrade) && moves.toGoBack(upgrade, now).isEmpty();
            return back ? happens(RolloutEvent.ALL_RETURNED, "") : Optional.empty();
        }
        Optional<String> refused = moves.first(upgrade, NodeState.REFUSED);
        if (refused.isPresent()) {
            return happens(
                    RolloutEvent.NODE_REFUSED,
                    refused.get() + " was not upgraded: "
                            + upgrade.nodes()
                                    .getOrDefault(refused.get(), Replacement.NONE)
                                    .reason());
        }
        int deadline = rollout.plan().deadlineSeconds();
        if (deadline > 0 && !now.isBefore(upgrade.begun().plusSeconds(deadline))) {
            return happens(
                    RolloutEvent.DEADLINE_PASSED,
                    "it was not done within " + deadline + " s (--deadline): it was in " + rollout.where());
        }
        Optional<String> ill = rollout.plan().gate().on() ? moves.ill(upgrade, now) : Optional.empty();
        if (ill.isPresent()) {
            return happens(RolloutEvent.GATE_FAILED, ill.get());
        }
        return switch (rollout.state()) {
            case MOVING -> moved(upgrade, now);
            case BAKING -> rollout.baked(now) ? happens(RolloutEvent.GATE_PASSED, "") : Optional.empty();
            case HELD, PAUSED, RETURNING, DONE, REFUSED -> Optional.empty();
        };
    }

    /** Those with new processes are looked for once more before others follow. */
    private Optional<Happening> moved(FleetUpgrade upgrade, Instant now) {
        boolean waits = moves.waiting(upgrade).stream().anyMatch(name -> !moves.isGone(name, now));
        boolean missed = upgrade.nodes().entrySet().stream()
                .filter(each -> each.getValue().state() == NodeState.DONE)
                .anyMatch(each -> !nodes.isConnected(each.getKey()) && !moves.isGone(each.getKey(), now));
        if (waits || missed || !moves.isQuiet(upgrade)) {
            return Optional.empty();
        }
        long done = upgrade.count(NodeState.DONE);
        if (done == 0) {
            return happens(
                    RolloutEvent.NODE_REFUSED, upgrade.rollout().where() + ": none of its nodes is there any more");
        }
        return upgrade.rollout().last()
                ? happens(RolloutEvent.ALL_SERVE, "")
                : happens(
                        RolloutEvent.WAVE_SERVES,
                        upgrade.rollout().where() + ": " + done + " of "
                                + upgrade.nodes().size() + " nodes have new processes");
    }

    private static Optional<Happening> happens(RolloutEvent event, String why) {
        return Optional.of(new Happening(event, why));
    }

    private void perform(FleetUpgrade upgrade, RolloutStep.To to, String why) throws IOException {
        Rollout rollout = upgrade.rollout();
        switch (to.deed()) {
            case REMEMBER -> {
                save(upgrade.at(rollout.in(to.next())));
                say("", to.next() == RolloutState.MOVING ? "RESUME" : "HOLD", why);
            }
            case WATCH -> {
                save(upgrade.at(rollout.served(clock.instant())));
                say("", "BAKE", why);
            }
            case NEXT_WAVE -> save(upgrade.at(nextWave(upgrade)));
            case TURN_BACK -> {
                LOG.warn("upgrade {}: {}", upgrade.id(), why);
                save(upgrade.at(rollout.in(RolloutState.RETURNING)).saying(why, ""));
                say("", "ROLLBACK", why);
            }
            case END -> end(upgrade, to.next(), why);
            // What has ended moves no more: who asks for that begins another one.
            case MOVE_BACK -> throw new IllegalStateException("upgrade " + upgrade.id() + " has ended");
        }
    }

    /** The first wave after this one that adds a node; the last one, if none does. */
    private Rollout nextWave(FleetUpgrade upgrade) {
        Rollout rollout = upgrade.rollout();
        int wave = rollout.wave() + 1;
        while (!rollout.plan().ends(wave)
                && moves.members(upgrade, rollout.plan().waves().get(wave)).isEmpty()) {
            wave++;
        }
        return rollout.atWave(wave);
    }

    private void end(FleetUpgrade upgrade, RolloutState state, String why) throws IOException {
        boolean done = state == RolloutState.DONE;
        String detail = done ? UpgradeSentences.done(upgrade) : UpgradeSentences.refused(upgrade, why);
        save(upgrade.at(upgrade.rollout().ended(state))
                .saying(detail, done ? "" : UpgradeSentences.REMEDY)
                .endedAt(clock.instant()));
        LOG.info("upgrade {}: {}", upgrade.id(), detail);
        orders.clear();
        watched.log().end();
    }

    /** Tells as many of the wave as may move. Who is not there any more is passed over, and keeps what it has. */
    private boolean tellWave(FleetUpgrade upgrade, Instant now) throws IOException {
        List<String> waiting = moves.waiting(upgrade);
        List<String> gone =
                waiting.stream().filter(name -> moves.isGone(name, now)).toList();
        List<String> told = waiting.stream()
                .filter(nodes::isConnected)
                .limit(moves.room(upgrade, now))
                .toList();
        if (told.isEmpty() && gone.isEmpty()) {
            return false;
        }
        Map<String, Replacement> next = new HashMap<>(upgrade.nodes());
        gone.forEach(name ->
                next.put(name, Replacement.NONE.in(NodeState.AWAY, "it is away, and keeps the processes that it has")));
        told.forEach(name -> next.put(
                name, new Replacement(NodeState.WAITING, UUID.randomUUID().toString(), now, home(name), "", "")));
        Set<String> ahead = new HashSet<>(told);
        ahead.addAll(gone);
        FleetUpgrade further = upgrade.with(next).at(upgrade.rollout().telling(ahead));
        save(further);
        told.forEach(name -> orders.send(further, name, now));
        if (!told.isEmpty()) {
            say("", "WAVE", upgrade.rollout().where() + ": " + UpgradeSentences.names(told));
        }
        return !gone.isEmpty();
    }

    private boolean tellBack(FleetUpgrade upgrade, List<String> back, Instant now) throws IOException {
        List<String> told = back.stream()
                .filter(nodes::isConnected)
                .limit(moves.room(upgrade, now))
                .toList();
        FleetUpgrade next = upgrade;
        for (String name : told) {
            Replacement node = upgrade.nodes().getOrDefault(name, Replacement.NONE);
            next = next.with(
                    name,
                    new Replacement(
                            node.state(),
                            node.told(),
                            now,
                            node.before(),
                            UUID.randomUUID().toString(),
                            ""));
        }
        save(next);
        for (String name : told) {
            orders.send(next, name, now);
            say(
                    name,
                    "ROLLBACK",
                    "goes back to "
                            + next.nodes().getOrDefault(name, Replacement.NONE).before());
        }
        return false;
    }

    private String home(String name) {
        KnownNode node = nodes.known().get(name);
        return node == null ? "" : node.upgrades().home();
    }

    private void say(String node, String step, String detail) {
        watched.log().result(new DeploymentLog.Line(clock.instant(), node, step, "DONE", detail, 0));
    }

    /** Who watches should come again, because this Seed is about to be replaced; or need not, because it is not. */
    public void part(boolean leave) {
        watched.log().part(leave);
    }

    private Optional<FleetUpgrade> known(String id) {
        return desired.data().upgrades().stream()
                .filter(each -> each.id().equals(id))
                .findFirst();
    }

    /** One that goes on, or has ended, as a deployment. */
    public Optional<Deployment> find(String id) {
        return known(id).map(this::view);
    }

    /** All that are known, the newest first. */
    public Collection<Deployment> all() {
        return desired.data().upgrades().stream().map(this::view).toList();
    }

    private Deployment view(FleetUpgrade upgrade) {
        String version = upgrade.nodes().entrySet().stream()
                .filter(each -> each.getValue().state() == NodeState.DONE)
                .flatMap(each -> Stream.ofNullable(nodes.known().get(each.getKey())))
                .map(KnownNode::version)
                .findFirst()
                .orElse("");
        boolean refused = upgrade.rollout().state() == RolloutState.REFUSED;
        return (refused ? upgrade.saying(UpgradeSentences.after(upgrade), upgrade.remedy()) : upgrade)
                .asDeployment(version);
    }

    /** What happens, or happened, in it; empty when that is no longer kept. */
    public Optional<DeploymentLog> log(String id) {
        Watched last = watched;
        return last.id().equals(id) ? Optional.of(last.log()) : Optional.empty();
    }
}
