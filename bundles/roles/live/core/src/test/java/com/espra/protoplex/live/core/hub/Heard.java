package com.espra.protoplex.live.core.hub;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Subscriber;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it hears: data of updates, {@code +} for a start without and {@code -} for one with a gap. */
final class Heard implements Subscriber {

    final List<String> all = new ArrayList<>();
    Position from = Position.NONE;

    @Override
    public void started(Position after, boolean recovered) {
        from = after;
        all.add(recovered ? "+" : "-");
    }

    @Override
    public void update(HubEntry entry) {
        all.add(entry.update().data());
    }

    @Override
    public void ended(End reason) {
        all.add(reason.name());
    }
}
