package com.espra.protoplex.host.node;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which process of a node has which listeners, and which processes there are. */
public class ChildGroupTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Distribution distribution;

    @Before
    public void make() throws Exception {
        Path home = folder.getRoot().toPath();
        Files.createDirectories(home.resolve("features"));
        Files.writeString(home.resolve("features/app.json"), "{\"bundles\": []}");
        Files.writeString(home.resolve("features/seed.json"), "{\"protoplex.role.kind\": \"single\", \"bundles\": []}");
        distribution = new Distribution(home);
    }

    private NodeConfiguration node(String json) throws Exception {
        Path file = Files.writeString(folder.newFile().toPath(), json.replace('\'', '"'));
        return NodeConfiguration.read(file, Map.of());
    }

    private ChildGroup serving(NodeConfiguration node) throws Exception {
        return ChildGroup.of(node, distribution).getFirst();
    }

    private ChildGroup one(NodeConfiguration node) throws Exception {
        return ChildGroup.of(node, distribution).getLast();
    }

    @Test
    public void theOneProcessIsThereFromTheStartForARoleOrAListener() throws Exception {
        assertFalse(one(node("{'children': 2}")).always());
        assertTrue(one(node("{'children': 2, 'roles': ['seed', 'app']}")).always());
        NodeConfiguration listener =
                node("{'listeners': {'http': {'port': 1}, 'data': {'port': 2, 'process': 'one'}}}");
        assertTrue(one(listener).always());
        assertTrue("units need the adapter there, too", one(listener).roles().contains("app"));
        assertEquals(1, one(listener).children());
    }

    @Test
    public void eachHasItsListenersAndKnowsThoseOfTheOther() throws Exception {
        NodeConfiguration node = node("""
                {'roles': ['seed', 'app'], 'listeners': {'http': {'port': 1}, 'data': {'port': 2, 'process': 'one'},
                 'line': {'port': 3, 'protocol': 'stream'}, 'seed': {'port': 4, 'group': 'seed'},
                 'meta': {'port': 5, 'group': 'meta'}}}""");

        assertEquals(List.of("http", "line"), serving(node).listeners(node));
        assertEquals(List.of("data", "seed"), one(node).listeners(node));
        assertEquals(
                List.of("calls-of-the-fleet", "http", "line"),
                serving(node).configuration(node).listeners());
        assertEquals(
                List.of("calls-of-the-fleet", "data", "seed"),
                one(node).configuration(node).listeners());
        assertEquals(
                "the parent opens what is nobody else's",
                List.of("meta"),
                ChildGroup.parents(node, ChildGroup.of(node, distribution)).listeners());
        String told = one(node).configuration(node).json().replaceAll("\\s", "");
        assertTrue(told, told.contains("\"process\":\"each\",\"listeners\":{"));
        assertTrue(told, told.contains("\"line\":\"stream\""));
    }

    /** A child reads what it is told as its parent wrote it. */
    @Test
    public void aChildReadsWhatItIsTold() throws Exception {
        NodeConfiguration node = node("{'listeners': {'http': {'port': 1}, 'data': {'port': 2, 'process': 'one'}}}");
        Path file = Files.writeString(
                folder.newFile().toPath(), one(node).configuration(node).json());
        assertEquals(
                one(node).configuration(node).json(),
                NodeConfiguration.readEffective(file).json());
    }
}
