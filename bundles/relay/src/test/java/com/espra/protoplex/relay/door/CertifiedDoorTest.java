package com.espra.protoplex.relay.door;

import static com.espra.protoplex.relay.handler.RelayRig.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.SeedTls;
import com.espra.protoplex.certificates.ServerTrust;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.identity.FileIdentity;
import com.espra.protoplex.certificates.identity.IdentityFiles;
import com.espra.protoplex.certificates.identity.RevokedKeys;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import com.espra.protoplex.relay.handler.NodeTargets;
import com.espra.protoplex.relay.handler.RelayRig;
import com.espra.protoplex.relay.handler.Talk;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.head.FleetProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** One node relays to another over TLS, by the certificates of the fleet, and nobody else does. */
public class CertifiedDoorTest {

    private static final String FLEET = "0123456789abcdef";
    private static final Duration DAY = Duration.ofDays(1);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> shown = new CopyOnWriteArrayList<>();
    private CertificateAuthority authority;
    private RelayRig proxy;
    private FleetCredentials web;
    private ListenerGroup world;
    private ListenerGroup fleet;
    private OpenListener listener;
    private FleetDoor door;

    @Before
    public void open() throws Exception {
        authority = CertificateAuthority.in(path("ca"), FLEET, Instant.now());
        proxy = new RelayRig().with(identity("proxy"));
        proxy.open();
        world = new ListenerGroup(Dispatcher.PUBLIC, Limits.DEFAULT, (request, response) -> {});
        Backend shop = world.dispatcher().open("shop", "shop-1");
        Handler mirror = new Mirror();
        shop.start(mirror);
        shop.serve(List.of(new Endpoint(Set.of(new Route("shop.example", "", "/shop/*")), mirror)));
        world.dispatcher().flip(shop);
        web = new FleetCredentials(new FleetProof(""), identity("web"));
        fleet = new ListenerGroup(Dispatcher.FLEET, Limits.DEFAULT, (request, response) -> {});
        door = new FleetDoor(world.dispatcher(), web, new DoorKey());
        door.addDispatcher(fleet.dispatcher());
        listener = fleet.open(
                new ListenerSettings("fleet", "127.0.0.1", 0, files("web").own(), true, TrustedProxies.NONE));
        relayTo("web");
    }

    @After
    public void close() {
        door.removeDispatcher(fleet.dispatcher());
        fleet.close();
        world.close();
        proxy.close();
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private IdentityFiles files(String name) {
        return IdentityFiles.in(path(name));
    }

    private FileIdentity identity(String name) throws IOException {
        PrivateFiles.createFolder(path(name));
        Files.writeString(files(name).authority(), authority.pem());
        renew(authority, FLEET, name);
        return new FileIdentity(files(name), "there is none", InstantSource.system());
    }

    private void renew(CertificateAuthority by, String of, String name) throws IOException {
        IdentityFiles files = files(name);
        String pem = by.forNode(KeyFile.in(files.own().key()).getPublic(), new SpiffeId(of, name), Instant.now(), DAY);
        Disk.replace(files.own().certificate(), pem.getBytes(StandardCharsets.US_ASCII));
    }

    private URI address() {
        return URI.create("https://127.0.0.1:" + listener.address().getPort());
    }

    private void relayTo(String node) {
        Target target = new Target(address(), node);
        proxy.director(request -> new Decision.Relay(new NodeTargets(target)));
    }

    /** What the client of the proxy gets. */
    private String asked() throws IOException {
        try (Talk client = new Talk(proxy.port())) {
            client.send("POST /shop/a%20b?q HTTP/1.1\r\nHost: shop.example:8080\r\nX-Request-Id: id-7\r\n"
                    + "Protoplex-Relay-Client: 6.6.6.6 1\r\nProtoplex-Relay-Proof: x\r\nContent-Length: 4\r\n\r\nbody");
            String head = client.head();
            String body = client.body(head);
            return head.startsWith("HTTP/1.1 200") ? body : head.substring(9, 12);
        }
    }

    private boolean asksAndGets(String begin) {
        try {
            return asked().startsWith(begin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says what it sees of its client, and notes which certificate has brought it. */
    private final class Mirror extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls) {
                shown.add(tls.peerCertificates()[0].getSerialNumber().toString());
            }
            String body = Content.Source.asString(request);
            Content.Sink.write(
                    response,
                    true,
                    request.getHttpURI() + " " + request.isSecure() + " " + Request.getRemoteAddr(request) + " "
                            + request.getAttribute(Dispatcher.REQUEST_ID) + " " + body,
                    callback);
            return true;
        }
    }

    @Test
    public void theOtherNodeServesItAsIfTheClientWereThere() throws Exception {
        String expected = "http://shop.example:8080/shop/a%20b?q false 127.0.0.1 id-7 body";
        assertEquals(expected, asked());
        assertEquals("on the connection that stands", expected, asked());
    }

    @Test
    public void nobodyElseIsTakenForTheNodeThatIsMeant() throws Exception {
        relayTo("another");
        assertEquals("502", asked());
        relayTo("web");
        assertEquals("http://shop.example:8080/shop/a%20b?q false 127.0.0.1 id-7 body", asked());
        relayTo("another");
        assertEquals("a connection to web is not one to another", "502", asked());
    }

    @Test
    public void whoIsRevokedIsOutOnItsConnectionToo() throws Exception {
        assertTrue(asked(), asked().startsWith("http://"));
        X509Certificate own =
                CertificateChain.read(Files.readString(files("proxy").own().certificate()))[0];
        long now = System.currentTimeMillis();
        RevokedKeys.NONE
                .with(List.of(new RevokedKeys.Revoked(KeyDigest.of(own.getPublicKey()), now, now + DAY.toMillis())))
                .write(files("web").revoked());
        until("web lets it in no more", () -> asksAndGets("403"));
    }

    @Test
    public void aNodeThatIsRevokedGetsNothingMore() throws Exception {
        assertTrue(asked().startsWith("http://"));
        X509Certificate own =
                CertificateChain.read(Files.readString(files("web").own().certificate()))[0];
        long now = System.currentTimeMillis();
        RevokedKeys.NONE
                .with(List.of(new RevokedKeys.Revoked(KeyDigest.of(own.getPublicKey()), now, now + DAY.toMillis())))
                .write(files("proxy").revoked());
        until("the proxy does not take it for web any more", () -> asksAndGets("502"));
    }

    @Test
    public void aCertificateOfAnotherFleetIsNone() throws Exception {
        CertificateAuthority other = CertificateAuthority.in(path("ca-2"), "fedcba9876543210", Instant.now());
        PrivateFiles.createFolder(path("stranger"));
        renew(other, "fedcba9876543210", "stranger");
        assertTrue(asStranger(SeedTls.context(Optional.of(files("stranger").own()), new Anybody()))
                .startsWith("HTTP/1.1 403"));
        renew(authority, FLEET, "stranger");
        assertTrue(asStranger(SeedTls.context(Optional.of(files("stranger").own()), new Anybody()))
                .startsWith("HTTP/1.1 200"));
    }

    @Test
    public void aRenewedCertificateIsShownOnANewConnection() throws Exception {
        assertTrue(asked().startsWith("http://"));
        renew(authority, FLEET, "proxy");
        until(
                "both are seen",
                () -> asksAndGets("http://") && shown.stream().distinct().count() == 2);
    }

    @Test
    public void whoShowsNoCertificateIsTurnedAwayWhateverItSays() throws Exception {
        assertTrue(asStranger(SeedTls.context(Optional.empty(), new Anybody())).startsWith("HTTP/1.1 403"));
    }

    private String asStranger(SSLContext tls) throws IOException {
        try (Talk client = new Talk(tls.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), address().getPort()))) {
            client.send("GET /shop/ HTTP/1.1\r\nHost: relay.protoplex.invalid\r\nProtoplex-Relay-Proof: the-token\r\n"
                    + "Protoplex-Relay-Client: 1.2.3.4 5\r\nProtoplex-Relay-Scheme: https\r\n"
                    + "Protoplex-Relay-Authority: shop.example\r\n\r\n");
            return client.head();
        }
    }

    @Test
    public void aNodeIsReachedByItsCertificateElseOnThisMachineByTheToken() throws Exception {
        FleetCredentials both = proxy.credentials();
        FleetNode near =
                node(Map.of("meta", "http://127.0.0.1:8050", "fleet", address().toString()));
        assertEquals(Optional.of(address()), both.address(near));
        assertEquals(
                Optional.of(URI.create("http://localhost:8050")),
                both.address(node(Map.of("meta", "http://localhost:8050"))));
        assertEquals(Optional.empty(), both.address(node(Map.of("meta", "http://10.0.0.9:8050"))));
        assertEquals(Optional.empty(), both.address(node(Map.of("fleet", "ht!tp://"))));
        assertEquals(
                "the token is of another machine",
                Optional.empty(),
                web.address(node(Map.of("meta", "http://localhost:8050"))));
        assertEquals(Optional.of(address()), web.address(near));
        assertTrue(web.unreachable(node(Map.of("meta", "http://10.0.0.9:8050"))).contains("./protoplex up"));
        FleetCredentials token =
                new FleetCredentials(new FleetProof(proxy.token().toString()), null);
        assertEquals(Optional.of(URI.create("http://127.0.0.1:8050")), token.address(near));
        assertTrue(token.unreachable(node(Map.of("fleet", "https://10.0.0.9:8051")))
                .contains("no certificate"));
    }

    @Test
    public void theTokenIsNotSentToAnotherMachine() throws Exception {
        Target far = new Target(URI.create("http://192.0.2.1:8050"), "web");
        IOException refused = org.junit.Assert.assertThrows(
                IOException.class, () -> proxy.credentials().of(far));
        assertTrue(refused.getMessage(), refused.getMessage().contains("./protoplex join"));
        assertEquals("", proxy.credentials().of(new Target(address(), "web")));
    }

    private static FleetNode node(Map<String, String> addresses) {
        return new FleetNode("web", "local", Set.of(), addresses, Map.of(), true, Instant.EPOCH, "HEALTHY");
    }

    /** Trusts whoever is there. */
    private static final class Anybody extends ServerTrust {

        @Override
        protected void check(X509Certificate[] chain, String host, int port) {
            // Whoever it is.
        }
    }
}
