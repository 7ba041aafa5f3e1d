package com.espra.protoplex.stream;

import static com.espra.protoplex.stream.TestListener.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.stream.StreamHandler;
import java.time.Duration;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;

/** Behind a proxy that says whose connection it relays. */
public class ProxiedStreamTest {

    @Rule
    public final TestListener trusting = new TestListener().trusting("127.0.0.0/8");

    @Rule
    public final TestListener strict = new TestListener().trusting("192.0.2.1");

    /** Answers with the client's address. */
    private static final StreamHandler WHO = connection -> {
        for (String line = Lines.read(connection); !line.isEmpty(); line = Lines.read(connection)) {
            Lines.say(
                    connection,
                    connection.remoteAddress().getAddress().getHostAddress() + " to "
                            + connection.localAddress().getPort());
        }
    };

    @Test
    public void theClientIsTheOneThatTheProxySays() throws Exception {
        trusting.live("mail", "mail-1", WHO);
        try (LineClient client = trusting.client()) {
            client.send("PROXY TCP4 192.0.2.7 198.51.100.1 56324 25");
            assertEquals("192.0.2.7 to 25", client.ask("hello"));
        }
        try (LineClient own = trusting.client()) {
            own.send("PROXY UNKNOWN");
            assertEquals("127.0.0.1 to " + trusting.port(), own.ask("hello"));
        }
        assertEquals(0, trusting.cut("proxy"));
    }

    @Test
    public void aClientBehindAProxyHasItsShareAndNoMore() throws Exception {
        trusting.live("mail", "mail-1", WHO);
        trusting.limit(trusting.limits().withConnections(1000, 1));
        try (LineClient first = trusting.client();
                LineClient second = trusting.client();
                LineClient other = trusting.client()) {
            first.send("PROXY TCP4 192.0.2.7 198.51.100.1 1 25");
            assertEquals("192.0.2.7 to 25", first.ask("hello"));
            second.send("PROXY TCP4 192.0.2.7 198.51.100.1 2 25");
            assertTrue(second.isEnded());
            other.send("PROXY TCP4 192.0.2.8 198.51.100.1 3 25");
            assertEquals("192.0.2.8 to 25", other.ask("hello"));
        }
        assertEquals(1, trusting.cut("address"));
    }

    @Test
    public void aWrongHeaderOrNoneIsCut() throws Exception {
        trusting.live("mail", "mail-1", WHO);
        trusting.limit(
                trusting.limits().withTimes(Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofSeconds(30)));
        try (LineClient wrong = trusting.client();
                LineClient silent = trusting.client()) {
            wrong.send("EHLO client.example.com");
            assertTrue(wrong.isEnded());
            assertTrue(silent.isEnded());
        }
        until("both are counted", () -> trusting.cut("proxy") == 2 && trusting.open() == 0);
    }

    @Test
    public void whoIsNotTrustedIsNotBelieved() throws Exception {
        strict.live("mail", "mail-1", WHO);
        try (LineClient liar = strict.client()) {
            liar.send("PROXY TCP4 192.0.2.7 198.51.100.1 56324 25");
            assertEquals(Optional.of("127.0.0.1 to " + strict.port()), liar.line());
        }
    }
}
