package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Director;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.handler.RelayMeters;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.head.FleetProof;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.rules.ExternalResource;

/** A public listener with a loop before it. What is left to Jetty is answered with "jetty", its method and its body. */
final class LoopRule extends ExternalResource {

    final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    private final Limits limits;
    private final String tokenFile;
    private final Directors directors = new Directors();
    private LoopFront front;
    private AccessLog accessLog;
    private ListenerGroup group;
    private OpenListener listener;

    LoopRule() {
        this(Limits.DEFAULT, "");
    }

    /** @param tokenFile what nodes believe each other by; empty: this one has none */
    LoopRule(Limits limits, String tokenFile) {
        this.limits = limits;
        this.tokenFile = tokenFile;
    }

    @Override
    protected void before() throws Exception {
        accessLog = new AccessLog(lines -> log.addAll(
                List.of(StandardCharsets.US_ASCII.decode(lines).toString().split("\n"))));
        group = new ListenerGroup("public", limits, accessLog);
        front = new LoopFront(
                directors, "node-1", new RelayMeters(), new FleetCredentials(new FleetProof(tokenFile), null));
        // Connections that are opened before a test says more are the loop's, too.
        directors.setDirector(request -> new Decision.Pass());
        group.front(front);
        group.dispatcher().fallback(new Rest());
        listener = group.open(new ListenerSettings("web", "127.0.0.1", 0, null));
    }

    @Override
    protected void after() {
        group.close();
        accessLog.close();
    }

    LoopFront front() {
        return front;
    }

    LoopCounts counts() {
        return front.counts();
    }

    ListenerGroup group() {
        return group;
    }

    /** Another listener of the group, behind a balancer of this machine whose fields are believed. */
    int balanced() throws Exception {
        return group.open(new ListenerSettings(
                        "balanced",
                        "127.0.0.1",
                        0,
                        null,
                        false,
                        TrustedProxies.NONE,
                        new Forwarders(TrustedProxies.of("127.0.0.1"))))
                .address()
                .getPort();
    }

    int port() {
        return listener.address().getPort();
    }

    void direct(Director director) {
        directors.setDirector(director);
    }

    WireClient client() throws Exception {
        return new WireClient(port());
    }

    private static final class Rest extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String body = Content.Source.asString(request, StandardCharsets.ISO_8859_1);
            Content.Sink.write(response, true, "jetty " + request.getMethod() + " " + body, callback);
            return true;
        }
    }
}
