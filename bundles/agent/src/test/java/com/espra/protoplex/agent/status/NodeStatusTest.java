package com.espra.protoplex.agent.status;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.NodeHealth;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NodeStatusTest {

    private record OpenListener(String name, String group, URI address) implements Listener {}

    private static final Listener HTTP = new OpenListener("http", "public", URI.create("http://localhost:8080"));
    private static final Listener SEED = new OpenListener("seed", "seed", URI.create("http://127.0.0.1:8060"));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file;
    private NodeStatus status;

    @Before
    public void start() {
        file = folder.getRoot().toPath().resolve("status.json");
        status = new NodeStatus("node-1", Set.of("http", "seed"), "0.1.0", file);
    }

    private JsonNode written() throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private String phase() throws IOException {
        return written().path("phase").asText();
    }

    @Test
    public void aNodeServesWhenEveryListenerIsOpenAndItsUnitsAreBack() throws Exception {
        assertEquals("starting", phase());
        status.bind(HTTP);
        status.restored();
        assertEquals("starting", phase());
        assertEquals("[\"seed\"]", written().path("waitingFor").toString());
        assertFalse(status.isOpen());

        status.bind(SEED);

        assertEquals("serving", phase());
        assertTrue(status.isOpen());
        assertEquals(
                "http://localhost:8080",
                written().path("addresses").path("http").asText());
        assertEquals(ProcessHandle.current().pid(), written().path("pid").asLong());
        assertEquals("node-1", written().path("name").asText());
        assertEquals("0.1.0", written().path("version").asText());
    }

    @Test
    public void aListenerThatCannotBeOpenedIsSaidAndNotWaitedFor() throws Exception {
        NodeHealth missing = () -> new NodeHealth.Health("DEGRADED", "listener http: its key", "", Instant.EPOCH);
        status.bind(SEED);
        status.restored();
        status.bindMissing(missing, Map.of(Listener.NAME, "http"));

        assertEquals("serving", phase());
        assertEquals(
                "{\"http\":\"listener http: its key\"}",
                written().path("problems").toString());

        status.unbindMissing(missing, Map.of(Listener.NAME, "http"));
        assertEquals("starting", phase());
    }

    @Test
    public void openListenersAreNotEnough() throws Exception {
        status.bind(HTTP);
        status.bind(SEED);

        assertEquals("starting", phase());
        assertEquals("[\"units\"]", written().path("waitingFor").toString());
    }

    @Test
    public void aStopIsFinal() throws Exception {
        status.bind(HTTP);
        status.bind(SEED);
        status.restored();

        status.stopping();
        status.unbind(HTTP);
        status.bind(HTTP);

        assertEquals("stopping", phase());
    }

    @Test
    public void changesAreToldAfterTheyAreWritten() {
        AtomicInteger told = new AtomicInteger();
        status.onChange(told::incrementAndGet);

        status.bind(HTTP);
        status.unbind(HTTP);

        assertEquals(2, told.get());
        assertEquals(Map.of(), status.addresses());
    }
}
