package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.build.Build;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An app, or a role, as it should be.
 *
 * @param desired what should serve
 * @param changed since when that is desired
 * @param good what served well, the newest first: the way back. A roll-back takes off what it goes back over
 * @param kind which of the two it is
 */
public record App(DesiredBuild desired, Instant changed, List<DesiredBuild> good, Build.Kind kind) {

    private static final int MAX_GOOD = 16;

    /** Keeps a copy. */
    @SuppressWarnings("NullAway") // time and kind are not there in a state that was saved before there were such
    public App {
        changed = Objects.requireNonNullElse(changed, Instant.EPOCH);
        good = List.copyOf(good);
        kind = Objects.requireNonNullElse(kind, Build.Kind.APP);
    }

    public App desiring(DesiredBuild target, Instant now) {
        return new App(target, now, good, kind);
    }

    /** This app when the target has proved to serve well. */
    public App proved(DesiredBuild target, boolean rollback) {
        if (target.none()) {
            return this;
        }
        int found = good.indexOf(target);
        List<DesiredBuild> next = new ArrayList<>(rollback && found >= 0 ? good.subList(found + 1, good.size()) : good);
        next.remove(target);
        next.addFirst(target);
        return new App(desired, changed, next.subList(0, Math.min(next.size(), MAX_GOOD)), kind);
    }

    public App of(Build.Kind what) {
        return new App(desired, changed, good, what);
    }

    /** Whether it was there once, and is to be nowhere. */
    public boolean isGone() {
        return desired.none() && changed.isAfter(Instant.EPOCH);
    }

    /** The role of the nodes that it is for, under its name here. */
    public String role(String name) {
        return kind == Build.Kind.ROLE ? name : Build.Kind.APP.word();
    }

    /** What a roll-back goes to. */
    public Optional<DesiredBuild> previous() {
        return good.stream().filter(target -> !target.equals(desired)).findFirst();
    }
}
