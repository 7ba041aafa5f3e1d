package com.espra.protoplex.host.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class UpgradeFileTest {

    private static final ProcessRef HERE = ProcessRef.current();
    private static final long THIS = HERE.pid();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path = Path.of("");
    private UpgradeFile file = new UpgradeFile(path);

    @Before
    public void open() {
        path = folder.getRoot().toPath().resolve("upgrade.json");
        file = new UpgradeFile(folder.getRoot().toPath());
    }

    @Test
    public void itTellsOfTheLastAlone() throws IOException {
        assertEquals(Map.of(), file.of("u-1"));
        file.running("u-1");
        assertEquals(written("u-1", "running", "", HERE, 0.0), file.of("u-1"));
        file.ended("u-1", "no such option", HERE, Duration.ofMillis(1500));
        assertEquals(written("u-1", "failed", "no such option", HERE, 1.5), file.of("u-1"));
        file.running("u-2");
        ProcessRef successor = new ProcessRef(4711, "b/7");
        file.ended("u-2", "", successor, Duration.ofSeconds(2));
        assertEquals(Map.of(), file.of("u-1"));
        assertEquals(written("u-2", "done", "", successor, 2.0), PlainJson.read(path));
    }

    private static Map<String, Object> written(
            String id, String state, String reason, ProcessRef process, double seconds) {
        return Map.of(
                "id", id,
                "state", state,
                "reason", reason,
                "process", process.pid(),
                "started", process.start(),
                "seconds", seconds);
    }

    @Test
    public void aProcessThatGotTheNumberOfOneThatWasKilledDoesNotStandForIt() throws IOException {
        file.running("u-1");
        Files.writeString(path, Files.readString(path).replace(HERE.start(), "an-earlier-boot/7"));

        file.endedInsteadOf(OptionalLong.of(THIS));

        assertEquals("done", file.of("u-1").get("state"));
    }

    @Test
    public void whoServesInThePlaceOfOneThatWasKilledSaysThatItIsDone() throws Exception {
        Process killed = new ProcessBuilder("true").start();
        killed.waitFor();
        file.running("u-1");
        file.endedInsteadOf(OptionalLong.of(THIS));
        assertEquals("it lives, and says so itself", "running", file.of("u-1").get("state"));
        file.endedInsteadOf(OptionalLong.of(killed.pid()));
        assertEquals("it was another's", "running", file.of("u-1").get("state"));
        Files.writeString(path, Files.readString(path).replace(Long.toString(THIS), Long.toString(killed.pid())));
        file.endedInsteadOf(OptionalLong.empty());
        assertEquals("running", file.of("u-1").get("state"));

        file.endedInsteadOf(OptionalLong.of(killed.pid()));

        assertEquals("done", file.of("u-1").get("state"));
        assertEquals(THIS, file.of("u-1").get("process"));
    }

    @Test
    public void whoAsksByNoNameIsNotRemembered() throws IOException {
        file.running("");
        assertEquals(Map.of(), file.of(""));
    }

    @Test
    public void whatIsDamagedIsForgottenAndWritten() throws IOException {
        Files.writeString(path, "{");
        assertEquals(Map.of(), file.of("u-1"));
        file.running("u-1");
        assertEquals("running", file.of("u-1").get("state"));
    }

    @Test
    public void whatCannotBeWrittenDoesNotBegin() throws IOException {
        Files.createDirectories(path.resolve("in-the-way"));
        assertThrows(IOException.class, () -> file.running("u-1"));
    }
}
