package com.espra.protoplex.calls;

import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.calls.children.ChildKey;
import com.espra.protoplex.calls.local.LocalCalls;
import com.espra.protoplex.calls.local.RoleHandlers;
import com.espra.protoplex.calls.receive.Callers;
import com.espra.protoplex.calls.receive.FleetPortHandler;
import com.espra.protoplex.calls.send.HttpCalls;
import com.espra.protoplex.calls.send.NodeChoice;
import com.espra.protoplex.calls.send.OtherNodes;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.CallRoom;
import com.espra.protoplex.calls.wire.Credentials;
import com.espra.protoplex.calls.wire.FleetToken;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.certificates.identity.FileIdentity;
import com.espra.protoplex.certificates.identity.IdentityFiles;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

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
    private final Credentials credentials;
    private final @Nullable TlsFiles tls;
    private final CallMeters meters = new CallMeters();
    private final List<String> protocols = new CopyOnWriteArrayList<>();
    private ListenerGroup group;
    private OpenListener listener;
    private volatile @Nullable X509Certificate shown;

    /** One beside the Seed, with the token. */
    TestNode(String name, TestFleet fleet, Path folder) throws Exception {
        this(name, fleet, folder, new Credentials(new FleetToken(token(folder)), null), null);
    }

    /** One that has joined. */
    TestNode(String name, TestFleet fleet, Path folder, IdentityFiles identity) throws Exception {
        this(
                name,
                fleet,
                folder,
                new Credentials(
                        new FleetToken("", true), new FileIdentity(identity, "there is none", InstantSource.system())),
                identity.own());
    }

    private TestNode(String name, TestFleet fleet, Path folder, Credentials credentials, @Nullable TlsFiles tls)
            throws Exception {
        this.name = name;
        this.fleet = fleet;
        this.credentials = credentials;
        this.tls = tls;
        log = AccessLog.in(folder.resolve("access.log"), 1 << 20, 1);
        transport = new HttpCalls(credentials);
        Directory directory = fleet;
        calls = new FleetClient(
                name,
                false,
                directory,
                new LocalCalls(name, roles),
                credentials,
                new NodeChoice(name, false, credentials, RandomGenerator.getDefault()),
                new OtherNodes(transport),
                meters);
        listen(0);
    }

    private static String token(Path folder) throws IOException {
        return Files.writeString(folder.resolve("link.token"), TOKEN + "\n").toString();
    }

    private void listen(int port) throws Exception {
        group = new ListenerGroup(kind(), Limits.DEFAULT, log);
        Handler noting = new Noting(new FleetPortHandler(
                name,
                new Callers(credentials, new ChildKey()),
                role -> roles.enter(role, name),
                units::contains,
                meters,
                new CallRoom(8 << 20)));
        Backend backend = group.dispatcher().open("calls", "calls");
        backend.start(noting);
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/v1/fleet/*")), noting)));
        var _ = group.dispatcher().flip(backend);
        listener = group.open(new ListenerSettings(kind(), "127.0.0.1", port, tls, tls != null, TrustedProxies.NONE));
    }

    /** As after a kill: connections break. */
    void restart() throws Exception {
        int port = listener.address().getPort();
        group.close(Duration.ZERO);
        listen(port);
    }

    /** Its listener for the fleet, in the directory. */
    String kind() {
        return tls == null ? "meta" : "fleet";
    }

    int port() {
        return listener.address().getPort();
    }

    String address() {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port();
    }

    void has(String role, FleetHandler answer) {
        roles.addHandler(answer, Map.of("protoplex.unit", role));
        fleet.add(name, Map.of(kind(), address()), role);
    }

    /** The certificate that came with the last request. */
    X509Certificate shown() {
        return Objects.requireNonNull(shown);
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
            X509Certificate[] chain =
                    request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData session
                            ? session.peerCertificates()
                            : null;
            if (chain != null && chain.length > 0) {
                shown = chain[0];
            }
            protocols.add(
                    request.getMethod() + " " + request.getConnectionMetaData().getProtocol());
            return super.handle(request, response, callback);
        }
    }
}
