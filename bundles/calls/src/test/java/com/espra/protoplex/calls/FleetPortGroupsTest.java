package com.espra.protoplex.calls;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.calls.children.ChildKey;
import com.espra.protoplex.calls.children.ChildRoles;
import com.espra.protoplex.calls.local.RoleHandlers;
import com.espra.protoplex.calls.receive.FleetPort;
import com.espra.protoplex.calls.send.CallTransport;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.Credentials;
import com.espra.protoplex.calls.wire.FleetToken;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A node that has joined has Meta for its machine, and another group of listeners for the fleet: calls come by both. */
public class FleetPortGroupsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private record OneNode(String name, String region, Set<String> roles, Path folder) implements Node {

        @Override
        public Path data(String owner) {
            return folder.resolve(owner);
        }
    }

    private static int ask(HttpClient client, URI listener, String key) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(listener.resolve("/v1/fleet/greeter/"))
                                .header("Authorization", "Bearer " + key)
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    public void eachGroupTakesCallsUntilItGoes() throws Exception {
        Path root = folder.getRoot().toPath();
        Path token = Files.writeString(root.resolve("link.token"), "t");
        RoleHandlers roles = new RoleHandlers();
        roles.addHandler(request -> FleetResponse.text("x"), Map.of("protoplex.unit", "greeter"));
        ChildKey parent = new ChildKey();
        CallTransport nobody = (target, role, request, end) -> {
            throw new AssertionError("there are no children");
        };
        FleetPort port = new FleetPort(
                new OneNode("one", "", Set.of(), root),
                roles,
                new ChildRoles(nobody),
                parent,
                new Credentials(new FleetToken(token.toString()), null),
                new CallMeters());
        AccessLog log = AccessLog.in(root.resolve("access.log"), 1 << 20, 1);
        try (ListenerGroup meta = new ListenerGroup("meta", Limits.DEFAULT, log);
                ListenerGroup fleet = new ListenerGroup("fleet", Limits.DEFAULT, log);
                HttpClient client = HttpClient.newHttpClient()) {
            URI first = meta.open(new ListenerSettings("meta", "127.0.0.1", 0, null))
                    .address();
            URI second = fleet.open(new ListenerSettings("fleet", "127.0.0.1", 0, null))
                    .address();
            port.addDispatcher(meta.dispatcher());
            port.addDispatcher(fleet.dispatcher());
            assertEquals(200, ask(client, first, "t"));
            assertEquals(200, ask(client, second, "t"));
            assertEquals("its parent", 200, ask(client, second, parent.key()));
            assertEquals(401, ask(client, second, "x"));
            port.removeDispatcher(meta.dispatcher());
            assertEquals(404, ask(client, first, "t"));
            assertEquals(200, ask(client, second, "t"));
            fleet.close(Duration.ZERO);
        } finally {
            log.close();
        }
    }
}
