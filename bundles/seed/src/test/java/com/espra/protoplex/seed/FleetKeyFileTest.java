package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.seed.state.FleetKey;
import com.espra.protoplex.seed.state.FleetKeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FleetKeyFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file = Path.of("");

    private final List<String> warnings = new ArrayList<>();

    @Before
    public void name() {
        file = folder.getRoot().toPath().resolve("fleet.key");
    }

    @Test
    public void itIsMadeOnceForItsOwnerAlone() throws Exception {
        FleetKey made = FleetKeyFile.of(file, "", warnings::add);
        assertEquals(made.id(), FleetKeyFile.of(file, made.id(), warnings::add).id());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    public void aLostOneIsMadeAnewForTheSameFleet() throws Exception {
        assertEquals(
                "0123456789abcdef",
                FleetKeyFile.of(file, "0123456789abcdef", warnings::add).id());
        assertTrue(warnings.toString(), warnings.getFirst().startsWith("fleet.key was missing"));
    }

    @Test
    public void theKeyOfAnotherFleetIsRefused() throws Exception {
        String id = FleetKeyFile.of(file, "", warnings::add).id();
        BuildException refused =
                assertThrows(BuildException.class, () -> FleetKeyFile.of(file, "0123456789abcdef", warnings::add));
        assertTrue(refused.getMessage(), refused.getMessage().contains(id));
    }

    @Test
    public void anythingElseInTheFileIsRefused() throws Exception {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        for (String content : new String[] {"", "hello", "0123456789abcdef", "0123456789abcdef " + "0".repeat(63)}) {
            Files.writeString(file, content);
            assertThrows(content, BuildException.class, () -> FleetKeyFile.of(file, "", warnings::add));
            assertEquals(
                    "whose fleet is known is made anew",
                    "0123456789abcdef",
                    FleetKeyFile.of(file, "0123456789abcdef", warnings::add).id());
            assertEquals("and the damaged one is kept", 2, files());
            assertTrue(warnings.toString(), warnings.getLast().startsWith("fleet.key was damaged (it is kept as "));
            try (var all = Files.list(folder.getRoot().toPath())) {
                for (Path each : all.filter(each -> !each.equals(file)).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private long files() throws Exception {
        try (var all = Files.list(folder.getRoot().toPath())) {
            return all.count();
        }
    }
}
