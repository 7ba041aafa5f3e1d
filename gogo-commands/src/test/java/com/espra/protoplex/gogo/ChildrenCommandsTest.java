package com.espra.protoplex.gogo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The commands as Gogo runs and prints them; the host answers what docs/processes.md says. */
public class ChildrenCommandsTest {

    private ThreadIOImpl streams;
    private CommandProcessorImpl processor;
    private CommandSession session;

    @Before
    public void open() {
        streams = new ThreadIOImpl();
        streams.start();
        processor = new CommandProcessorImpl(streams);
        processor.addConverter(new RecordFormat());
        session = processor.createSession(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream());
        add(new ChildrenCommands(ChildrenCommandsTest::host));
    }

    private void add(ChildrenCommands commands) {
        processor.addCommand("node", commands, "children");
        processor.addCommand("node", commands, "crashes");
    }

    @After
    public void close() {
        session.close();
        processor.stop();
        streams.stop();
    }

    private static CompletableFuture<Map<String, Object>> host(String topic, Map<String, Object> body) {
        return switch (topic) {
            case "children" ->
                CompletableFuture.completedFuture(Map.of(
                        "health",
                        "DEGRADED",
                        "reason",
                        "serving-1 restarts",
                        "children",
                        List.of(
                                child("serving-0.1", "SERVING", 1234L, 0L),
                                child("serving-1.12", "STARTING", 99L, 11L))));
            case "crashes" ->
                CompletableFuture.completedFuture(Map.of(
                        "crashes",
                        List.of(Map.of(
                                "child",
                                "serving-1.11",
                                "pid",
                                98L,
                                "endedMillis",
                                0L,
                                "uptimeMillis",
                                2500L,
                                "reason",
                                "SIGSEGV",
                                "lastLines",
                                List.of("one", "two"),
                                "evidence",
                                "/crashes/hs_err_98.log",
                                "files",
                                List.of("hs_err_98.log")))));
            default -> CompletableFuture.failedFuture(new IOException(topic));
        };
    }

    private static Map<String, Object> child(String id, String phase, long pid, long restarts) {
        return Map.of(
                "id",
                id,
                "group",
                "serving",
                "slot",
                0L,
                "pid",
                pid,
                "revision",
                1L,
                "phase",
                phase,
                "residentBytes",
                96L << 20,
                "startedMillis",
                System.currentTimeMillis() - 3_723_000,
                "restarts",
                restarts);
    }

    private String print(String command) throws Exception {
        return session.format(session.execute(command), Converter.INSPECT).toString();
    }

    @Test
    public void printsTheChildren() throws Exception {
        assertEquals("""
                HEALTH    degraded
                REASON    serving-1 restarts

                CHILD         GROUP    PHASE      PID  REVISION  RESIDENT MIB  UP        RESTARTS
                serving-0.1   serving  serving   1234         1            96  1h 2m 3s         0
                serving-1.12  serving  starting    99         1            96  1h 2m 3s        11""", print("node:children"));
    }

    @Test
    public void printsTheCrashes() throws Exception {
        String text = print("node:crashes");
        assertTrue(text, text.contains("serving-1.11   98  2.5 s  SIGSEGV  /crashes/hs_err_98.log"));
        assertEquals("SIGSEGV\n\none\ntwo\n\nhs_err_98.log", session.execute("node:crashes serving-1.11"));
        assertThrows(IllegalArgumentException.class, () -> session.execute("node:crashes serving-9.9"));
    }

    @Test
    public void aNodeOfOneProcessHasNone() {
        ChildrenCommands alone = new ChildrenCommands();

        IOException refused = assertThrows(IOException.class, alone::children);

        assertEquals("this node is one process: it has no children", refused.getMessage());
    }
}
