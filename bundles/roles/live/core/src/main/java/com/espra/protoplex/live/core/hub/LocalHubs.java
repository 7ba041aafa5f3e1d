package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.HubRefusedException.Reason;
import com.espra.protoplex.live.core.Hubs;
import com.espra.protoplex.live.core.log.DeltaForm;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** The hubs of this node. Safe from any thread. */
public final class LocalHubs implements Hubs {

    private static final Pattern NAME = Pattern.compile("[a-z0-9._:-]{1," + LONGEST_NAME + "}");
    private static final int FORM = 1;

    private final Map<String, LocalHub> hubs = new ConcurrentHashMap<>();
    private final HubPeers peers;
    private final HubMemory memory;

    /**
     * @param clock what is shown to people
     * @param nanos what ages are counted by: monotonic
     */
    public LocalHubs(HubLimits limits, HubPeers peers, InstantSource clock, LongSupplier nanos) {
        this.peers = peers;
        memory = new HubMemory(limits, clock, nanos, this::bound);
    }

    @Override
    public LocalHub hub(String name) {
        LocalHub known = hubs.get(name);
        if (known != null) {
            return known;
        }
        if (!NAME.matcher(name).matches()) {
            throw new HubRefusedException(
                    Reason.BAD,
                    "a hub's name has 1 to " + LONGEST_NAME
                            + " characters: lower-case letters, digits, '.', '-', '_', ':'");
        }
        if (hubs.size() >= memory.limits().hubs()) {
            throw new HubRefusedException(Reason.FULL, "there are " + hubs.size() + " hubs, as many as there may be");
        }
        LocalHub hub = hubs.computeIfAbsent(name, _ -> new LocalHub(name, peers, memory));
        if (peers.owns(name)) {
            hub.recover();
        } else {
            peers.opened(hub);
        }
        return hub;
    }

    /** One that is there already. */
    public Optional<LocalHub> known(String name) {
        return Optional.ofNullable(hubs.get(name));
    }

    /** All that are there. */
    public Collection<LocalHub> all() {
        return List.copyOf(hubs.values());
    }

    @Override
    public Set<String> names() {
        return new TreeSet<>(hubs.keySet());
    }

    /** How many bytes their updates take. */
    public long bytes() {
        return memory.bytes();
    }

    /** To be called every few seconds: forgets what is too old. */
    public void tick() {
        hubs.values().forEach(LocalHub::tick);
    }

    /** The largest forgets a quarter, until it is no longer too much. */
    private void bound() {
        long before = Long.MAX_VALUE;
        while (memory.isTooMuch() && memory.bytes() < before) {
            before = memory.bytes();
            hubs.values().stream()
                    .max(Comparator.comparingLong(LocalHub::bytes))
                    .ifPresent(largest -> largest.trimTo(largest.bytes() * 3 / 4));
        }
    }

    /** Ends all subscriptions, and writes what is kept. */
    public void stop(DataOutput out) throws IOException {
        // Who waits for a second node is told that nobody knows.
        hubs.values().forEach(LocalHub::disown);
        Map<String, HubDelta> kept = new LinkedHashMap<>();
        hubs.values().forEach(hub -> kept.put(hub.name(), hub.stop()));
        out.writeInt(FORM);
        out.writeInt(kept.size());
        for (Map.Entry<String, HubDelta> hub : kept.entrySet()) {
            DeltaForm.writeText(out, hub.getKey());
            DeltaForm.write(out, hub.getValue());
        }
    }

    /**
     * Reads what {@link #stop} wrote. To be called before anything else.
     *
     * @throws IOException if it is something else: then nothing is kept of the hubs that follow it
     */
    public void restore(DataInput in) throws IOException {
        int form = in.readInt();
        if (form != FORM) {
            throw new IOException("hubs in the form " + form + ", of which this version knows " + FORM);
        }
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String name = DeltaForm.readText(in);
            HubDelta kept = DeltaForm.read(in);
            if (NAME.matcher(name).matches()) {
                hubs.computeIfAbsent(name, _ -> new LocalHub(name, peers, memory))
                        .restore(kept);
            }
        }
    }
}
