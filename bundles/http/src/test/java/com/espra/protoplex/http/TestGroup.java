package com.espra.protoplex.http;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.server.Handler;
import org.junit.rules.ExternalResource;

/** A group with one listener on a free port of the loopback address. */
final class TestGroup extends ExternalResource {

    /** The lines of the access log. */
    final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    private final Limits limits;
    private AccessLog accessLog;
    private Group group;
    private OpenListener listener;

    TestGroup() {
        this(Limits.DEFAULT);
    }

    TestGroup(Limits limits) {
        this.limits = limits;
    }

    @Override
    protected void before() throws Exception {
        accessLog = new AccessLog(lines -> log.addAll(
                List.of(StandardCharsets.US_ASCII.decode(lines).toString().split("\n"))));
        group = new Group("test", limits, accessLog);
        listener = group.open(new Spec("main", "127.0.0.1", 0, null));
    }

    @Override
    protected void after() {
        group.close();
        accessLog.close();
    }

    AccessLog accessLog() {
        return accessLog;
    }

    Group group() {
        return group;
    }

    OpenListener listener() {
        return listener;
    }

    Dispatcher dispatcher() {
        return group.dispatcher();
    }

    int port() {
        return listener.address().getPort();
    }

    URI uri(String path) {
        return listener.address().resolve(path);
    }

    /** A backend with one endpoint, started and not yet live. */
    Backend backend(String unit, String generation, Handler handler, String... patterns) throws Exception {
        Backend backend = dispatcher().open(unit, generation);
        backend.start(handler);
        Set<Route> routes = Set.of(List.of(patterns).stream().map(Route::of).toArray(Route[]::new));
        backend.serve(List.of(new Endpoint(routes, handler)));
        return backend;
    }

    /** The same, and live. */
    Backend live(String unit, String generation, Handler handler, String... patterns) throws Exception {
        Backend backend = backend(unit, generation, handler, patterns);
        dispatcher().flip(backend);
        return backend;
    }
}
