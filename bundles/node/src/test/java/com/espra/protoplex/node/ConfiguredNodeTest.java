package com.espra.protoplex.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ConfiguredNodeTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aNodeIsWhatItsConfigurationSays() {
        ConfiguredNode node = new ConfiguredNode(
                new EffectiveConfiguration(Map.of("name", "node-1", "region", "eu", "roles", List.of("app"))),
                folder.getRoot().toPath());

        assertEquals("node-1", node.name());
        assertEquals("eu", node.region());
        assertEquals(Set.of("app"), node.roles());
    }

    @Test
    public void anOwnerHasAFolder() throws Exception {
        ConfiguredNode node = new ConfiguredNode(
                new EffectiveConfiguration(Map.of()), folder.getRoot().toPath());

        Path data = node.data("agent");

        assertTrue(Files.isDirectory(data));
        assertEquals(folder.getRoot().toPath().resolve("data/agent"), data);
        for (Path each : List.of(data, data.resolveSibling(""))) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
        }
        assertThrows(IllegalArgumentException.class, () -> node.data("../agent"));
        assertThrows(IllegalArgumentException.class, () -> node.data(""));
    }
}
