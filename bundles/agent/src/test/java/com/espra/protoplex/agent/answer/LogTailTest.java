package com.espra.protoplex.agent.answer;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LogTailTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path logs = Path.of("");
    private LogTail tail = new LogTail(logs);
    private String cursor = "";

    @Before
    public void aLog() {
        logs = folder.getRoot().toPath();
        tail = new LogTail(logs);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(logs.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<LinkFrame.Part> read() throws IOException {
        LogTail.Read read = tail.read(cursor, false);
        cursor = read.cursor();
        return read.parts();
    }

    private static LinkFrame.Part part(String name, boolean anew, String text) {
        return new LinkFrame.Part(name, anew, text);
    }

    @Test
    public void itGoesOnWhereItEndedInWholeLines() throws IOException {
        write("node.log", "one\ntwo\nthr");
        write("access.log", "GET /secret\n");
        write("node.log.1", "old\n");
        assertEquals(List.of(part("node.log", true, "one\ntwo\n")), read());
        assertEquals(List.of(), read());
        write("node.log", "ee\n");
        write("console.log", "hello\n");
        assertEquals(List.of(part("console.log", true, "hello\n"), part("node.log", false, "three\n")), read());
    }

    @Test
    public void aFileThatWasRotatedAwayBeginsAnew() throws IOException {
        write("node.log", "one\n");
        read();
        Files.move(logs.resolve("node.log"), logs.resolve("node.log.1"));
        write("node.log", "two\n");
        assertEquals(List.of(part("node.log", true, "two\n")), read());
        Files.writeString(logs.resolve("node.log"), "");
        assertEquals("it was cut", List.of(part("node.log", true, "")), read());
    }

    @Test
    public void atFirstItIsTheEndAndNeverTooMuch() throws IOException {
        String line = "x".repeat(99) + "\n";
        write("node.log", "first\n" + line.repeat(10_000));
        String text = read().getFirst().text();
        assertTrue(text.length() <= LogTail.FIRST_BYTES);
        assertTrue("whole lines", text.startsWith(line));
        assertFalse(text.contains("first"));
        for (int i = 0; i < 10; i++) {
            write("serving-" + i + ".log", line.repeat(1_000));
        }
        int read = read().stream().mapToInt(part -> part.text().length()).sum();
        assertTrue("" + read, read > 0 && read <= LinkFrame.Answer.MOST_CHARACTERS);
        int all = read;
        for (int i = 0; i < 20 && all < 1_000_000; i++) {
            all += read().stream().mapToInt(part -> part.text().length()).sum();
        }
        assertEquals("and nothing is left out", 1_000_000, all);
    }

    @Test
    public void aLineWithoutAnEndDoesNotHoldItUp() throws IOException {
        write("node.log", "one\n");
        read();
        write("node.log", "y".repeat(LogTail.FIRST_BYTES + 10) + "\nend\n");
        read();
        assertTrue(read().getFirst().text().endsWith("end\n"));
    }

    @Test
    public void aWrongCursorAndAMissingFolderAreNoTrouble() throws IOException {
        write("node.log", "one\n");
        for (String wrong :
                List.of("nonsense", "node.log:1", "node.log:x:y", ";;;", "node.log:1:99999999999999999999")) {
            cursor = wrong;
            assertEquals(wrong, "one\n", read().getFirst().text());
        }
        assertEquals(
                List.of(), new LogTail(logs.resolve("nowhere")).read("", true).parts());
    }

    @Test
    public void whatIsNotKnownIsSaid() {
        LinkFrame.Answer answer = new NodeAnswers(logs, ask -> LinkFrame.Answer.failed(ask.id(), ""))
                .of(new LinkFrame.Ask("1", "secrets", Map.of()));
        assertTrue(answer.problem(), answer.problem().contains("secrets"));
    }
}
