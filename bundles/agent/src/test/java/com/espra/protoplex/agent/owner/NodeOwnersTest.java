package com.espra.protoplex.agent.owner;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.KeySlots;
import com.espra.protoplex.api.owner.OwnedSlots;
import com.espra.protoplex.api.owner.OwnerUnavailableException;
import com.espra.protoplex.api.owner.SlotHolder;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.owner.LeaseBook;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.fleet.owner.RoleReport;
import com.espra.protoplex.fleet.owner.SlotTransfer;
import com.espra.protoplex.fleet.owner.TransferPhase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class NodeOwnersTest {

    private static final String ALL = "0-1023";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong now = new AtomicLong(1_000);
    private final AtomicLong reports = new AtomicLong();
    private final Holder holder = new Holder();
    private NodeOwners owners;

    /** Writes down what it is told. */
    private static final class Holder implements SlotHolder {

        final List<String> calls = new ArrayList<>();
        final CompletableFuture<Void> prepared = new CompletableFuture<>();
        final CompletableFuture<Void> released = new CompletableFuture<>();

        synchronized void note(String what, OwnedSlots slots) {
            calls.add(what + " " + slots.slots().size() + " at " + slots.epoch());
        }

        synchronized List<String> calls() {
            return List.copyOf(calls);
        }

        @Override
        public CompletionStage<?> prepare(OwnedSlots slots) {
            note("prepare", slots);
            return prepared;
        }

        @Override
        public void own(OwnedSlots slots) {
            note("own", slots);
        }

        @Override
        public CompletionStage<?> release(OwnedSlots slots) {
            note("release", slots);
            return released;
        }

        @Override
        public void lost(OwnedSlots slots) {
            note("lost", slots);
        }
    }

    @Before
    public void start() throws Exception {
        owners = open();
    }

    private NodeOwners open() {
        return new NodeOwners("me", folder.getRoot().toPath(), 100, now::get, reports::incrementAndGet);
    }

    @After
    public void stop() {
        owners.close();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < end);
            Thread.onSpinWait();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static OwnerTable table(long epoch, Map<String, String> of, SlotTransfer... transfers) {
        return new OwnerTable("live", OwnerTable.LEASED, epoch, of, List.of(transfers));
    }

    private void told(OwnerTable table) {
        owners.take(new LinkFrame.Owners(List.of(table)));
    }

    private void leased(long epoch) {
        LinkFrame.Owning owning = owners.owning().orElseThrow();
        owners.take(new LinkFrame.Lease(owning.number(), Map.of("live", epoch)));
    }

    private RoleReport report() {
        return owners.owning().orElseThrow().roles().getFirst();
    }

    private void own() throws InterruptedException {
        owners.arrive("live", holder, SlotHolder.LEASED);
        told(table(1, Map.of("me", ALL)));
        holder.prepared.complete(null);
        leased(1);
        await("it owns", () -> owners.owns("live", "a"));
    }

    @Test
    public void itOwnsWhenItIsToldIsReadyAndHasALease() throws Exception {
        owners.arrive("live", holder, SlotHolder.LEASED);
        told(table(1, Map.of("me", ALL)));
        await("it prepares", () -> holder.calls().equals(List.of("prepare 1024 at 1")));
        leased(1);
        assertFalse(owners.owns("live", "a"));
        holder.prepared.complete(null);
        await("it owns", () -> owners.owns("live", "a"));
        assertEquals(List.of("prepare 1024 at 1", "own 1024 at 1"), holder.calls());
        assertTrue(owners.isCurrent("live"));
    }

    @Test
    public void itCeasesToOwnWhenItsLeaseIsOverWhateverItsHolderDoes() throws Exception {
        own();
        now.addAndGet(LeaseBook.AT_NODE.toNanos() - 1);
        assertTrue(owners.owns("live", "a"));
        now.incrementAndGet();
        assertFalse(owners.owns("live", "a"));
        await("its holder hears of it", () -> holder.calls().contains("lost 1024 at 1"));
        assertEquals("me", owners.owner("live", "a").orElseThrow().node());
        assertFalse(owners.isCurrent("live"));
    }

    @Test
    public void aLeaseCountsFromTheQuestionAndIsOfTheEpochThatItNames() throws Exception {
        owners.arrive("live", holder, SlotHolder.LEASED);
        told(table(3, Map.of("me", ALL)));
        holder.prepared.complete(null);
        LinkFrame.Owning asked = owners.owning().orElseThrow();
        owners.take(new LinkFrame.Lease(asked.number(), Map.of("live", 4L)));
        assertFalse("it is of a newer table", owners.isCurrent("live"));
        now.addAndGet(LeaseBook.AT_NODE.toNanos());
        owners.take(new LinkFrame.Lease(asked.number(), Map.of("live", 3L)));
        assertFalse("the answer took as long as the lease", owners.isCurrent("live"));
    }

    @Test
    public void aStandingOwnerGoesOnWithoutALease() throws Exception {
        owners.arrive("live", holder, SlotHolder.STANDING);
        holder.prepared.complete(null);
        told(new OwnerTable("live", OwnerTable.STANDING, 1, Map.of("me", ALL), List.of()));
        await("it owns", () -> owners.owns("live", "a"));
        now.addAndGet(LeaseBook.AT_NODE.multipliedBy(100).toNanos());
        assertTrue(owners.owns("live", "a"));
    }

    @Test
    public void whatMovesIsHeldUntilItHasMoved() throws Exception {
        own();
        int slot = KeySlots.of("a");
        told(table(2, Map.of("me", ALL), new SlotTransfer(7, "me", "other", TransferPhase.SWITCH, 2, "" + slot)));
        assertTrue("it serves what it has begun", owners.owns("live", "a"));
        CompletionStage<KeyOwner> wait = owners.settled("live", "a");
        told(table(3, Map.of("me", ALL), new SlotTransfer(7, "me", "other", TransferPhase.DRAIN, 3, "" + slot)));
        await("it is to let go", () -> holder.calls().contains("release 1 at 3"));
        assertEquals(Set.of(), report().released());
        holder.released.complete(null);
        await("it has let go", () -> report().released().equals(Set.of(7L)));
        assertFalse(owners.owns("live", "a"));
        assertFalse(wait.toCompletableFuture().isDone());
        told(table(4, Map.of("other", "" + slot)));
        assertEquals(
                "other", wait.toCompletableFuture().get(10, TimeUnit.SECONDS).node());
        assertEquals(4, wait.toCompletableFuture().get().epoch());
    }

    @Test
    public void whatTheTableTakesAwayIsLostAtOnce() throws Exception {
        own();
        told(table(9, Map.of("other", ALL)));
        assertFalse(owners.owns("live", "a"));
        await("its holder hears of it", () -> holder.calls().contains("lost 1024 at 9"));
    }

    @Test
    public void anOlderTableIsNotTaken() throws Exception {
        own();
        told(table(5, Map.of("other", ALL)));
        told(table(4, Map.of("me", ALL)));
        assertEquals("other", owners.owner("live", "a").orElseThrow().node());
    }

    @Test
    public void anotherVersionOfTheRoleIsAskedToPrepareAnew() throws Exception {
        own();
        owners.leave("live", holder);
        assertFalse(owners.owns("live", "a"));
        assertTrue("it is a member still", report().canOwn());
        Holder next = new Holder();
        owners.arrive("live", next, SlotHolder.LEASED);
        next.prepared.complete(null);
        await("the next one owns", () -> owners.owns("live", "a"));
        assertEquals(List.of("prepare 1024 at 1", "own 1024 at 1"), next.calls());
    }

    @Test
    public void aHolderThatFailsIsAskedAgain() throws Exception {
        owners.arrive("live", holder, SlotHolder.LEASED);
        told(table(1, Map.of("me", ALL)));
        holder.prepared.completeExceptionally(new IllegalStateException("the disk is full (this belongs to the test)"));
        await("it is asked", () -> holder.calls().size() == 1);
        await("it is asked again", () -> {
            now.addAndGet(Duration.ofMillis(100).toNanos());
            return holder.calls().size() >= 3;
        });
    }

    @Test
    public void anUnknownWordForWhatAnOwnerDoesIsRefused() {
        owners.arrive("live", holder, "sometimes");
        told(table(1, Map.of("other", ALL)));
        assertFalse(report().canOwn());
    }

    @Test
    public void aNodeThatStartsKnowsWhomToAskAndOwnsNothingYet() throws Exception {
        own();
        Path file = folder.getRoot().toPath().resolve("owners.json");
        await("it is saved", () -> Files.exists(file));
        owners.close();
        owners = open();
        Holder next = new Holder();
        next.prepared.complete(null);
        owners.arrive("live", next, SlotHolder.LEASED);
        assertEquals("me", owners.owner("live", "a").orElseThrow().node());
        assertFalse(owners.owns("live", "a"));
        assertFalse(owners.isCurrent("live"));
        assertEquals("it has not heard the Seed", Optional.empty(), owners.owning());
    }

    @Test
    public void aDamagedFileIsPassedOver() throws Exception {
        owners.close();
        Files.writeString(folder.getRoot().toPath().resolve("owners.json"), "{\"tables\":[{\"owners\":");
        owners = open();
        assertEquals(Optional.empty(), owners.owner("live", "a"));
    }

    @Test
    public void anOlderSeedIsToldNothing() {
        owners.arrive("live", holder, SlotHolder.LEASED);
        assertEquals(Optional.empty(), owners.owning());
        assertEquals(0, reports.get());
        told(table(1, Map.of()));
        assertTrue(owners.owning().isPresent());
        owners.parted();
        assertEquals(Optional.empty(), owners.owning());
    }

    @Test
    public void noMoreWaitThanMayAndNoLonger() {
        WaitingKeys waiting = new WaitingKeys(2, Duration.ofMillis(50), Runnable::run);
        CompletionStage<KeyOwner> one = waiting.add("live", "a", Optional::empty);
        CompletionStage<KeyOwner> two = waiting.add("live", "b", Optional::empty);
        CompletionStage<KeyOwner> three = waiting.add("live", "c", Optional::empty);
        assertEquals(OwnerUnavailableException.class, failure(three).getClass());
        assertEquals(OwnerUnavailableException.class, failure(one).getClass());
        assertEquals("no node came to own b within 50 ms", failure(two).getMessage());
        assertEquals(0, waiting.size());
    }

    private static Throwable failure(CompletionStage<KeyOwner> stage) {
        return assertThrows(
                        CompletionException.class,
                        () -> stage.toCompletableFuture().join())
                .getCause();
    }

    /** Not a bound, as machines differ: for the record. */
    @Test
    public void anAnswerComesFromMemory() throws Exception {
        own();
        String[] keys = new String[1000];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "channel/room-" + i;
        }
        long[] took = new long[200_000];
        long sum = 0;
        for (int i = 0; i < took.length; i++) {
            long begun = System.nanoTime();
            sum += owners.owner("live", keys[i % keys.length]).orElseThrow().slot();
            took[i] = System.nanoTime() - begun;
        }
        Arrays.sort(took);
        assertTrue(sum > 0);
        System.out.println("an owner is found in " + took[took.length / 2] + " ns (median), "
                + took[took.length * 99 / 100] + " ns (p99)");
    }
}
