package com.espra.protoplex.proxy.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.proxy.RouteHandler;
import com.espra.protoplex.api.proxy.RouteVerdict;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import com.espra.protoplex.proxy.server.config.FakeConfig;
import com.espra.protoplex.proxy.server.peer.OtherProxies;
import com.espra.protoplex.proxy.server.step.KeptRequest;
import com.espra.protoplex.proxy.server.table.FakeFleet;
import com.espra.protoplex.proxy.server.table.MetaDoors;
import com.espra.protoplex.test.support.Await;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The role as a whole, with a directory that the test writes. */
public class ProxyDirectorTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final MetaDoors doors = new MetaDoors();
    private final FakeFleet fleet = new FakeFleet();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<String> relayed = new CopyOnWriteArrayList<>();
    private volatile Optional<FleetSnapshot> snapshot = Optional.empty();
    private volatile boolean current;
    private ProxyDirector director;

    private final class ThisNode implements Node {

        @Override
        public String name() {
            return "me";
        }

        @Override
        public String region() {
            return "here";
        }

        @Override
        public Set<String> roles() {
            return Set.of("proxy");
        }

        @Override
        public Path data(String owner) {
            return folder.getRoot().toPath();
        }
    }

    private final class Told implements Directory {

        @Override
        public Optional<FleetSnapshot> snapshot() {
            return snapshot;
        }

        @Override
        public boolean isCurrent() {
            return current;
        }
    }

    private final class Counted implements Meters {

        @Override
        public Counter counter(String name, String help, String... labels) {
            return (amount, values) -> refused.addAndGet((int) amount);
        }

        @Override
        public Timer timer(String name, String help, String... labels) {
            return (took, values) -> relayed.add(String.join(" ", values));
        }

        @Override
        public void gauge(String name, String help, DoubleSupplier value) {
            assertTrue(name, value.getAsDouble() >= 0);
        }
    }

    private static final class Nobody implements FleetCalls {

        @Override
        public FleetResponse call(String role, FleetRequest request) {
            throw new AssertionError(role);
        }

        @Override
        public FleetResponse call(String role, String node, FleetRequest request) {
            throw new AssertionError(node);
        }
    }

    private void start(FakeConfig config) {
        director = new ProxyDirector(new ThisNode(), new Told(), doors, new Counted(), config.config());
    }

    @After
    public void stop() {
        if (director != null) {
            director.close();
        }
    }

    private Decision decide(String path) {
        return director.direct(new KeptRequest(
                "1", "GET", "http", "any", 80, path, "", Map.of(), new InetSocketAddress("10.0.0.1", 1)));
    }

    private Target target(String path) {
        return ((Decision.Relay) decide(path)).targets().next();
    }

    private String node(String path) {
        Decision decision = decide(path);
        Target target =
                decision instanceof Decision.Relay relay ? relay.targets().next() : null;
        return target == null ? decision.toString() : target.node();
    }

    @Test
    public void itFollowsTheDirectory() throws Exception {
        start(new FakeConfig());
        assertTrue(decide("/shop") instanceof Decision.Respond);
        assertEquals(1, refused.get());

        snapshot = fleet.node("b", "here", "shop", "/shop").snapshot();
        director.changed(snapshot.orElseThrow());
        Await.until("it is told", SOON, () -> node("/shop").equals("b"));

        snapshot = fleet.without("b").node("c", "here", "shop", "/shop").snapshot();
        Await.until(
                "it looks by itself, as a process must that nobody tells",
                SOON,
                () -> node("/shop").equals("c"));
    }

    @Test
    public void itGoesByTheCertificateOnceThereIsOne() throws Exception {
        Map<String, String> told = Map.of("meta", "http://b:8050", "fleet", "https://b:8051");
        snapshot = fleet.node("b", "here", "shop", "/shop").addresses("b", told).snapshot();
        start(new FakeConfig());
        assertEquals("http://b:8050", target("/shop").address().toString());
        doors.certified = true;
        Await.until(
                "the table is made anew though the directory is the same",
                SOON,
                () -> target("/shop").address().toString().equals("https://b:8051"));
    }

    @Test
    public void aConfigurationThatMakesNoSenseIsRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> start(new FakeConfig().with("servers", "/a ftp://b")));
        assertTrue(refusal.getMessage(), refusal.getMessage().startsWith("servers: '/a ftp://b'"));
    }

    @Test
    public void handlersComeAndGo() throws Exception {
        snapshot = fleet.node("b", "here", "shop", "/").snapshot();
        start(new FakeConfig());
        RouteHandler handler = _ -> new RouteVerdict.Answer(new Decision.Respond(204, Map.of(), new byte[0]));
        director.bindHandler(handler, Map.of("protoplex.unit", "other", RouteHandler.PATH, "/mine"));
        director.bindHandler(_ -> null, Map.of("protoplex.unit", "bad", RouteHandler.PATH, "/a*b"));

        Decision.Later later = (Decision.Later) decide("/mine");
        Decision.Respond answer =
                (Decision.Respond) later.decision().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertEquals(204, answer.status());
        assertEquals("b", node("/else"));

        director.unbindHandler(handler);
        assertEquals("b", node("/mine"));
    }

    @Test
    public void eachRouteHasItsMeter() {
        snapshot = fleet.node("b", "here", "shop", "/shop/*").snapshot();
        start(new FakeConfig());
        for (int status : new int[] {200, 404, 503}) {
            Targets targets = ((Decision.Relay) decide("/shop/1")).targets();
            Target target = targets.next();
            targets.answered(target, status, 1);
            targets.ended(target, Outcome.ANSWERED);
        }
        Targets targets = ((Decision.Relay) decide("/shop/2")).targets();
        targets.ended(targets.next(), Outcome.LATE);
        assertEquals(List.of("/shop/* answered", "/shop/* answered", "/shop/* error", "/shop/* failed"), relayed);
    }

    @Test
    public void commandsTellAndClose() throws Exception {
        snapshot = fleet.node("b", "here", "shop", "/shop/*").snapshot();
        start(new FakeConfig());
        ProxyCommands commands =
                new ProxyCommands(director, new OtherProxies(new ThisNode(), new Told(), new Nobody()));

        String routes = commands.routes().toString();
        assertTrue(routes, routes.contains("route=/shop/*, to=app shop, targets=1, in=1"));
        assertTrue(routes, routes.contains("the Seed is away"));
        current = true;
        assertTrue(commands.routes().toString().contains("of now"));
        assertTrue(commands.targets().toString().contains("http://b:8050"));
        assertTrue(commands.pause("/shop/*").contains("is paused"));
        assertTrue(decide("/shop/1") instanceof Decision.Later);
        assertTrue(commands.routes("/shop").toString().contains("waiting=1"));
        assertTrue(commands.why("any/shop/1").contains("/shop/* is paused since"));
        assertTrue(commands.why("http://any/none", "POST").endsWith("so: 404 of this node"));
        assertEquals("/shop/* is open", commands.resume("/shop/*"));
        assertTrue(commands.resume("/shop/*").contains("was not closed"));
        assertThrows(IllegalArgumentException.class, () -> commands.why("/shop"));
        assertThrows(IllegalArgumentException.class, () -> commands.pause("/a*b"));
        commands.drain("/shop/*");
        assertEquals(503, ((Decision.Respond) decide("/shop/1")).status());
    }

    @Test
    public void itsHealthSaysHowOldTheDirectoryIs() {
        ProxyHealth health = new ProxyHealth(new Told());
        assertTrue(health.execute().toString(), health.execute().toString().contains("not heard"));
        snapshot = fleet.snapshot();
        assertTrue(health.execute().toString(), health.execute().toString().contains("2030-01-01T12:00:00Z"));
        assertTrue("it serves all the same", !health.execute().isOk());
        current = true;
        assertTrue(health.execute().isOk());
    }
}
