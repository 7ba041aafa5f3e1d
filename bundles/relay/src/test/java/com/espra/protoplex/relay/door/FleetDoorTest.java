package com.espra.protoplex.relay.door;

import static com.espra.protoplex.relay.handler.RelayRig.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.relay.handler.NodeTargets;
import com.espra.protoplex.relay.handler.RelayMeters;
import com.espra.protoplex.relay.handler.RelayRig;
import com.espra.protoplex.relay.handler.Talk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** One node relays to another. */
public class FleetDoorTest {

    @Rule
    public final RelayRig proxy = new RelayRig();

    private ListenerGroup world;
    private ListenerGroup meta;
    private OpenListener listener;
    private final DoorKey key = new DoorKey();
    private FleetDoor door;
    private Backend shop;

    /** Says what it sees of its client. */
    private static final class Mirror extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String body = Content.Source.asString(request);
            Content.Sink.write(
                    response,
                    true,
                    request.getHttpURI() + " " + request.getHeaders().get("Host") + " " + request.isSecure() + " "
                            + Request.getRemoteAddr(request) + " " + request.getAttribute(Dispatcher.REQUEST_ID) + " "
                            + request.getHeaders().stream()
                                    .filter(field -> field.getLowerCaseName().startsWith("protoplex-"))
                                    .count()
                            + " " + body,
                    callback);
            return true;
        }
    }

    @Before
    public void open() throws Exception {
        world = new ListenerGroup(Dispatcher.PUBLIC, Limits.DEFAULT, (request, response) -> {});
        meta = new ListenerGroup(Dispatcher.META, Limits.DEFAULT, (request, response) -> {});
        listener = meta.open(new ListenerSettings("meta", "127.0.0.1", 0, null));
        shop = world.dispatcher().open("shop", "shop-1");
        Handler mirror = new Mirror();
        shop.start(mirror);
        shop.serve(List.of(new Endpoint(Set.of(new Route("shop.example", "", "/shop/*")), mirror)));
        world.dispatcher().flip(shop);
        door = new FleetDoor(world.dispatcher(), proxy.credentials(), key);
        door.addDispatcher(meta.dispatcher());
        Target node = new Target(listener.address(), "other");
        proxy.director(request -> new Decision.Relay(new NodeTargets(node)));
    }

    @After
    public void close() {
        door.removeDispatcher(meta.dispatcher());
        meta.close();
        world.close();
    }

    @Test
    public void theOtherNodeServesItAsIfTheClientWereThere() throws Exception {
        try (Talk client = new Talk(proxy.port())) {
            client.send("POST /shop/a%20b?q HTTP/1.1\r\nHost: shop.example:8080\r\nX-Request-Id: id-7\r\n"
                    + "Origin: https://another.example\r\n"
                    + "Protoplex-Relay-Client: 6.6.6.6 1\r\nContent-Length: 4\r\n\r\nbody");
            String head = client.head();
            assertTrue(head, head.startsWith("HTTP/1.1 200"));
            assertEquals(
                    "http://shop.example:8080/shop/a%20b?q shop.example:8080 false 127.0.0.1 id-7 0 body",
                    client.body(head));
            until("it is over there, too", () -> shop.inFlight() == 0);
            assertEquals(1, shop.served());
        }
    }

    @Test
    public void whatTheOtherDoesNotServeIsNotFoundAndGoesNoFurther() throws Exception {
        try (Talk client = new Talk(proxy.port())) {
            client.get("/elsewhere");
            assertTrue(client.head().startsWith("HTTP/1.1 404"));
        }
    }

    @Test
    public void whoHasNotTheTokenIsTurnedAway() throws Exception {
        Files.writeString(proxy.token(), "another-token");
        try (Talk client = new Talk(listener.address().getPort())) {
            client.send("GET /shop/ HTTP/1.1\r\nHost: relay.protoplex.invalid\r\n"
                    + "Protoplex-Relay-Proof: the-token\r\nProtoplex-Relay-Client: 1.2.3.4 5\r\n"
                    + "Protoplex-Relay-Scheme: https\r\nProtoplex-Relay-Authority: shop.example\r\n\r\n");
            String head = client.head();
            assertTrue(head, head.startsWith("HTTP/1.1 403"));
            client.body(head);
            client.send("GET /shop/ HTTP/1.1\r\nHost: relay.protoplex.invalid\r\n\r\n");
            assertTrue(client.head().startsWith("HTTP/1.1 403"));
        }
    }

    @Test
    public void nonsenseOfAnotherVersionIsSaid() throws Exception {
        String said =
                "Protoplex-Relay-Client: 1.2.3.4 9\r\nProtoplex-Relay-Scheme: http\r\nProtoplex-Relay-Authority: a\r\n";
        for (String told : List.of(
                "",
                "Protoplex-Relay-Client: here\r\nProtoplex-Relay-Scheme: http\r\nProtoplex-Relay-Authority: a\r\n",
                "Protoplex-Relay-Client: 1.2.3.4 99999\r\nProtoplex-Relay-Scheme: http\r\nProtoplex-Relay-Authority: a\r\n",
                "Protoplex-Relay-Client: 1.2.3.4 9\r\nProtoplex-Relay-Scheme: ftp\r\nProtoplex-Relay-Authority: a\r\n",
                "Protoplex-Relay-Client: 1.2.3.4 9\r\nProtoplex-Relay-Scheme: http\r\nProtoplex-Relay-Authority: a/b\r\n",
                said + "Protoplex-Relay-Client: 1.2.3.5 9\r\n",
                said + "Protoplex-Relay-Scheme: http\r\n",
                said + "protoplex-relay-authority: b\r\n",
                said + "Protoplex-Relay-Proof: the-token\r\n")) {
            try (Talk client = new Talk(listener.address().getPort())) {
                client.send("GET /shop/ HTTP/1.1\r\nHost: relay.protoplex.invalid\r\n"
                        + "Protoplex-Relay-Proof: the-token\r\n" + told + "\r\n");
                String head = client.head();
                assertTrue(told + head, head.startsWith("HTTP/1.1 400"));
            }
        }
    }

    @Test
    public void theSchemeOfTheClientIsBelieved() throws Exception {
        try (Talk client = new Talk(listener.address().getPort())) {
            client.send("GET /shop/ HTTP/1.1\r\nHost: relay.protoplex.invalid\r\n"
                    + "Protoplex-Relay-Proof: the-token\r\nProtoplex-Relay-Client: 2001:db8::1 5\r\n"
                    + "Protoplex-Relay-Scheme: https\r\nProtoplex-Relay-Authority: shop.example\r\n\r\n");
            String head = client.head();
            String body = client.body(head);
            assertTrue(body, body.startsWith("https://shop.example/shop/ shop.example true "));
            assertTrue(body, body.contains("2001:db8:0:0:0:0:0:1"));
        }
    }

    @Test
    public void aParentPassesItOnToAChildThatServes() throws Exception {
        ListenerGroup parents = new ListenerGroup(Dispatcher.META, Limits.DEFAULT, (request, response) -> {});
        OpenListener own = parents.open(new ListenerSettings("meta", "127.0.0.1", 0, null));
        ParentDoor parent =
                new ParentDoor(parents.dispatcher(), new NamedNode("parent"), new RelayMeters(), proxy.credentials());
        try (Talk client = new Talk(proxy.port())) {
            Peer starting = (topic, body) -> CompletableFuture.completedFuture(Map.of("port", 0L));
            parent.addChild(starting, Map.of(Peer.NAME, "starting"));
            Target node = new Target(own.address(), "other");
            proxy.director(request -> new Decision.Relay(new NodeTargets(node)));
            client.get("/shop/a");
            String head = client.head();
            assertTrue(head, head.startsWith("HTTP/1.1 503"));
            client.body(head);
            Peer gone = (topic, body) -> CompletableFuture.failedFuture(new java.io.IOException("gone"));
            Peer child = (topic, body) -> CompletableFuture.completedFuture(
                    Map.of("port", (long) listener.address().getPort()));
            parent.addChild(gone, Map.of(Peer.NAME, "gone"));
            parent.addChild(child, Map.of(Peer.NAME, "child-1"));
            client.send("POST /shop/b HTTP/1.1\r\nHost: shop.example:8080\r\nX-Request-Id: id-8\r\n"
                    + "Content-Length: 4\r\n\r\nbody");
            head = client.head();
            assertTrue(head, head.startsWith("HTTP/1.1 200"));
            assertEquals(
                    "http://shop.example:8080/shop/b shop.example:8080 false 127.0.0.1 id-8 0 body", client.body(head));
            parent.removeChild(child);
            client.get("/shop/c");
            head = client.head();
            assertTrue(head, head.startsWith("HTTP/1.1 503"));
        } finally {
            parent.close();
            parents.close();
        }
    }

    private record NamedNode(String name) implements Node {

        @Override
        public String region() {
            return "local";
        }

        @Override
        public Set<String> roles() {
            return Set.of();
        }

        @Override
        public Path data(String owner) {
            throw new UnsupportedOperationException();
        }
    }
}
