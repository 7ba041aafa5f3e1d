package com.espra.protoplex.http.limits;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Handler;

/** The node of {@link HeapPressureTest}: an app that holds on to memory, and a group that nothing is shed in. Ends with its standard input. */
public final class FullHeap {

    private static final int HELD_BYTES = 1 << 16;
    private static final double SHORT = 0.95;
    private static final long WORK_NANOS = 3_000_000;

    private static final Queue<byte[]> HELD = new ConcurrentLinkedQueue<>();

    private FullHeap() {}

    public static void main(String[] arguments) throws Exception {
        Pressure pressure = new Pressure(
                wake -> List.of(new HeapMemory(SHORT, wake)), Duration.ofSeconds(2), Pressure::endThisProcess);
        ListenerGroup world = new ListenerGroup("public", Limits.DEFAULT, (request, response) -> {}, pressure);
        ListenerGroup fleet = new ListenerGroup("meta", Limits.DEFAULT, (request, response) -> {}, () -> false);
        serve(
                world,
                Handlers.of((request, response, callback) -> {
                    LockSupport.parkNanos(WORK_NANOS);
                    HELD.add(new byte[HELD_BYTES]);
                    Handlers.text("held", response, callback);
                }),
                "/hold");
        serve(world, Handlers.text("well"), "/");
        serve(
                fleet,
                Handlers.of((request, response, callback) -> {
                    HELD.clear();
                    Handlers.text("free", response, callback);
                }),
                "/free");
        serve(fleet, Handlers.text("well"), "/health");
        System.out.println(open(world) + " " + open(fleet));
        while (System.in.read() >= 0) {
            // Nothing is said; it ends.
        }
        System.exit(0);
    }

    private static void serve(ListenerGroup group, Handler handler, String path) throws Exception {
        Backend backend = group.dispatcher().open(path, "1");
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(Route.of(path)), handler)));
        group.dispatcher().flip(backend);
    }

    private static int open(ListenerGroup group) throws Exception {
        return group.open(new ListenerSettings("main", "127.0.0.1", 0, null))
                .address()
                .getPort();
    }
}
