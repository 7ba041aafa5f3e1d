package com.espra.protoplex.agent.owner;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.OwnedSlots;
import com.espra.protoplex.api.owner.SlotHolder;
import com.espra.protoplex.fleet.owner.LocalSlots;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.fleet.owner.RoleReport;
import com.espra.protoplex.fleet.owner.SlotDeed;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An owned role on this node: what it knows of the owners, and its holder, if it has one.
 *
 * <p>Threads: safe from any. The holder is called by the executor, one call at a time.
 */
final class OwnedRole {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedRole.class);

    private final String role;
    private final LongSupplier nanos;
    private final Executor calls;
    private final Runnable changed;
    private final LocalSlots slots;
    private volatile @Nullable OwnerView view;
    private @Nullable SlotHolder holder;

    /**
     * @param node this node
     * @param nanos what never goes back
     * @param calls runs one after the other
     * @param changed called when there is something to tell the Seed, or who waits for an owner
     */
    OwnedRole(String role, String node, LongSupplier nanos, Executor calls, Runnable changed) {
        this.role = role;
        this.nanos = nanos;
        this.calls = calls;
        this.changed = changed;
        this.slots = new LocalSlots(role, node, nanos.getAsLong());
    }

    synchronized void take(OwnerTable table) {
        if (slots.take(table)) {
            view = OwnerView.of(table);
            advance();
            changed.run();
        }
    }

    synchronized OwnerTable table() {
        return slots.table();
    }

    synchronized void arrive(SlotHolder present, String owned) {
        if (holder != null) {
            LOG.error("{} registers two holders of its slots: the first one counts", role);
            return;
        }
        holder = present;
        slots.arrive(owned);
        advance();
        changed.run();
    }

    synchronized void leave(SlotHolder gone) {
        if (holder == gone) {
            holder = null;
            slots.leave(nanos.getAsLong());
            changed.run();
        }
    }

    synchronized boolean isPresent() {
        return holder != null;
    }

    synchronized void grant(long epoch, long end) {
        advance();
        slots.grant(epoch, end);
        advance();
    }

    /** Time has passed. */
    synchronized void tick() {
        RoleReport before = report();
        advance();
        if (!report().equals(before)) {
            changed.run();
        }
    }

    synchronized RoleReport report() {
        return slots.report(nanos.getAsLong());
    }

    boolean owns(int slot) {
        return slots.owns(slot, nanos.getAsLong());
    }

    boolean isCurrent() {
        return slots.isCurrent(nanos.getAsLong());
    }

    @Nullable
    KeyOwner owner(int slot) {
        OwnerView known = view;
        return known == null ? null : known.slots().get(slot);
    }

    List<KeyOwner> all() {
        OwnerView known = view;
        return known == null ? List.of() : known.slots();
    }

    private void advance() {
        SlotHolder present = holder;
        for (SlotDeed deed : slots.advance(nanos.getAsLong())) {
            if (present != null) {
                try {
                    calls.execute(() -> tell(present, deed));
                } catch (RejectedExecutionException e) {
                    LOG.debug("the node stops", e);
                }
            }
        }
    }

    private void tell(SlotHolder present, SlotDeed deed) {
        if (!isStill(present)) {
            return;
        }
        OwnedSlots told =
                new OwnedSlots(role, deed.epoch(), deed.slots().stream().boxed().collect(Collectors.toSet()));
        try {
            switch (deed.kind()) {
                case PREPARE -> then(present.prepare(told), deed);
                case OWN -> present.own(told);
                case RELEASE -> then(present.release(told), deed);
                case LOST -> present.lost(told);
            }
        } catch (RuntimeException | LinkageError e) {
            failed(deed, e);
            if (deed.kind() == SlotDeed.Kind.PREPARE || deed.kind() == SlotDeed.Kind.RELEASE) {
                ended(deed, false);
            }
        }
        synchronized (this) {
            slots.told(deed);
        }
        changed.run();
    }

    private synchronized boolean isStill(SlotHolder present) {
        return holder == present;
    }

    private void then(CompletionStage<?> stage, SlotDeed deed) {
        var _ = stage.whenComplete((any, failure) -> {
            if (failure != null) {
                failed(deed, failure);
            }
            ended(deed, failure == null);
        });
    }

    private synchronized void ended(SlotDeed deed, boolean well) {
        if (deed.kind() == SlotDeed.Kind.PREPARE) {
            slots.prepared(deed.number(), well, nanos.getAsLong());
        } else {
            slots.released(deed.number());
        }
        advance();
        changed.run();
    }

    private void failed(SlotDeed deed, Throwable failure) {
        LOG.error(
                "{}: the holder of its slots failed to {} {} of them{}",
                role,
                deed.kind().name().toLowerCase(Locale.ROOT),
                deed.slots().cardinality(),
                deed.kind() == SlotDeed.Kind.PREPARE ? "; it is asked again" : "",
                failure);
    }
}
