package com.espra.protoplex.http;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.server.Handler;
import org.junit.rules.ExternalResource;

/** A group with one listener on a free port of the loopback address. */
public final class TestGroup extends ExternalResource {

    /** The lines of the access log. */
    public final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    private final Limits limits;
    private AccessLog accessLog;
    private ListenerGroup group;
    private OpenListener listener;

    public TestGroup() {
        this(Limits.DEFAULT);
    }

    public TestGroup(Limits limits) {
        this.limits = limits;
    }

    @Override
    protected void before() throws Exception {
        accessLog = new AccessLog(lines -> log.addAll(
                List.of(StandardCharsets.US_ASCII.decode(lines).toString().split("\n"))));
        group = new ListenerGroup("test", limits, accessLog);
        listener = group.open(new ListenerSettings("main", "127.0.0.1", 0, null));
    }

    @Override
    protected void after() {
        group.close();
        accessLog.close();
    }

    public AccessLog accessLog() {
        return accessLog;
    }

    public ListenerGroup group() {
        return group;
    }

    public OpenListener listener() {
        return listener;
    }

    public Dispatcher dispatcher() {
        return group.dispatcher();
    }

    public int port() {
        return listener.address().getPort();
    }

    public URI uri(String path) {
        return listener.address().resolve(path);
    }

    /** A backend with one endpoint, started and not yet live. */
    public Backend backend(String unit, String generation, Handler handler, String... patterns) throws Exception {
        Backend backend = dispatcher().open(unit, generation);
        backend.start(handler);
        Set<Route> routes = Set.of(List.of(patterns).stream().map(Route::of).toArray(Route[]::new));
        backend.serve(List.of(new Endpoint(routes, handler)));
        return backend;
    }

    /** The same, and live. */
    public Backend live(String unit, String generation, Handler handler, String... patterns) throws Exception {
        Backend backend = backend(unit, generation, handler, patterns);
        dispatcher().flip(backend);
        return backend;
    }
}
