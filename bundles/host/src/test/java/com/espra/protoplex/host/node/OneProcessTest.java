package com.espra.protoplex.host.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** When the one process is there. */
public class OneProcessTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeGroup group = new FakeGroup();
    private Path note;

    private static final class FakeGroup implements OneProcess.Group {
        private int starts;
        private boolean fails;
        private boolean running;
        private CompletableFuture<Void> stop = new CompletableFuture<>();

        @Override
        public void start() throws IOException {
            if (fails) {
                throw new IOException("no process");
            }
            starts++;
            running = true;
            stop = new CompletableFuture<>();
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public CompletableFuture<Void> stop() {
            return stop.whenComplete((stopped, failure) -> running = false);
        }
    }

    @Before
    public void place() {
        note = folder.getRoot().toPath().resolve("children/one");
    }

    private OneProcess one(boolean always) {
        return new OneProcess(always, note, group);
    }

    @Test
    public void itIsThereWhileItIsNeeded() throws Exception {
        OneProcess one = one(false);
        one.open();
        assertEquals("nothing needs it", 0, group.starts);

        one.need(true);
        one.need(true);
        assertEquals(1, group.starts);
        assertTrue(Files.exists(note));

        one.need(false);
        group.stop.complete(null);
        assertFalse(group.running);
        assertFalse(Files.exists(note));

        one.need(true);
        assertEquals(2, group.starts);
    }

    /** What they work on has one owner: the next one starts when the last one has ended. */
    @Test
    public void itComesAgainWhenTheOneBeforeHasEnded() throws Exception {
        OneProcess one = one(false);
        one.need(true);
        one.need(false);
        one.need(true);
        assertEquals("the old one still drains", 1, group.starts);
        group.stop.complete(null);
        assertEquals(2, group.starts);
        assertTrue(group.running);
    }

    @Test
    public void theNextParentStartsItAtOnce() throws Exception {
        one(false).need(true);
        group.running = false;

        one(false).open();

        assertEquals(2, group.starts);
    }

    @Test
    public void whatIsAlwaysThereIsNeverEnded() throws Exception {
        OneProcess one = one(true);
        one.open();
        one.need(false);
        assertEquals(1, group.starts);
        assertTrue(group.running);
        assertTrue("nobody waits for its end", group.stop.getNumberOfDependents() == 0);
    }

    @Test
    public void nothingStartsInANodeThatStops() throws Exception {
        OneProcess one = one(false);
        one.need(true);
        one.need(false);
        one.close();
        one.need(true);
        group.stop.complete(null);
        assertEquals(1, group.starts);

        one.open();
        assertEquals("this process goes on after all", 2, group.starts);
    }

    @Test
    public void whoNeedsItHearsThatItCannotBeStarted() throws Exception {
        OneProcess one = one(false);
        group.fails = true;
        IOException e = assertThrows(IOException.class, () -> one.need(true));
        assertEquals("no process", e.getMessage());
        group.fails = false;
        one.need(true);
        assertEquals(1, group.starts);
    }
}
