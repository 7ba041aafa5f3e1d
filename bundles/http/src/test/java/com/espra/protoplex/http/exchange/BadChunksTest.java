package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.Until;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** Bodies that are no chunks, in every way: the client's error, whatever the handler does with what it cannot read. */
public class BadChunksTest {

    private static final List<String> BAD = List.of(
            "xyz\r\nabc\r\n",
            "-1\r\na\r\n",
            "+3\r\nabc\r\n",
            "0x3\r\nabc\r\n",
            " 3\r\nabc\r\n",
            "\r\n",
            ";a=b\r\n",
            "3\r\nabcd\r\n0\r\n\r\n",
            "3\r\nabc0\r\n\r\n",
            "FFFFFFFFFFFFFFFF\r\nabc",
            "100000000\r\nabc",
            "3\u0000\r\nabc\r\n",
            "3\r\nabc\r\nxyz\r\n",
            "3\r\nabc\r\n0\r\nBad Trailer: x\r\n\r\n");

    @Rule
    public final TestGroup group = new TestGroup();

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    /** It tells of requests that fail, and is silent in other tests. */
    private final Logger failures = (Logger) LoggerFactory.getLogger("org.eclipse.jetty.server.Response");

    private final Level before = failures.getLevel();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @Before
    public void listen() {
        logged.start();
        root.addAppender(logged);
        failures.setLevel(Level.DEBUG);
    }

    @After
    public void forget() {
        failures.setLevel(before);
        root.detachAppender(logged);
    }

    @Test
    public void are400AndNoEventOfTheNode() throws Exception {
        Backend backend = group.live("app", "1", Handlers.length(), "/");
        for (String body : BAD) {
            try (RawClient client = new RawClient(group.port())) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                // It may wait for the rest of a body that it cannot tell to be bad yet.
                client.socket().shutdownOutput();
                assertEquals(body, 400, client.answer().status());
                assertEquals(body + ": the connection is no good any more", -1, client.read());
            }
        }
        Until.until("nothing in flight", () -> backend.inFlight() == 0);
        List<ILoggingEvent> events = List.copyOf(logged.list);
        for (ILoggingEvent event : events) {
            assertTrue(event.toString(), Level.DEBUG.isGreaterOrEqual(event.getLevel()));
        }
        assertTrue(events.size() + " lines", events.size() <= BAD.size());
    }
}
