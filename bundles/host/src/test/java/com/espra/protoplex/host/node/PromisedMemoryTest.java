package com.espra.protoplex.host.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PromisedMemoryTest {

    private static final long MIB = 1 << 20;
    private static final ChildGroup SERVING = new ChildGroup(ChildGroup.SERVING, List.of("app"), Kind.THREADS, 2, true);
    private static final ChildGroup SINGLE = new ChildGroup(ChildGroup.SINGLE, List.of("seed"), Kind.SINGLE, 1, true);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void whatIsEnoughIsNotTold() throws Exception {
        NodeConfiguration node = configuration("{}");
        // Two that serve and one that stands by, each with 512 MiB of heap and 256 MiB beside it.
        assertEquals(Optional.empty(), PromisedMemory.warning(node, List.of(SERVING), 3 * 768 * MIB));
        assertTrue(PromisedMemory.warning(node, List.of(SERVING), 3 * 768 * MIB - 1)
                .isPresent());
    }

    @Test
    public void whatIsTooMuchIsToldWithTheNumbersAndTheKeys() throws Exception {
        NodeConfiguration node =
                configuration("{\"child\": {\"heapBytes\": 1073741824, \"directBytes\": 67108864, \"standby\": 2}}");
        assertEquals(
                "The children are promised more memory than this node has: 5 children, with those that stand by, x (1024 MiB of heap + 64 MiB of"
                        + " direct memory) = 5440 MiB of 4096 MiB. When they need it, the kernel kills. Lower children, child.standby, child.heapBytes"
                        + " or child.directBytes (-Xmx and -XX:MaxDirectMemorySize of jvm.options win over these), or give the node more memory",
                PromisedMemory.warning(node, List.of(SERVING, SINGLE), 4096 * MIB)
                        .orElseThrow());
    }

    @Test
    public void theOptionsOfTheJvmWinAndOfTheseTheLast() throws Exception {
        assertPromised(
                "3 children, with those that stand by, x (2048 MiB of heap + 16 MiB of direct memory) = 6192 MiB of 0 MiB",
                "\"-Xmx1g\", \"-XX:MaxHeapSize=2097152K\", \"-XX:MaxDirectMemorySize=16777216\"");
        assertPromised(
                "x (512 MiB of heap + 256 MiB of direct memory)",
                "\"-Xms64m\", \"-Xmxmuch\", \"-Dx=-Xmx1g\", \"-Xmx99999999999999999999\"");
    }

    private void assertPromised(String part, String options) throws Exception {
        String warning = PromisedMemory.warning(
                        configuration("{\"jvm\": {\"options\": [" + options + "]}}"), List.of(SERVING), 0)
                .orElseThrow();
        assertTrue(warning, warning.contains(part));
    }

    @Test
    public void thisMachineHasSome() {
        assertTrue(PromisedMemory.there() > 0);
    }

    private NodeConfiguration configuration(String json) throws IOException, StartException {
        Path file = folder.newFile().toPath();
        Files.writeString(file, json);
        return NodeConfiguration.read(file, Map.of());
    }
}
