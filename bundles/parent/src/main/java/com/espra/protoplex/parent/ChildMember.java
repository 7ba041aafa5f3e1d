package com.espra.protoplex.parent;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.control.SwapMaps;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.parent.coordinate.SwapMember;
import com.espra.protoplex.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child that takes swaps, asked over Control. */
final class ChildMember implements SwapMember {

    private static final Logger LOG = LoggerFactory.getLogger(ChildMember.class);

    private final String id;
    private final Release.Placement placement;
    private final Peer child;

    ChildMember(String id, Release.Placement placement, Peer child) {
        this.id = id;
        this.placement = placement;
        this.child = child;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Release.Placement placement() {
        return placement;
    }

    @Override
    public CompletableFuture<Answer> swap(Release release) {
        return child.ask(Topics.SWAP, SwapMaps.map(release)).thenApply(ChildMember::answer);
    }

    @Override
    public CompletableFuture<String> check(Release release) {
        return child.ask(Topics.CHECK, SwapMaps.map(release)).thenApply(ChildMember::missing);
    }

    private static String missing(Map<String, Object> answer) {
        if (answer.get(Topics.MISSING) instanceof String missing) {
            return missing;
        }
        throw new UnsupportedOperationException("the child does not say what is missing: it is of an older version");
    }

    @Override
    public CompletableFuture<Answer> remove(String unit) {
        return child.ask(Topics.REMOVE, Map.of(Topics.UNIT, unit)).thenApply(ChildMember::answer);
    }

    private static Answer answer(Map<String, Object> answer) {
        return new Answer(SwapMaps.outcome(answer), SwapMaps.units(answer));
    }

    @Override
    public CompletableFuture<List<UnitStatus>> units() {
        return units(new ArrayList<>(), "");
    }

    private CompletableFuture<List<UnitStatus>> units(List<UnitStatus> before, String after) {
        return child.ask(Topics.UNITS, Map.of(Topics.AFTER, after)).thenCompose(answer -> {
            List<UnitStatus> page = SwapMaps.units(answer);
            before.addAll(page);
            boolean more = Boolean.TRUE.equals(answer.get(Topics.MORE)) && !page.isEmpty();
            return more ? units(before, page.getLast().unit()) : CompletableFuture.completedFuture(List.copyOf(before));
        });
    }

    @Override
    public CompletableFuture<?> restored() {
        return child.ask(Topics.RESTORED, Map.of());
    }

    @Override
    public void replace(String reason) {
        var _ = child.ask(Topics.REPLACE, Map.of(Topics.REASON, reason)).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.debug("child {} does not say that it is unwell, and is probably gone", id, failure);
            }
        });
    }

    @Override
    public String toString() {
        return id;
    }
}
