package com.espra.protoplex.seed.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An app, as it should be.
 *
 * @param desired what should serve
 * @param good what served well, the newest first: the way back. A roll-back takes off what it goes back over
 */
public record App(Target desired, List<Target> good) {

    private static final int MAX_GOOD = 16;

    /** An app that nobody has pushed yet. */
    static final App NEW = new App(Target.NONE, List.of());

    /** Keeps a copy. */
    public App {
        good = List.copyOf(good);
    }

    App desiring(Target target) {
        return new App(target, good);
    }

    /** This app when the target has proved to serve well. */
    App proved(Target target, boolean rollback) {
        if (target.none()) {
            return this;
        }
        int found = good.indexOf(target);
        List<Target> next = new ArrayList<>(rollback && found >= 0 ? good.subList(found + 1, good.size()) : good);
        next.remove(target);
        next.addFirst(target);
        return new App(desired, next.subList(0, Math.min(next.size(), MAX_GOOD)));
    }

    /** What a roll-back goes to. */
    public Optional<Target> previous() {
        return good.stream().filter(target -> !target.equals(desired)).findFirst();
    }
}
