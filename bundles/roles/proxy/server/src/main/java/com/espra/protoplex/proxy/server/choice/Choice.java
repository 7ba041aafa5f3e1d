package com.espra.protoplex.proxy.server.choice;

import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The targets of one request. Threads: one call at a time, as {@link Targets} says. */
public final class Choice implements Targets {

    /** The relay gives a request to a few at most: more than that are not remembered, and not given. */
    private static final int MOST = 4;

    private final TargetSet pool;
    private final boolean byKey;
    private final long key;
    private final @Nullable TargetState[] tried = new @Nullable TargetState[MOST];
    private int count;
    private @Nullable TargetState reserved;
    private boolean badGateway;

    private Choice(TargetSet pool, boolean byKey, long key) {
        this.pool = pool;
        this.byKey = byKey;
        this.key = key;
    }

    /** That with the fewest requests of two. */
    public static Choice least(TargetSet pool) {
        return new Choice(pool, false, 0);
    }

    /** That to which the key belongs, and if it is not to be had the next one in the key's own order. */
    public static Choice byKey(TargetSet pool, long key) {
        return new Choice(pool, true, key);
    }

    /**
     * Chooses the first one now: that with the mark if it can be had. It is given a request by {@link #next} alone.
     *
     * @return the mark of the one that it is; null if there is none
     */
    public @Nullable Long reserve(@Nullable Long mark) {
        TargetState marked = mark == null ? null : pool.marked(mark, this);
        reserved = marked == null ? pool.choose(this) : marked;
        return reserved == null ? null : Long.valueOf(reserved.hash());
    }

    boolean byKey() {
        return byKey;
    }

    long key() {
        return key;
    }

    boolean isFirst() {
        return count == 0;
    }

    boolean hasTried(TargetState target) {
        for (int i = 0; i < count; i++) {
            if (target.equals(tried[i])) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Target next() {
        TargetState next = reserved;
        reserved = null;
        if (count == MOST) {
            return null;
        }
        if (next == null || !next.take(this)) {
            next = pool.take(this);
        }
        if (next == null) {
            return null;
        }
        tried[count++] = next;
        badGateway = false;
        return next.target();
    }

    @Override
    public void answered(Target target, int status, long nanos) {
        badGateway = status == 502 || status == 504;
        if (badGateway) {
            return;
        }
        for (int i = 0; i < count; i++) {
            TargetState each = tried[i];
            if (each != null && each.isOut() && each.target().equals(target)) {
                each.begins(pool.now());
            }
        }
    }

    @Override
    public void ended(Target target, Outcome outcome) {
        for (int i = 0; i < count; i++) {
            TargetState each = tried[i];
            if (each != null && each.target().equals(target)) {
                each.ended(this, pool, outcome, badGateway, pool.now());
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "of " + pool.name() + ", tried " + Arrays.toString(Arrays.copyOf(tried, count));
    }
}
