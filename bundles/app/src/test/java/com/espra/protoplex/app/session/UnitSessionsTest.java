package com.espra.protoplex.app.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.app.session.SessionStore.Known;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** What two generations make of one session, and what the disk keeps of it; in a process that is alone, and in one of several. */
@RunWith(Parameterized.class)
public class UnitSessionsTest {

    @Parameters(name = "several processes: {0}")
    public static List<Boolean> modes() {
        return List.of(false, true);
    }

    @Parameter
    public boolean several;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path folder;
    private UnitSessions sessions;

    @Before
    public void open() throws Exception {
        folder = temporary.getRoot().toPath().resolve("sessions");
        sessions = new UnitSessions("hello", folder, limits(100), several);
    }

    @After
    public void close() {
        sessions.close();
    }

    private static SessionLimits limits(int most) {
        return new SessionLimits(most, 1 << 20, 1 << 20, Duration.ofMinutes(30));
    }

    private static StoredSession session(String id, long accessed, String... attributes) {
        Map<String, byte[]> bytes = new HashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            bytes.put(attributes[i], attributes[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new StoredSession(id, 1, accessed, accessed, 1, 0, 0, bytes, 0);
    }

    private Map<String, String> attributes(String id) {
        Map<String, String> text = new TreeMap<>();
        sessions.get(id)
                .orElseThrow()
                .attributes()
                .forEach((name, bytes) -> text.put(name, new String(bytes, StandardCharsets.UTF_8)));
        return text;
    }

    @Test
    public void changesOfTwoGenerationsAreMergedByAttribute() throws Exception {
        Known old = sessions.put(session("s", 1, "a", "1", "b", "1", "c", "1"), null);
        Known next = old;

        sessions.put(session("s", 2, "a", "2", "b", "1", "c", "1"), next);
        sessions.put(session("s", 3, "a", "1", "b", "3"), old);

        assertEquals(Map.of("a", "2", "b", "3"), attributes("s"));
    }

    @Test
    public void whoWroteLastKnowsThatNobodyElseDid() throws Exception {
        Known first = sessions.put(session("s", 1, "a", "1"), null);
        Known second = sessions.put(session("s", 2, "a", "2"), first);

        assertEquals(sessions.get("s").orElseThrow().version(), second.version());
        Known late = sessions.put(session("s", 3, "a", "3"), first);
        assertTrue(late.version() < sessions.get("s").orElseThrow().version());
    }

    @Test
    public void whatAnotherSerialisedInItsWayIsNotTakenForAChange() throws Exception {
        sessions.put(session("s", 1, "a", "theirs"), null);
        StoredSession stored = sessions.get("s").orElseThrow();
        Known inMyWay = new Known(
                stored.attributes(), session("s", 1, "a", "mine").attributes(), stored.maxInactive(), stored.version());

        sessions.put(session("s", 2, "a", "mine", "b", "2"), inMyWay);

        assertEquals(Map.of("a", "theirs", "b", "2"), attributes("s"));
    }

    @Test
    public void aSessionThatEndedDoesNotComeBack() throws Exception {
        Known known = sessions.put(session("s", 1, "a", "1"), null);
        sessions.delete("s");

        assertNull(sessions.put(session("s", 2, "a", "2"), known));
        assertTrue(sessions.get("s").isEmpty());
    }

    @Test
    public void whatWasStoredIsThereAfterARestart() throws Exception {
        sessions.put(session("s", 1, "a", "1"), null);
        sessions.put(session("gone", 1, "a", "1"), null);
        sessions.delete("gone");
        sessions.close();

        sessions = new UnitSessions("hello", folder, limits(100), several);

        assertEquals(Map.of("a", "1"), attributes("s"));
        assertTrue(sessions.get("gone").isEmpty());
    }

    @Test
    public void noIdIsReadableInTheFolder() throws Exception {
        sessions.put(session("secret", 1), null);
        sessions.close();

        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".session"))
                    .toList();
            assertEquals(1, names.size());
            assertFalse(names.getFirst(), names.getFirst().contains("secret"));
        }
    }

    @Test
    public void aBrokenFileIsPassedOver() throws Exception {
        sessions.put(session("s", 1, "a", "1"), null);
        sessions.close();
        Files.writeString(folder.resolve("broken.session"), "not a session");

        sessions = new UnitSessions("hello", folder, limits(100), several);

        assertEquals(Map.of("a", "1"), attributes("s"));
    }

    @Test
    public void beyondTheLimitTheLongestUnusedGo() throws Exception {
        sessions.close();
        sessions = new UnitSessions("hello", folder, limits(3), several);

        for (int i = 1; i <= 4; i++) {
            assertNotNull(sessions.put(session("s" + i, i), null));
        }

        Until.until("the oldest is gone", () -> sessions.get("s1").isEmpty());
        assertTrue(sessions.get("s4").isPresent());
    }
}
