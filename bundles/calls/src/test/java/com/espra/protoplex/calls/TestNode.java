package com.espra.protoplex.calls;

import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.calls.local.LocalCalls;
import com.espra.protoplex.calls.local.RoleHandlers;
import com.espra.protoplex.calls.receive.FleetPortHandler;
import com.espra.protoplex.calls.send.HttpCalls;
import com.espra.protoplex.calls.send.NodeChoice;
import com.espra.protoplex.calls.send.OtherNodes;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.CallRoom;
import com.espra.protoplex.calls.wire.FleetToken;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A node with a listener for the fleet, and a client of its own. */
final class TestNode implements AutoCloseable {

    static final String TOKEN = "0123456789abcdef";

    final FleetClient calls;
    final RoleHandlers roles = new RoleHandlers();
    final Set<String> units = ConcurrentHashMap.newKeySet();
    private final String name;
    private final TestFleet fleet;
    private final AccessLog log;
    private final HttpCalls transport;
    private final FleetToken token;
    private final CallMeters meters = new CallMeters();
    private final List<String> protocols = new CopyOnWriteArrayList<>();
    private ListenerGroup group;
    private OpenListener listener;

    TestNode(String name, TestFleet fleet, Path folder) throws Exception {
        this.name = name;
        this.fleet = fleet;
        log = AccessLog.in(folder.resolve("access.log"), 1 << 20, 1);
        Path file = Files.writeString(folder.resolve("link.token"), TOKEN + "\n");
        token = new FleetToken(file.toString());
        transport = new HttpCalls(token);
        Directory directory = fleet;
        calls = new FleetClient(
                name,
                false,
                directory,
                new LocalCalls(name, roles),
                new NodeChoice(name, false, RandomGenerator.getDefault()),
                new OtherNodes(transport),
                meters);
        listen(0);
    }

    private void listen(int port) throws Exception {
        group = new ListenerGroup("meta", Limits.DEFAULT, log);
        Handler noting = new Noting(new FleetPortHandler(
                name, token, role -> roles.enter(role, name), units::contains, meters, new CallRoom(8 << 20)));
        Backend backend = group.dispatcher().open("calls", "calls");
        backend.start(noting);
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/v1/fleet/*")), noting)));
        var _ = group.dispatcher().flip(backend);
        listener = group.open(new ListenerSettings("meta", "127.0.0.1", port, null));
    }

    /** As after a kill: connections break. */
    void restart() throws Exception {
        int port = listener.address().getPort();
        group.close(Duration.ZERO);
        listen(port);
    }

    int port() {
        return listener.address().getPort();
    }

    String address() {
        return "http://127.0.0.1:" + port();
    }

    void has(String role, FleetHandler answer) {
        roles.addHandler(answer, Map.of("protoplex.unit", role));
        fleet.add(name, address(), role);
    }

    /** How requests of this method came, each way once. */
    List<String> protocolsOf(String method) {
        return protocols.stream()
                .filter(each -> each.startsWith(method))
                .map(each -> each.substring(method.length() + 1))
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        transport.close();
        group.close(Duration.ZERO);
        log.close();
    }

    private final class Noting extends Handler.Wrapper {

        Noting(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            protocols.add(
                    request.getMethod() + " " + request.getConnectionMetaData().getProtocol());
            return super.handle(request, response, callback);
        }
    }
}
