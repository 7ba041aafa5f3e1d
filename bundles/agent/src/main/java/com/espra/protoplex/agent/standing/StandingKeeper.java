package com.espra.protoplex.agent.standing;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.standing.Outage;
import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this node is to serve. What the Seed says counts until it says something else, over restarts and without a Seed; what has an end ends by
 * this node's clock.
 *
 * <p>Threads: safe from any. It tells of changes one at a time.
 */
public final class StandingKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(StandingKeeper.class);

    /** Between two looks at what is in flight, or at what has come to its end. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final StandingFile file;
    private final Supplier<List<String>> inFlight;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Object telling = new Object();
    /** Whether the last look failed, and that was said. */
    private final AtomicBoolean blind = new AtomicBoolean();

    // Guarded by this.
    private LinkFrame.Standing said;
    private @Nullable DrainSteps drain;

    // Guarded by telling.
    private NodeStanding told = NodeStanding.USUAL;
    private LinkFrame.Drain toldDrain = LinkFrame.Drain.NONE;
    private Listener listener = new Listener() {
        @Override
        public void standing(NodeStanding now) {}

        @Override
        public void drain() {}
    };

    /** Hears of what changes. */
    public interface Listener {

        /** The node is to serve so from now on. */
        void standing(NodeStanding now);

        /** How far it is with a drain has changed: see {@link StandingKeeper#drain}. */
        void drain();
    }

    /**
     * Takes up what was ordered last.
     *
     * @param inFlight what clients wait for; it may take a second
     * @param nanos as {@link System#nanoTime}
     */
    public StandingKeeper(StandingFile file, Supplier<List<String>> inFlight, InstantSource clock, LongSupplier nanos) {
        this.file = file;
        this.inFlight = inFlight;
        this.clock = clock;
        this.nanos = nanos;
        said = file.load();
        drain = said.order().drains() ? DrainSteps.atStart(said.order(), nanos.getAsLong()) : null;
    }

    /** Tells this one from now on, and first of all how it is. */
    public void onChange(Listener next) {
        synchronized (telling) {
            listener = next;
            told = now();
            toldDrain = drain();
            next.standing(told);
        }
    }

    /** The newest order, for the Seed. */
    public synchronized LinkFrame.Order order() {
        return said.order();
    }

    /** How far this node is with an order to drain. */
    public synchronized LinkFrame.Drain drain() {
        return drain == null
                ? new LinkFrame.Drain(said.order().changed(), LinkFrame.Drain.SERVES, List.of())
                : drain.told();
    }

    /** How this node is to serve now. */
    private synchronized NodeStanding now() {
        Instant now = clock.instant();
        List<Outage> outages = said.outages().stream()
                .map(StandingKeeper::outage)
                .filter(each -> each.isOn(now))
                .toList();
        return new NodeStanding(drain == null ? Entrance.OPEN : drain.entrance(), outages);
    }

    private static Outage outage(LinkFrame.Outage each) {
        Instant until = each.until() == 0 ? Instant.MAX : Instant.ofEpochMilli(each.until());
        return new Outage(each.app(), each.readOnly(), until, each.message(), each.key());
    }

    /** The Seed says how this node is to serve. */
    public void order(LinkFrame.Standing newest) {
        synchronized (this) {
            LinkFrame.Order before = said.order();
            said = byThisClock(newest);
            if (!newest.order().drains()) {
                drain = null;
            } else if (drain == null) {
                drain = DrainSteps.begin(newest.order(), nanos.getAsLong());
                LOG.info(
                        "this node is told to drain within {} ms",
                        newest.order().drainMillis());
            } else if (newest.order().changed() != before.changed()) {
                drain = drain.again(newest.order(), nanos.getAsLong());
            }
            save();
        }
        tell();
    }

    private LinkFrame.Standing byThisClock(LinkFrame.Standing newest) {
        long ahead = clock.millis() - newest.time();
        List<LinkFrame.Outage> outages = newest.outages().stream()
                .limit(LinkFrame.Outage.MOST)
                .map(each -> each.until() == 0
                        ? each
                        : new LinkFrame.Outage(
                                each.app(), each.readOnly(), each.until() + ahead, each.message(), each.key()))
                .toList();
        return new LinkFrame.Standing(newest.order(), clock.millis(), outages);
    }

    private void save() {
        try {
            file.save(said);
        } catch (IOException e) {
            boolean usual = !said.order().drains() && said.outages().isEmpty();
            LOG.warn(
                    "how this node is to serve cannot be saved: after a restart it serves {} until the Seed says it again: {}",
                    usual && file.remove() ? "as usual" : "as was saved last",
                    e.getMessage());
        }
    }

    /**
     * Goes on with what takes its time.
     *
     * @return when to call this again; empty: when the Seed has said something
     */
    public Optional<Duration> step() {
        boolean asks;
        synchronized (this) {
            asks = drain != null && drain.asks();
        }
        List<String> lines = asks ? look() : List.of();
        boolean goesOn;
        synchronized (this) {
            // It may have been asked for something else meanwhile: then nobody has looked.
            if (drain != null && drain.asks() == asks) {
                drain.step(nanos.getAsLong(), lines);
            }
            Instant now = clock.instant();
            goesOn = (drain != null && drain.goesOn())
                    || said.outages().stream()
                            .map(StandingKeeper::outage)
                            .anyMatch(each -> !each.until().equals(Instant.MAX) && each.isOn(now));
        }
        tell();
        return goesOn ? Optional.of(LOOK) : Optional.empty();
    }

    /** A look that fails must not end the drain before its deadline, and not the looks after it. */
    private List<String> look() {
        try {
            List<String> lines = inFlight.get();
            blind.set(false);
            return lines;
        } catch (RuntimeException e) {
            if (blind.compareAndSet(false, true)) {
                LOG.warn("what is in flight cannot be looked at; looking again", e);
            }
            return List.of("it is not known what is in flight: " + e.getMessage());
        }
    }

    private void tell() {
        synchronized (telling) {
            NodeStanding now = now();
            if (!now.equals(told)) {
                told = now;
                listener.standing(now);
            }
            LinkFrame.Drain far = drain();
            if (!far.equals(toldDrain)) {
                toldDrain = far;
                if (far.state().equals(LinkFrame.Drain.DRAINED)) {
                    LOG.info("this node is drained{}", far.left().isEmpty() ? "" : ", but for " + far.left());
                }
                listener.drain();
            }
        }
    }
}
