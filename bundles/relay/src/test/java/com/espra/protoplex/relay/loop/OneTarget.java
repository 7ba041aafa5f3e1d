package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Director;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Directs all to the same targets in the same order, and keeps what it hears of them. */
final class OneTarget implements Director {

    private final List<URI> uris;
    private final Decision.Times times;
    private final Decision.HeaderRules rules;
    private final List<String> told = new CopyOnWriteArrayList<>();

    OneTarget(URI... uris) {
        this(Decision.Times.USUAL, Decision.HeaderRules.NONE, uris);
    }

    OneTarget(Decision.Times times, Decision.HeaderRules rules, URI... uris) {
        this.uris = List.of(uris);
        this.times = times;
        this.rules = rules;
    }

    List<String> told() {
        return told;
    }

    @Override
    public Decision direct(com.espra.protoplex.api.relay.RelayRequest request) {
        ArrayDeque<URI> left = new ArrayDeque<>(uris);
        return new Decision.Relay(
                new Targets() {
                    @Override
                    public @Nullable Target next() {
                        URI next = left.poll();
                        return next == null ? null : Target.foreign(next);
                    }

                    @Override
                    public void ended(Target target, Outcome outcome) {
                        told.add(uris.indexOf(target.address()) + " " + outcome);
                    }
                },
                rules,
                times);
    }
}
