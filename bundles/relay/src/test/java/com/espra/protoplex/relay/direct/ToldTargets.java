package com.espra.protoplex.relay.direct;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Targets that keep what they are told. */
public final class ToldTargets implements Targets {

    private final List<Target> left;
    private final List<String> told = new CopyOnWriteArrayList<>();

    public ToldTargets(String... addresses) {
        left = new CopyOnWriteArrayList<>(List.of(addresses).stream()
                .map(address -> Target.foreign(URI.create(address)))
                .toList());
    }

    /** What it was told, in order. */
    public List<String> told() {
        return told;
    }

    @Override
    public @Nullable Target next() {
        return left.isEmpty() ? null : left.removeFirst();
    }

    @Override
    public void answered(Target target, int status, long nanos) {
        told.add(target.address() + " " + status);
    }

    @Override
    public void ended(Target target, Outcome outcome) {
        told.add(target.address() + " " + outcome);
    }
}
