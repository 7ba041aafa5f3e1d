package com.espra.protoplex.agent.reconcile;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class StateFileTest {

    private static final State SOME = new State(
            1,
            "f",
            7,
            70,
            Map.of("hello", "d2"),
            Map.of("hello", new LinkFrame.Word("app", 69)),
            Set.of("app", "echo"),
            68,
            "sealed",
            Map.of("hello", new State.Kept("d2", List.of("d1"))),
            Map.of("hello", new State.OnTrial("d2", true, true, 1)),
            Map.of("other", new State.Refusal("o1", "it ends the node", true)));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file() {
        return folder.getRoot().toPath().resolve("state.json");
    }

    private StateFile open() {
        return new StateFile(folder.getRoot().toPath());
    }

    @Test
    public void whatIsSavedIsLoaded() throws Exception {
        open().save(SOME);

        assertEquals(SOME, open().load());
    }

    @Test
    public void aNewNodeHasNoState() {
        assertEquals(State.NONE, open().load());
    }

    @Test
    public void whatAKilledProcessWroteHalfDoesNotCount() throws Exception {
        open().save(SOME);
        Files.writeString(folder.getRoot().toPath().resolve("state.json.new"), "{\"format\": 1, \"sequ");

        assertEquals(SOME, open().load());
        open().save(State.NONE);
        assertEquals(State.NONE, open().load());
    }

    @Test
    public void aKeyOfANewerVersionIsPassedOver() throws Exception {
        Files.writeString(file(), "{\"format\": 1, \"sequence\": 3, \"desired\": {}, \"units\": {}, \"later\": true}");

        assertEquals(3, open().load().sequence());
    }

    @Test
    public void aDamagedFileIsPutAside() throws Exception {
        for (String damaged : List.of("", "{\"format\": 1", "[]", "{\"format\": 1, \"sequence\": 3}")) {
            Files.writeString(file(), damaged);

            assertEquals(damaged, State.NONE, open().load());
            assertEquals(damaged, Files.readString(folder.getRoot().toPath().resolve("state.json.damaged")));
        }
    }

    @Test
    public void aFileThatCannotBeReadIsNotForgotten() throws Exception {
        Files.createDirectory(file());

        UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> open().load());

        assertTrue(refused.getMessage(), refused.getMessage().contains(file().toString()));
    }
}
