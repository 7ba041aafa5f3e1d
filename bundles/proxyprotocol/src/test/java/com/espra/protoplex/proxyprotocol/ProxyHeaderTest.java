package com.espra.protoplex.proxyprotocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.Test;

public class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static ByteArrayInputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteArrayInputStream hex(String hex) {
        return new ByteArrayInputStream(HexFormat.of().parseHex(hex));
    }

    private static String source(ByteArrayInputStream in) throws IOException {
        InetSocketAddress source = ProxyHeader.read(in).orElseThrow().source();
        return source.getAddress().getHostAddress() + " " + source.getPort();
    }

    @Test
    public void aLineSaysBothEndsAndNothingBehindItIsRead() throws Exception {
        ByteArrayInputStream in = text("PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\r\nEHLO\r\n");
        ProxyHeader.Ends ends = ProxyHeader.read(in).orElseThrow();
        assertEquals(new InetSocketAddress("192.0.2.7", 56324), ends.source());
        assertEquals(new InetSocketAddress("198.51.100.1", 25), ends.destination());
        assertEquals("EHLO\r\n", new String(in.readAllBytes(), StandardCharsets.US_ASCII));

        assertEquals("2001:db8:0:0:0:0:0:7 1", source(text("PROXY TCP6 2001:db8::7 2001:db8::1 1 25\r\n")));
        assertEquals(Optional.empty(), ProxyHeader.read(text("PROXY UNKNOWN\r\n")));
        assertEquals(Optional.empty(), ProxyHeader.read(text("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")));
    }

    @Test
    public void theBinaryFormSaysTheSame() throws Exception {
        ByteArrayInputStream in =
                hex(SIGNATURE + "2111000f" + "c0000207" + "c6336401" + "dc04" + "0019" + "aabbcc" + "45");
        ProxyHeader.Ends ends = ProxyHeader.read(in).orElseThrow();
        assertEquals(new InetSocketAddress("192.0.2.7", 56324), ends.source());
        assertEquals(new InetSocketAddress("198.51.100.1", 25), ends.destination());
        assertEquals("what else it says is left out, and no more", 0x45, in.read());

        String six = "20010db8000000000000000000000007";
        assertEquals("2001:db8:0:0:0:0:0:7 1", source(hex(SIGNATURE + "21210024" + six + six + "0001" + "0019")));
        assertEquals("the proxy's own", Optional.empty(), ProxyHeader.read(hex(SIGNATURE + "20000000")));
        assertEquals("a socket of its machine", Optional.empty(), ProxyHeader.read(hex(SIGNATURE + "21310002ffff")));
    }

    @Test
    public void whatIsNoHeaderIsRefused() {
        for (String wrong : new String[] {
            "",
            "PROXY ",
            "EHLO client.example.com\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 56324 25 1\r\n",
            "PROXY TCP4 localhost 198.51.100.1 56324 25\r\n",
            "PROXY TCP4 2001:db8::7 2001:db8::1 1 25\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 65536 25\r\n",
            "PROXY TCP4 192.0.2.7 198.51.100.1 -1 25\r\n",
            "PROXY UDP4 192.0.2.7 198.51.100.1 56324 25\r\n",
            "PROXY UNKNOWN " + "x".repeat(200) + "\r\n",
        }) {
            assertThrows(wrong, IOException.class, () -> ProxyHeader.read(text(wrong)));
        }
        for (String wrong : new String[] {
            SIGNATURE,
            SIGNATURE + "1111000c" + "00".repeat(12),
            SIGNATURE + "22110000",
            SIGNATURE + "2111ffff" + "00".repeat(100),
            SIGNATURE + "2111000b" + "00".repeat(11),
            SIGNATURE + "2111000c" + "00".repeat(11),
        }) {
            assertThrows(wrong, IOException.class, () -> ProxyHeader.read(hex(wrong)));
        }
    }

    @Test
    public void whoIsTrustedIsAnAddressOrANetwork() throws Exception {
        TrustedProxies trusted = TrustedProxies.of("10.1.0.0/16", "192.0.2.7", "2001:db8::/32");
        assertTrue(trusted.contains(InetAddress.getByName("10.1.255.255")));
        assertFalse(trusted.contains(InetAddress.getByName("10.2.0.0")));
        assertTrue(trusted.contains(InetAddress.getByName("192.0.2.7")));
        assertFalse(trusted.contains(InetAddress.getByName("192.0.2.8")));
        assertTrue(trusted.contains(InetAddress.getByName("2001:db8:1::1")));
        assertFalse(trusted.contains(InetAddress.getByName("2001:db9::1")));
        assertFalse(TrustedProxies.NONE.contains(InetAddress.getByName("127.0.0.1")));
        for (String wrong : new String[] {"", "balancer", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/"}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> TrustedProxies.of(wrong))
                    .getMessage()
                    .contains("'" + wrong + "'"));
        }
    }

    private static ProxyHeader.Ends ends(String source, String destination) {
        return new ProxyHeader.Ends(
                new InetSocketAddress(InetAddress.ofLiteral(source), 56324),
                new InetSocketAddress(InetAddress.ofLiteral(destination), 443));
    }

    private static String line(ProxyHeader.Ends ends) {
        return new String(ProxyHeader.text(ends), StandardCharsets.US_ASCII);
    }

    @Test
    public void whatIsWrittenIsWhatTheSpecificationShows() throws Exception {
        ProxyHeader.Ends four = ends("192.0.2.7", "198.51.100.1");
        assertEquals("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", line(four));
        assertEquals(
                SIGNATURE + "2111000c" + "c0000207" + "c6336401" + "dc0401bb",
                HexFormat.of().formatHex(ProxyHeader.binary(four)));
        ProxyHeader.Ends six = ends("2001:db8::7", "2001:db8::1");
        assertEquals("PROXY TCP6 2001:db8:0:0:0:0:0:7 2001:db8:0:0:0:0:0:1 56324 443\r\n", line(six));
        assertEquals(52, ProxyHeader.binary(six).length);
        for (ProxyHeader.Ends each : new ProxyHeader.Ends[] {four, six}) {
            assertEquals(Optional.of(each), ProxyHeader.read(new ByteArrayInputStream(ProxyHeader.text(each))));
            assertEquals(Optional.of(each), ProxyHeader.read(new ByteArrayInputStream(ProxyHeader.binary(each))));
        }
    }

    @Test
    public void endsOfTwoKindsAreBothWrittenInVersion6() throws Exception {
        ProxyHeader.Ends mixed = ends("192.0.2.7", "2001:db8::1");
        assertEquals("PROXY TCP6 0:0:0:0:0:ffff:c000:207 2001:db8:0:0:0:0:0:1 56324 443\r\n", line(mixed));
        assertTrue(ProxyHeader.read(new ByteArrayInputStream(ProxyHeader.binary(mixed)))
                .isPresent());
    }

    @Test
    public void anEndWithoutAnAddressIsUnknown() throws Exception {
        ProxyHeader.Ends unknown = new ProxyHeader.Ends(
                InetSocketAddress.createUnresolved("client", 1), new InetSocketAddress("192.0.2.7", 80));
        assertEquals("PROXY UNKNOWN\r\n", line(unknown));
        assertEquals(SIGNATURE + "21000000", HexFormat.of().formatHex(ProxyHeader.binary(unknown)));
        assertEquals(Optional.empty(), ProxyHeader.read(new ByteArrayInputStream(ProxyHeader.binary(unknown))));
    }
}
