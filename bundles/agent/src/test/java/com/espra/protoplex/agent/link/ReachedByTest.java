package com.espra.protoplex.agent.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.espra.protoplex.certificates.TlsFiles;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Assume;
import org.junit.Test;

/** What a node says of where it is, and what it believes of others. */
public class ReachedByTest {

    private static final Map<String, String> OPEN = Map.of(
            "http", "http://localhost:8080",
            "meta", "http://127.0.0.1:8050",
            "fleet", "https://localhost:8051",
            "smtp", "tcp://10.1.2.3:8025");
    private static final Set<String> EVERYWHERE = Set.of("http", "fleet");

    private static Optional<SeedAddress> joined(String seed) {
        NodeCertificate certificate =
                new NodeCertificate(new TlsFiles(Path.of("node.crt"), Path.of("node.key")), Path.of("ca.crt"));
        return Optional.of(new SeedAddress(seed, Path.of(""), Optional.of(certificate)));
    }

    private static Optional<SeedAddress> beside() {
        return Optional.of(new SeedAddress("127.0.0.1:8060", Path.of("link.token")));
    }

    @Test
    public void aNodeBesideTheSeedSaysWhatItIsOnItsMachine() {
        ReachedBy reached = new ReachedBy("", beside());
        reached.look();
        assertEquals(OPEN, reached.announced(OPEN, EVERYWHERE));
        assertEquals(OPEN, reached.usable(OPEN));
    }

    @Test
    public void oneWithAnAddressIsReachedByThatAndOnItsMachineAsBefore() {
        Map<String, String> announced = new ReachedBy("seed.example.net", beside()).announced(OPEN, EVERYWHERE);
        assertEquals(
                Map.of(
                        "http", "http://seed.example.net:8080",
                        "meta", "http://127.0.0.1:8050",
                        "fleet", "https://seed.example.net:8051",
                        "smtp", "tcp://10.1.2.3:8025"),
                announced);
    }

    @Test
    public void oneOfAnotherMachineTellsNobodyOfWhatItsMachineAloneReaches() {
        ReachedBy reached = new ReachedBy("2001:db8::7", joined("seed.example.net:8061"));
        assertEquals(
                Map.of(
                        "http", "http://[2001:db8::7]:8080",
                        "fleet", "https://[2001:db8::7]:8051",
                        "smtp", "tcp://10.1.2.3:8025"),
                reached.announced(OPEN, EVERYWHERE));
    }

    @Test
    public void whatIsNoAddressIsToldNobody() {
        ReachedBy reached = new ReachedBy("web-3", joined("seed.example.net:8061"));
        assertEquals(
                Map.of("http", "http://web-3:8080"),
                reached.announced(Map.of("http", "http://localhost:8080", "odd", "http://x y"), Set.of("http", "odd")));
    }

    @Test
    public void whatTheSeedsMachineAloneReachesIsOfNoUseElsewhere() {
        ReachedBy reached = new ReachedBy("", joined("10.0.0.1:8061"));
        assertEquals(Map.of("smtp", "tcp://10.1.2.3:8025"), reached.usable(OPEN));
        assertEquals(Map.of(), reached.usable(Map.of("shell", "ssh://[::1]:8022")));
        assertEquals(Map.of("odd", "x y"), reached.usable(Map.of("odd", "x y")));
    }

    @Test
    public void oneThatJoinedOnTheSeedsMachineIsAsOneBesideIt() {
        ReachedBy reached = new ReachedBy("", joined("127.0.0.2:8061"));
        reached.look();
        assertEquals(OPEN, reached.announced(OPEN, EVERYWHERE));
        assertEquals(OPEN, reached.usable(OPEN));
    }

    @Test
    public void withoutAnAddressItIsThatOfItsWayToTheSeed() throws Exception {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress() && !each.isLinkLocalAddress())
                .findFirst();
        Assume.assumeTrue("a machine with a network", own.isPresent());
        String address = own.orElseThrow().getHostAddress();
        ReachedBy reached = new ReachedBy("", joined(address + ":8061"));
        reached.look();
        assertEquals(
                "http://" + address + ":8080",
                reached.announced(OPEN, EVERYWHERE).get("http"));
    }

    @Test
    public void whoCannotTellSaysWhatItKnew() {
        ReachedBy reached = new ReachedBy("", joined("nobody.invalid:8061"));
        reached.look();
        assertEquals(OPEN, reached.announced(OPEN, EVERYWHERE));
        assertFalse(reached.usable(OPEN).containsKey("meta"));
    }

    @Test
    public void aNodeWithoutASeedSaysWhatItIs() {
        ReachedBy reached = new ReachedBy("", Optional.empty());
        reached.look();
        assertEquals(
                List.copyOf(OPEN.keySet()),
                List.copyOf(reached.announced(OPEN, Set.of()).keySet()));
    }
}
