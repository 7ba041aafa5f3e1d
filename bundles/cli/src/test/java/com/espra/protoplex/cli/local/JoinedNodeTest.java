package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a node that joins is written. */
public class JoinedNodeTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private JoinedNode node() {
        return new JoinedNode(new FleetDir(folder.getRoot().toPath()), "10.0.0.1:8061", "web-3");
    }

    private JsonNode written() throws IOException {
        return JsonTree.read(file());
    }

    private Path file() {
        return node().dir().node("web-3").resolve("node.json");
    }

    private JoinedNode joined(Optional<String> address) throws IOException {
        JoinedNode node = node();
        node.key();
        node.write(JsonTree.object().put("certificate", "c").put("authority", "a"), 100, address);
        return node;
    }

    @Test
    public void itHasAListenerByWhichOtherMachinesCallIt() throws Exception {
        joined(Optional.empty());
        JsonNode fleet = written().path("listeners").path("fleet");
        assertEquals(8151, fleet.path("port").asInt());
        assertEquals("fleet", fleet.path("group").asText());
        assertEquals("0.0.0.0", fleet.path("host").asText());
        assertTrue(fleet.path("tls").asBoolean()
                && fleet.path("clientCertificates").asBoolean());
        assertTrue(fleet.path("certificate").asText().endsWith("identity/node.crt"));
        assertEquals(
                "Meta stays on this machine",
                "127.0.0.1",
                written().at("/listeners/meta/host").asText());
        assertFalse(written().has("address"));
    }

    @Test
    public void theAddressThatWasGivenIsInItsNodeJson() throws Exception {
        joined(Optional.of("web-3.example.net"));
        assertEquals("web-3.example.net", written().path("address").asText());
    }

    @Test
    public void aFolderInWhichAJoinWasCutOffBecomesNoFleet() throws Exception {
        FleetDir dir = node().dir();
        JoinedNode.requireEnded(dir);
        node().key();
        CliException cut = assertThrows(CliException.class, () -> JoinedNode.requireEnded(dir));
        assertTrue(cut.getMessage(), cut.getMessage().contains("a join as web-3 was begun"));
        joined(Optional.empty());
        JoinedNode.requireEnded(dir);
    }

    @Test
    public void oneThatJoinedWithAnOlderVersionGetsTheListenerAtItsNextStart() throws Exception {
        JoinedNode node = joined(Optional.empty());
        ObjectNode older = (ObjectNode) written();
        ((ObjectNode) older.path("listeners")).remove("fleet");
        JsonTree.write(file(), older);
        node.complete();
        assertEquals(8151, written().at("/listeners/fleet/port").asInt());

        ((ObjectNode) older.path("listeners")).putObject("fleet").put("port", 9);
        JsonTree.write(file(), older);
        node.complete();
        assertEquals(
                "what its operator has written stays",
                9,
                written().at("/listeners/fleet/port").asInt());
    }
}
