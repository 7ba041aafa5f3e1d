package com.espra.protoplex.agent.owner;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.KeySlots;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.api.owner.SlotHolder;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.owner.LeaseBook;
import com.espra.protoplex.fleet.owner.LeaseRequests;
import com.espra.protoplex.fleet.owner.OwnerBook;
import com.espra.protoplex.fleet.owner.OwnerTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who owns which keys, as this node knows it, and what it owns itself. On disk is what was known last, so that a node that starts without a Seed
 * knows whom to ask.
 *
 * <p>Threads: safe from any; questions are answered without a lock.
 */
public final class NodeOwners implements Owners, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeOwners.class);

    private static final Duration BEAT = Duration.ofMillis(500);
    private static final long RENEW_NANOS = LeaseBook.AT_NODE.dividedBy(4).toNanos();
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final int MOST_WAITING = 10_000;

    private final String node;
    private final LongSupplier nanos;
    private final OwnersFile file;
    private final Runnable report;
    private final LeaseRequests requests;
    private final Map<String, OwnedRole> roles = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("protoplex-owners").factory());
    private final ExecutorService calls = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("protoplex-slots").factory());
    private final WaitingKeys waiting = new WaitingKeys(MOST_WAITING, LONGEST_WAIT, timer);
    private final AtomicBoolean saving = new AtomicBoolean();
    private volatile boolean heard;
    private volatile long reported;

    /**
     * What was known last.
     *
     * @param node this node
     * @param folder where the file is, or will be
     * @param first larger than any number that this node gave before it was started, such as the time
     * @param nanos what never goes back, in nanoseconds
     * @param report called when the Seed is to be told {@link #owning}; returns at once
     */
    public NodeOwners(String node, Path folder, long first, LongSupplier nanos, Runnable report) {
        this.node = node;
        this.nanos = nanos;
        this.file = new OwnersFile(folder);
        this.report = report;
        this.requests = new LeaseRequests(first);
        this.reported = nanos.getAsLong();
        file.load().forEach(table -> role(table.role()).take(table));
        var _ = timer.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private OwnedRole role(String name) {
        return roles.computeIfAbsent(name, role -> new OwnedRole(role, node, nanos, calls, this::changed));
    }

    /** A version of a role is live that can own slots. */
    public void arrive(String role, SlotHolder holder, String owned) {
        if (!owned.equals(SlotHolder.LEASED) && !owned.equals(SlotHolder.STANDING)) {
            LOG.error(
                    "{} registers a holder of slots with {}={}: it owns nothing; say {} or {}",
                    role,
                    SlotHolder.OWNED,
                    owned,
                    SlotHolder.LEASED,
                    SlotHolder.STANDING);
            return;
        }
        role(role).arrive(holder, owned);
    }

    /** It is not live any more. */
    public void leave(String role, SlotHolder holder) {
        role(role).leave(holder);
    }

    /** A new link begins: whether the Seed at its other end knows of owners is to be heard. */
    public void parted() {
        heard = false;
    }

    /** The Seed says who owns what. */
    public void take(LinkFrame.Owners told) {
        told.tables().stream()
                .limit(OwnerBook.MOST_ROLES)
                .forEach(table -> role(table.role()).take(table));
        heard = true;
        changed();
        saveSoon();
    }

    /** The Seed gives a lease. */
    public void take(LinkFrame.Lease lease) {
        OptionalLong end = requests.end(lease.number());
        if (end.isPresent()) {
            lease.epochs().forEach((role, epoch) -> {
                OwnedRole known = roles.get(role);
                if (known != null) {
                    known.grant(epoch, end.getAsLong());
                }
            });
            waiting.look();
        }
    }

    /** What the Seed is told, from this moment on; empty if it would not understand, or there is nothing. */
    public Optional<LinkFrame.Owning> owning() {
        if (!heard || roles.isEmpty()) {
            return Optional.empty();
        }
        reported = nanos.getAsLong();
        long number = requests.next(reported);
        return Optional.of(new LinkFrame.Owning(
                number, roles.values().stream().map(OwnedRole::report).toList()));
    }

    private void changed() {
        waiting.look();
        if (heard && !roles.isEmpty()) {
            report.run();
        }
    }

    private void beat() {
        try {
            roles.values().forEach(OwnedRole::tick);
            waiting.look();
            if (heard && !roles.isEmpty() && nanos.getAsLong() - reported >= RENEW_NANOS) {
                report.run();
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.error("a defect in how this node owns keys; it goes on", e);
        }
    }

    @Override
    public Optional<KeyOwner> owner(String role, String key) {
        OwnedRole known = roles.get(role);
        return known == null ? Optional.empty() : Optional.ofNullable(known.owner(KeySlots.of(key)));
    }

    @Override
    public CompletionStage<KeyOwner> settled(String role, String key) {
        Optional<KeyOwner> now = settledNow(role, key);
        return now.isPresent()
                ? CompletableFuture.completedFuture(now.get())
                : waiting.add(role, key, () -> settledNow(role, key));
    }

    /** If it is this node, it must have come to own, too. */
    private Optional<KeyOwner> settledNow(String role, String key) {
        return owner(role, key)
                .filter(owner -> owner.isSettled() && (!owner.node().equals(node) || owns(role, key)));
    }

    @Override
    public boolean owns(String role, String key) {
        OwnedRole known = roles.get(role);
        return known != null && known.owns(KeySlots.of(key));
    }

    @Override
    public boolean isCurrent(String role) {
        OwnedRole known = roles.get(role);
        return known != null && known.isCurrent();
    }

    @Override
    public Set<String> roles() {
        return new TreeSet<>(roles.keySet());
    }

    @Override
    public List<KeyOwner> slots(String role) {
        OwnedRole known = roles.get(role);
        return known == null ? List.of() : known.all();
    }

    private void saveSoon() {
        if (saving.compareAndSet(false, true)) {
            try {
                timer.execute(this::save);
            } catch (RejectedExecutionException e) {
                LOG.debug("the node stops", e);
            }
        }
    }

    private void save() {
        saving.set(false);
        try {
            List<OwnerTable> tables = roles.values().stream()
                    .map(OwnedRole::table)
                    .filter(table -> table.epoch() > 0)
                    .toList();
            if (!Objects.equals(tables, saved)) {
                file.save(tables);
                saved = tables;
            }
        } catch (IOException e) {
            LOG.warn("who owns what cannot be saved: {}; after a restart the Seed tells it again", e.getMessage());
        }
    }

    /** By the timer's thread alone. */
    private List<OwnerTable> saved = List.of();

    @Override
    public void close() {
        timer.shutdownNow();
        calls.shutdownNow();
    }
}
