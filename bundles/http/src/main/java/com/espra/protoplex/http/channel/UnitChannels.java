package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.http.ChannelTraffic;
import com.espra.protoplex.http.channel.Move.Phase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of a unit, and how they go from one generation to the next: what is being handled ends, all leave, all are adopted,
 * messages flow again. Messages read one
 * volatile field; the lock is for channels that come, go or move.
 */
public final class UnitChannels {

    private static final Logger LOG = LoggerFactory.getLogger(UnitChannels.class);

    /** How long all channels wait for the one whose receiver does not return. It comes after them then. */
    private static final long PATIENCE_MILLIS = 5000;

    /** The same in the next phases, when it has been waited for already. */
    private static final long LEFT_MILLIS = 100;

    /** How many threads move channels. A task for each channel cost more than the move. */
    private static final int MOVERS = 64;

    private final String unit;
    private final ChannelServices services;
    private final ChannelCounts counts = new ChannelCounts();
    private final LastEvent lastEvent = new LastEvent();
    private volatile Move move = new Move(Phase.GONE, null);

    // All of this is guarded by this.
    private final Set<OpenChannel> all = new HashSet<>();
    private final Set<OpenChannel> waiting = new LinkedHashSet<>();
    private @Nullable ChannelOwner next;
    private int unsettled;
    private boolean held;
    private boolean stale;
    private boolean late;

    public UnitChannels(String unit, ChannelServices services) {
        this.unit = unit;
        this.services = services;
    }

    LastEvent lastEvent() {
        return lastEvent;
    }

    ChannelServices services() {
        return services;
    }

    ChannelCounts counts() {
        return counts;
    }

    Move move() {
        return move;
    }

    public synchronized ChannelTraffic soFar() {
        return counts.soFar(unit, all.size());
    }

    /** The unit is served by this one from now on; by nobody if it is null. */
    public synchronized void flip(@Nullable ChannelOwner owner) {
        boolean other = !Objects.equals(next, owner);
        next = owner;
        if (other && !held) {
            begin(owner == null ? Phase.GONE : all.isEmpty() ? Phase.FLOW : Phase.PAUSE);
        }
    }

    /** All leave, and messages wait, until {@link #release}. */
    public synchronized void hold() {
        held = true;
        begin(Phase.PAUSE);
    }

    public synchronized void release() {
        held = false;
        if (next == null) {
            begin(Phase.GONE);
        } else if (move.phase == Phase.GATHER && unsettled == 0) {
            begin(Phase.SPREAD);
        } else {
            limit(move);
        }
    }

    /** The owner has other receivers, or other paths for them. */
    public synchronized void refresh() {
        if (move.flows()) {
            begin(Phase.FLOW);
        } else {
            stale = true;
        }
    }

    /**
     * Ends those that this one still has something to do for, or all of them if nobody else serves the unit: it has had its time.
     *
     * @return how many
     */
    public int breakOff(ChannelOwner owner) {
        boolean all = move.phase == Phase.GONE;
        List<OpenChannel> its = those(channel -> channel.isOf(owner) && (all || !channel.isIdle()));
        its.forEach(OpenChannel::breakOff);
        expire(move);
        return its.size();
    }

    /** Asks the clients of a listener to come again. */
    public void askToReconnect(Connector connector) {
        those(channel -> connector.equals(channel.connector())).forEach(OpenChannel::askToReconnect);
    }

    private synchronized List<OpenChannel> those(Predicate<OpenChannel> which) {
        return all.stream().filter(which).toList();
    }

    /**
     * A channel is to be opened.
     *
     * @return whether there is room for it
     */
    boolean join(OpenChannel channel) {
        if (!services.memory().open()) {
            return false;
        }
        synchronized (this) {
            all.add(channel);
            channel.settled = move;
        }
        return true;
    }

    void remove(OpenChannel channel) {
        synchronized (this) {
            if (!all.remove(channel)) {
                return;
            }
            waiting.remove(channel);
            if (channel.settled != move) {
                arrived();
            }
        }
        services.memory().closed();
    }

    /** The channel is where the move wants it. */
    synchronized void settle(OpenChannel channel, Move followed) {
        boolean counts = channel.settled != move && followed == move;
        channel.settled = followed;
        if (counts) {
            arrived();
        }
    }

    /**
     * The channel has something that has to wait.
     *
     * @return whether it is woken later; if not, there is another move to follow at once
     */
    synchronized boolean await(OpenChannel channel, Move followed) {
        if (followed != move) {
            return false;
        }
        waiting.add(channel);
        return true;
    }

    /** One fewer is on its way. */
    private void arrived() {
        if (unsettled > 0 && --unsettled == 0) {
            go();
        }
    }

    private void go() {
        if (move.phase == Phase.PAUSE) {
            begin(Phase.GATHER);
        } else if (move.phase == Phase.GATHER && !held) {
            begin(next == null ? Phase.GONE : Phase.SPREAD);
        } else if (move.phase == Phase.SPREAD) {
            begin(Phase.FLOW);
        }
    }

    private void begin(Phase phase) {
        boolean again = phase == Phase.FLOW && move.flows();
        Move begun = new Move(phase, next);
        move = begun;
        List<OpenChannel> those = switch (phase) {
            case PAUSE -> busy(begun);
            case GATHER, SPREAD, GONE -> List.copyOf(all);
            case FLOW -> List.copyOf(again || stale ? all : waiting);
        };
        if (phase == Phase.FLOW) {
            stale = false;
            late = false;
            waiting.clear();
        }
        boolean counts = phase != Phase.FLOW && phase != Phase.GONE;
        unsettled = counts ? those.size() : 0;
        if (counts && those.isEmpty()) {
            go();
            return;
        }
        if (counts && !held) {
            limit(begun);
        }
        if (!those.isEmpty()) {
            follow(those, phase == Phase.FLOW ? those.size() : MOVERS);
        }
    }

    /** Some threads go through them, each to the next one that nobody has: a receiver that does not return keeps one thread busy. */
    private void follow(List<OpenChannel> those, int most) {
        AtomicInteger next = new AtomicInteger();
        Runnable mover = () -> {
            for (int i = next.getAndIncrement(); i < those.size(); i = next.getAndIncrement()) {
                those.get(i).follow();
            }
        };
        execute(() -> {
            for (int i = Math.min(most, those.size()); i > 0; i--) {
                execute(mover);
            }
        });
    }

    /** Those that something runs for. The others have nothing to end. */
    private List<OpenChannel> busy(Move begun) {
        List<OpenChannel> busy = new ArrayList<>();
        for (OpenChannel channel : all) {
            if (channel.isIdle()) {
                channel.settled = begun;
            } else {
                busy.add(channel);
            }
        }
        return busy;
    }

    private void execute(Runnable task) {
        try {
            services.threads().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the channels of {} go with their server", unit, e);
        }
    }

    private void limit(Move begun) {
        long patience = late ? LEFT_MILLIS : PATIENCE_MILLIS;
        var _ = services.scheduler().schedule(() -> expire(begun), patience, TimeUnit.MILLISECONDS);
    }

    private synchronized void expire(Move begun) {
        if (move == begun && unsettled > 0 && !held) {
            if (!late) {
                LOG.warn(
                        "{}: receivers of {} channels have not returned for {} ms; the other channels go on, and these follow when they return",
                        unit,
                        unsettled,
                        PATIENCE_MILLIS);
            }
            late = true;
            unsettled = 0;
            go();
        }
    }
}
