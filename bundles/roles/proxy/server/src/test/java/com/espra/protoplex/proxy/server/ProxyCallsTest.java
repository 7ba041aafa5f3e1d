package com.espra.protoplex.proxy.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.proxy.server.config.FakeConfig;
import com.espra.protoplex.proxy.server.gate.Closure;
import com.espra.protoplex.proxy.server.peer.OtherProxies;
import com.espra.protoplex.proxy.server.table.FakeFleet;
import com.espra.protoplex.proxy.server.table.MetaDoors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Three proxies, of which the last is away. */
public class ProxyCallsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, ProxyDirector> proxies = new HashMap<>();
    private ProxyCommands commands;

    private record Named(String name, Path data) implements Node {

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
            return data;
        }
    }

    private record Known(Optional<FleetSnapshot> snapshot) implements Directory {

        @Override
        public boolean isCurrent() {
            return true;
        }
    }

    private static final class Uncounted implements Meters {

        @Override
        public Counter counter(String name, String help, String... labels) {
            return (_, _) -> {};
        }

        @Override
        public Timer timer(String name, String help, String... labels) {
            return (_, _) -> {};
        }

        @Override
        public void gauge(String name, String help, DoubleSupplier value) {
            assertTrue(name, value.getAsDouble() >= 0);
        }
    }

    private final class Calls implements FleetCalls {

        @Override
        public FleetResponse call(String role, FleetRequest request) {
            throw new AssertionError("each is asked by its name");
        }

        @Override
        public FleetResponse call(String role, String node, FleetRequest request) throws CallFailedException {
            assertEquals("proxy", role);
            ProxyDirector proxy = proxies.get(node);
            if (proxy == null) {
                throw new CallFailedException(
                        role, node, CallFailedException.Reason.UNREACHABLE, node + " could not be reached", null);
            }
            try {
                return new ProxyCalls(proxy).handle(request);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Named node(String name) throws IOException {
        return new Named(name, folder.newFolder(name).toPath());
    }

    @Before
    public void start() throws Exception {
        FakeFleet fleet = new FakeFleet();
        for (String each : new String[] {"me", "other", "away"}) {
            fleet.node(each, "here", "").roles(each, "proxy");
        }
        fleet.node("app", "here", "shop", "/shop/*");
        Known directory = new Known(fleet.snapshot());
        Named me = node("me");
        for (Named each : new Named[] {me, node("other")}) {
            proxies.put(
                    each.name(),
                    new ProxyDirector(each, directory, new MetaDoors(), new Uncounted(), new FakeConfig().config()));
        }
        commands = new ProxyCommands(proxies.get("me"), new OtherProxies(me, directory, new Calls()));
    }

    @After
    public void stop() {
        proxies.values().forEach(ProxyDirector::close);
    }

    private Closure closed(String node) {
        return proxies.get(node).gates().match("any", "/shop/cart");
    }

    @Test
    public void whatIsSaidAtOneIsDoneAtAllAndWhoWasNotReachedIsNamed() throws Exception {
        String said = commands.pause("/shop/*", "all");
        assertEquals(Closure.Way.PAUSED, closed("me").way());
        assertEquals(Closure.Way.PAUSED, closed("other").way());
        assertEquals(
                "/shop/* is paused on this node: requests wait. Open it by proxy:resume /shop/*\n"
                        + "away: NOT DONE, say it there: away could not be reached\n"
                        + "other: done",
                said);
        commands.drain("/shop/*", "all");
        assertEquals(Closure.Way.DRAINED, closed("other").way());
        proxies.get("other").gates().open("/shop/*");
        said = commands.resume("/shop/*", "all");
        assertTrue(said, said.startsWith("/shop/* is open\n"));
        assertTrue(said, said.endsWith("other: it was not closed"));
    }

    @Test
    public void withoutTheWordItIsOfThisNodeAlone() throws Exception {
        commands.pause("/shop/*");
        assertEquals(Closure.Way.PAUSED, closed("me").way());
        assertEquals(null, closed("other"));
    }

    @Test
    public void whatMakesNoSenseIsToldToNobody() {
        assertThrows(IllegalArgumentException.class, () -> commands.pause("no route", "all"));
        assertThrows(IllegalArgumentException.class, () -> commands.pause("/shop/*", "everywhere"));
        assertEquals(null, closed("me"));
        assertEquals(null, closed("other"));
    }

    @Test
    public void aCallThatSaysAnythingElseIsRefused() throws Exception {
        ProxyCalls calls = new ProxyCalls(proxies.get("other"));
        assertEquals(404, calls.handle(FleetRequest.get("/gates")).status());
        for (String text : new String[] {"", "pause", "pause /a b", "close /a", "pause /a*b"}) {
            FleetRequest request = FleetRequest.get("/gates");
            assertEquals(
                    text,
                    400,
                    calls.handle(new FleetRequest(
                                    "PUT",
                                    "/gates",
                                    request.headers(),
                                    text.getBytes(StandardCharsets.UTF_8),
                                    request.deadline(),
                                    request.origin()))
                            .status());
        }
        assertEquals(Map.of(), proxies.get("other").gates().all());
    }
}
