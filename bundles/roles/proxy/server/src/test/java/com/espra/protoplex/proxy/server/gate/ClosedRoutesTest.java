package com.espra.protoplex.proxy.server.gate;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.proxy.server.choice.FakeTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is closed, and who waits for it. */
public class ClosedRoutesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeTime time = new FakeTime();
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2030-01-01T12:00:00Z"));
    private final List<String> ended = new ArrayList<>();
    private Path file;
    private ClosedRoutes gates;

    @Before
    public void open() {
        file = folder.getRoot().toPath().resolve("closed");
        gates = gates();
    }

    private ClosedRoutes gates() {
        return new ClosedRoutes(new ClosureFile(file), clock, time, 3, 30);
    }

    private CompletionStage<Decision> wait(String name) {
        Decision decision = gates.wait(
                "any",
                "/shop/1",
                () -> {
                    ended.add(name + " on");
                    return new Decision.Pass();
                },
                () -> {
                    ended.add(name + " refused");
                    return new Decision.Pass();
                },
                () -> {
                    ended.add(name + " late");
                    return new Decision.Pass();
                });
        assertNotNull(name, decision);
        return ((Decision.Later) decision).decision();
    }

    @Test
    public void whatIsPausedWaitsAndGoesOnInItsOrder() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        assertNull(gates.match("any", "/blog"));
        assertNotNull(gates.match("any", "/shop/1"));
        wait("a");
        wait("b");
        CompletionStage<Decision> last = wait("c");
        assertEquals(3, gates.waiting());

        assertTrue(gates.open("/shop/*"));

        assertEquals(List.of("a on", "b on", "c on"), ended);
        assertTrue(last.toCompletableFuture().isDone());
        assertEquals(0, gates.waiting());
        assertNull(gates.match("any", "/shop/1"));
        assertFalse(gates.open("/shop/*"));
    }

    @Test
    public void noMoreWaitThanAreConfigured() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        wait("a");
        wait("b");
        CompletionStage<Decision> left = wait("c");
        assertNull(gates.wait("any", "/shop/1", Decision.Pass::new, Decision.Pass::new, Decision.Pass::new));

        left.toCompletableFuture().cancel(true);

        assertEquals("whose client left is not counted", 2, gates.waiting());
        wait("d");
    }

    @Test
    public void noneWaitsForLongerThanIsConfigured() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        wait("a");
        time.pass(Duration.ofSeconds(20));
        wait("b");
        time.pass(Duration.ofSeconds(10));

        gates.follow();

        assertEquals(List.of("a late"), ended);
        assertEquals(1, gates.waiting());
        time.pass(Duration.ofSeconds(20));
        gates.follow();
        assertEquals(List.of("a late", "b late"), ended);
    }

    @Test
    public void theNextVersionAndOtherProcessesHearOfIt() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        wait("a");
        ClosedRoutes next = gates();
        assertEquals(gates.match("any", "/shop/1"), next.match("any", "/shop/1"));

        next.open("/shop/*");
        assertEquals("it is told by the file alone", List.of(), ended);
        gates.follow();

        assertEquals(List.of("a on"), ended);
    }

    @Test
    public void whatIsPausedAgainWaitsOn() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        wait("a");
        ClosedRoutes later = new ClosedRoutes(
                new ClosureFile(file), InstantSource.fixed(Instant.parse("2030-01-01T13:00:00Z")), time, 3, 30);
        later.close(Closure.Way.PAUSED, "/shop/*");
        gates.follow();
        gates.close(Closure.Way.PAUSED, "/shop/*");

        assertEquals(List.of(), ended);
        assertEquals(1, gates.waiting());
        assertEquals(
                "since the first time",
                clock.instant(),
                later.match("any", "/shop/1").since());
    }

    @Test
    public void whatIsOpenedUnderAWiderPauseWaitsOnWithWhatIsLeftOfItsTime() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/1");
        gates.close(Closure.Way.PAUSED, "/shop/*");
        wait("a");
        time.pass(Duration.ofSeconds(20));
        assertTrue(gates.open("/shop/1"));
        wait("b");

        assertEquals(List.of(), ended);
        assertEquals(2, gates.waiting());
        assertEquals(List.of(2), List.copyOf(gates.all().values()));
        time.pass(Duration.ofSeconds(10));
        gates.follow();
        assertEquals(List.of("a late"), ended);
        gates.open("/shop/*");
        assertEquals(List.of("a late", "b on"), ended);
        assertEquals(0, gates.waiting());
    }

    @Test
    public void pausedBecomesDrainedAndWhatWaitedIsRefused() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        wait("a");
        gates.close(Closure.Way.DRAINED, "/shop/*");

        assertEquals(List.of("a refused"), ended);
        assertEquals(0, gates.waiting());
        assertEquals(Closure.Way.DRAINED, gates.match("any", "/shop").way());
        assertEquals(1, gates.all().size());
    }

    @Test
    public void aFileThatIsNoneChangesNothing() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        gates.follow();
        assertNotNull("what is known stays", gates.match("any", "/shop"));

        Files.writeString(file, "LOCKED 2030-01-01T12:00:00Z /x\n\nPAUSED 2030-01-01T12:00:00Z /blog\nPAUSED /y\n");
        gates.follow();
        assertNull(gates.match("any", "/shop"));
        assertNotNull("and lines that are known count", gates.match("any", "/blog"));
    }

    @Test
    public void aPatternThatIsNoneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> gates.close(Closure.Way.PAUSED, "/a*b"));
        assertThrows(IllegalArgumentException.class, () -> gates.close(Closure.Way.PAUSED, "/a /b"));
        assertFalse(Files.exists(file));
    }

    @Test
    public void aVersionThatGoesLeavesNobodyWaiting() throws Exception {
        gates.close(Closure.Way.PAUSED, "/shop/*");
        wait("a");

        gates.end();

        assertEquals(List.of("a on"), ended);
        assertNotNull("but it is still closed for the next one", gates().match("any", "/shop"));
    }
}
