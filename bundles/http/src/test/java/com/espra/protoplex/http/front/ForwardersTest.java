package com.espra.protoplex.http.front;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.junit.Rule;
import org.junit.Test;

/** Whose request it is that came by a load balancer. */
public class ForwardersTest {

    private static final InetSocketAddress BALANCER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 999);

    private final Forwarders forwarders = new Forwarders(TrustedProxies.of("10.0.0.0/8", "2001:db8::/32"));

    @Rule
    public final TestGroup group = new TestGroup();

    private String client(String... forwarded) {
        Forwarders.Client client = forwarders.client(BALANCER, false, List.of(forwarded), List.of());
        return client.address().getAddress().getHostAddress() + " "
                + client.address().getPort();
    }

    private boolean isSecure(boolean otherwise, String... schemes) {
        return forwarders
                .client(BALANCER, otherwise, List.of(), List.of(schemes))
                .secure();
    }

    @Test
    public void theLastThatIsNoneOfTheirsIsTheClient() {
        assertEquals("10.0.0.1 999", client());
        assertEquals("192.0.2.7 0", client("192.0.2.7"));
        assertEquals("192.0.2.7 4711", client("192.0.2.7:4711"));
        assertEquals("192.0.2.7 0", client("6.6.6.6, 192.0.2.7"));
        assertEquals("192.0.2.7 0", client("6.6.6.6, 192.0.2.7,10.1.2.3 , 10.9.9.9"));
        assertEquals("192.0.2.7 0", client("6.6.6.6", "192.0.2.7, 10.1.2.3", "10.9.9.9"));
        assertEquals("2001:0:0:0:0:0:0:7 0", client("2001::7"));
        assertEquals("2001:0:0:0:0:0:0:7 80", client("[2001::7]:80, 2001:db8::1"));
        assertEquals("all of them are ours", "10.3.3.3 0", client("10.3.3.3, 10.2.2.2"));
    }

    @Test
    public void whatIsNoAddressEndsTheList() {
        for (String nonsense :
                List.of("", "unknown", "example.com", "1.2.3", "1.2.3.4:99999", "[::1", "::1]", "1.2.3.4:x")) {
            assertEquals(nonsense, "10.2.2.2 0", client("6.6.6.6, " + nonsense + ", 10.2.2.2"));
            assertEquals(nonsense, "10.0.0.1 999", client("6.6.6.6, " + nonsense));
        }
        assertEquals("10.0.0.2 0", client("6.6.6.6" + ", 10.0.0.2".repeat(10_000)));
    }

    @Test
    public void theSchemeIsWhatTheLastOneSays() {
        assertTrue(isSecure(false, "https"));
        assertTrue(isSecure(false, "http", "http, HTTPS"));
        assertFalse(isSecure(true, "http"));
        assertTrue(isSecure(true, "gopher"));
        assertFalse(isSecure(false, ""));
        assertFalse("who writes before them is not believed", isSecure(false, "https, http"));
    }

    @Test
    public void strangersAreNotBelieved() {
        assertTrue(forwarders.trusts(BALANCER));
        assertFalse(forwarders.trusts(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 1)));
        assertFalse(forwarders.trusts(InetSocketAddress.createUnresolved("10.0.0.1", 1)));
        assertFalse(Forwarders.NONE.trusts(BALANCER));
    }

    @Test
    public void aHandlerSeesTheClientAndItsScheme() throws Exception {
        group.live(
                "who",
                "1",
                Handlers.of((request, response, callback) -> Handlers.text(
                        Request.getRemoteAddr(request) + " " + request.isSecure() + " " + request.getHttpURI(),
                        response,
                        callback)),
                "/who");
        OpenListener balanced = group.group()
                .open(new ListenerSettings(
                        "balanced",
                        "127.0.0.1",
                        0,
                        null,
                        false,
                        TrustedProxies.NONE,
                        new Forwarders(TrustedProxies.of("127.0.0.1"))));
        String[] said = {"X-Forwarded-For: 6.6.6.6, 192.0.2.7", "X-Forwarded-Proto: https"};
        try (RawClient client = new RawClient(balanced.address().getPort())) {
            assertEquals(
                    "192.0.2.7 true https://localhost/who",
                    client.get("/who", said).body());
            assertEquals(
                    "the next is another's",
                    "127.0.0.1 false http://localhost/who",
                    client.get("/who").body());
        }
        try (RawClient client = new RawClient(group.port())) {
            assertEquals(
                    "127.0.0.1 false http://localhost/who",
                    client.get("/who", said).body());
        }
        Until.until(
                "the access log has it",
                () -> group.log.stream().anyMatch(line -> line.contains("192.0.2.7") && !line.contains("6.6.6.6")));
    }
}
