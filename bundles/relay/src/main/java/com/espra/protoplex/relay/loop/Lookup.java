package com.espra.protoplex.relay.loop;

import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The address of one name. To look it up may take as long as a name server likes, and holds a thread: so one does it, however many ask, and they
 * wait as long as they like. What was found is kept for a moment. All but the lookup itself under a monitor that is given.
 */
final class Lookup {

    /** A target that moves is to be found soon; the name server is not to be asked for each connection. */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Object monitor;
    private final Executor executor;
    private final Resolver resolver;
    private final Set<Asker> askers = new LinkedHashSet<>();
    private @Nullable InetAddress last;
    private long foundAt;
    private boolean underWay;

    /** Looks up, and blocks. */
    @FunctionalInterface
    interface Resolver {

        InetAddress find() throws IOException;
    }

    /** Who wants to know. */
    @FunctionalInterface
    interface Asker {

        /** Told under the monitor; {@code null}: there is none. */
        void found(@Nullable InetAddress address);
    }

    Lookup(Object monitor, Executor executor, Resolver resolver) {
        this.monitor = monitor;
        this.executor = executor;
        this.resolver = resolver;
    }

    /** Tells the address, now or later. */
    void ask(Asker asker) {
        InetAddress known = last;
        if (known != null && System.nanoTime() - foundAt < KEPT_NANOS) {
            asker.found(known);
            return;
        }
        askers.add(asker);
        if (underWay) {
            return;
        }
        underWay = true;
        try {
            executor.execute(this::find);
        } catch (RejectedExecutionException e) {
            tell(null);
        }
    }

    /** It does not want to know any more. */
    void leave(Asker asker) {
        askers.remove(asker);
    }

    /** Whether a thread is still at it. */
    boolean isUnderWay() {
        return underWay;
    }

    private void find() {
        InetAddress found;
        try {
            found = resolver.find();
        } catch (IOException | RuntimeException e) {
            found = null;
        }
        synchronized (monitor) {
            tell(found);
        }
    }

    private void tell(@Nullable InetAddress found) {
        underWay = false;
        last = found;
        foundAt = System.nanoTime();
        List<Asker> all = List.copyOf(askers);
        askers.clear();
        all.forEach(asker -> asker.found(found));
    }
}
