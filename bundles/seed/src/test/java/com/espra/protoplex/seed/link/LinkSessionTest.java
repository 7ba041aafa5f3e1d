package com.espra.protoplex.seed.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.store.BuildStore;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.enrol.CertifiedNode;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.nodes.Closing;
import com.espra.protoplex.seed.state.Catalog;
import com.espra.protoplex.seed.state.FileSeedState;
import com.espra.protoplex.seed.state.FleetKeyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A link that opens while its certificate is revoked. */
public class LinkSessionTest {

    private static final CertifiedNode NODE =
            new CertifiedNode("web-3", "0123", Set.of("app"), Instant.now().plus(Duration.ofDays(1)));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Set<LinkSession> open = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final CoreSession wire = new CoreSession.Empty() {
        @Override
        public void close(int code, String reason, Callback callback) {
            closed.add(code + " " + reason);
        }
    };
    private Fleet fleet;
    private FleetLoop loop;
    private Enrolments enrolments;

    @Before
    public void start() throws Exception {
        Path home = folder.getRoot().toPath();
        InstantSource clock = InstantSource.system();
        FileSeedState state = new FileSeedState(home.resolve("state.json"));
        fleet = new Fleet(
                state,
                FleetKeyFile.of(home.resolve("fleet.key"), state.load().data().fleet(), warning -> {}),
                new Catalog(new BuildStore(home.resolve("store")), clock),
                clock,
                () -> {});
        loop = new FleetLoop(fleet);
        enrolments = Enrolments.in(home.resolve("enrolment.json"), clock, warning -> {});
        enrolments.remember(NODE, NODE.roles());
    }

    @After
    public void stop() {
        loop.close();
    }

    private LinkSession judged() {
        return new LinkSession(fleet, loop, enrolments, Optional.of(NODE), open);
    }

    private void assertEnded() throws Exception {
        String end = String.valueOf(closed.poll(10, TimeUnit.SECONDS));
        assertTrue(end, end.startsWith(Closing.CERTIFICATE + " the certificate of web-3 was revoked"));
        assertTrue(open.isEmpty());
    }

    @Test
    public void itEndsWhenItOpens() throws Exception {
        LinkSession session = judged();
        enrolments.revoke("web-3", "ada");
        session.onOpen(wire, Callback.NOOP);
        assertEnded();
    }

    @Test
    public void itEndsAtItsHello() throws Exception {
        LinkSession session = judged();
        session.onOpen(wire, Callback.NOOP);
        enrolments.revoke("web-3", "ada");
        LinkFrame hello = new LinkFrame.Hello(
                LinkFrame.PROTOCOL,
                "web-3",
                "local",
                Set.of("app"),
                1,
                "0.1.0",
                Map.of(),
                LinkFrame.Desired.NONE,
                Map.of());
        session.onFrame(new Frame(OpCode.TEXT, true, LinkFrameCodec.write(hello)), Callback.NOOP);
        assertEnded();
        assertEquals(Map.of(), fleet.nodes());
    }
}
