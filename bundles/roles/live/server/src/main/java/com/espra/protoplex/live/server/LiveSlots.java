package com.espra.protoplex.live.server;

import com.espra.protoplex.api.owner.OwnedSlots;
import com.espra.protoplex.api.owner.SlotHolder;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.hub.LocalHubs;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The hubs of which this node is told that it owns them. They go on while no Seed is there: an owner that is cut off from the Seed alone finds that
 * nobody follows it any more who knows of a later one.
 */
@Component(property = SlotHolder.OWNED + "=" + SlotHolder.STANDING)
public final class LiveSlots implements SlotHolder {

    private final LocalHubs hubs;

    /** While they are open. */
    @Activate
    public LiveSlots(@Reference OpenHubs open) {
        hubs = open.local();
    }

    private List<LocalHub> of(OwnedSlots slots) {
        return hubs.all().stream().filter(hub -> slots.contains(hub.name())).toList();
    }

    @Override
    public CompletionStage<?> prepare(OwnedSlots slots) {
        return CompletableFuture.completedFuture(slots);
    }

    @Override
    public void own(OwnedSlots slots) {
        of(slots).forEach(LocalHub::recover);
    }

    /** What is not certain yet is published again at the next owner, by who sent it. */
    @Override
    public CompletionStage<?> release(OwnedSlots slots) {
        lost(slots);
        return CompletableFuture.completedFuture(slots);
    }

    @Override
    public void lost(OwnedSlots slots) {
        of(slots).forEach(LocalHub::disown);
    }
}
