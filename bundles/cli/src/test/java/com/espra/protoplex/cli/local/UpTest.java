package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.Cli.Result;
import com.espra.protoplex.cli.FakeHost;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.files.ProcessRef;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code up} and {@code down} with real processes, whose host is a small stand-in. */
public class UpTest {

    @ClassRule
    public static final TemporaryFolder built = new TemporaryFolder();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static Path distribution = Path.of("");

    private FleetDir dir = new FleetDir(Path.of(""));
    private String offset = "";

    @BeforeClass
    public static void build() throws IOException {
        distribution = FakeHost.distribution(built.getRoot().toPath());
    }

    @Before
    public void prepare() throws IOException {
        dir = new FleetDir(folder.getRoot().toPath().toRealPath().resolve(".protoplex"));
        offset = Integer.toString(LocalFleet.freeOffset());
    }

    @After
    public void endWhatIsLeft() throws IOException {
        FleetState.read(dir).nodes().forEach(node -> node.process().kill());
    }

    @Test
    public void startsANodeSaysWhereItIsAndStopsIt() throws Exception {
        Result up = up("--detach").ended(0);

        assertTrue(up.toString(), up.out().contains("node-1 serves"));
        assertTrue(up.toString(), up.out().contains("http://localhost:8080"));
        assertTrue(up.toString(), up.out().contains("protoplex push"));
        FleetState state = FleetState.read(dir);
        assertTrue(state.nodes().getFirst().process().alive());

        cli().run("down").ended(0);

        assertFalse(state.nodes().getFirst().process().alive());
        assertTrue("SIGTERM, not SIGKILL", Files.exists(dir.node("node-1").resolve("stopped")));
        assertTrue(cli().run("down").ended(0).out().contains("does not run"));
    }

    @Test
    public void aFileThatWasThereBeforeGetsTheNodesName() throws Exception {
        Files.createDirectories(dir.node("node-2"));
        Files.writeString(dir.node("node-2").resolve("node.json"), "{\"units\": {\"hello\": {\"size\": 5}}}");
        up("--detach", "--nodes", "2").ended(0);

        JsonNode file = JsonTree.read(dir.node("node-2").resolve("node.json"));
        assertEquals("node-2", file.path("name").asText());
        assertEquals(5, file.path("units").path("hello").path("size").asInt());
    }

    @Test
    public void aSecondUpSaysThatItRuns() throws Exception {
        up("--detach").ended(0);
        long pid = FleetState.read(dir).nodes().getFirst().process().pid();

        Result again = cli().run("up").ended(0);

        assertTrue(again.toString(), again.out().contains("already runs"));
        assertTrue(again.toString(), again.out().contains("http://localhost:8080"));
        assertEquals(pid, FleetState.read(dir).nodes().getFirst().process().pid());
    }

    @Test
    public void aNodeThatIsGoneIsStartedAgainAndTheOthersAreLeftAlone() throws Exception {
        up("--detach", "--nodes", "3").ended(0);
        List<FleetState.RunningNode> before = FleetState.read(dir).nodes();
        ProcessRef second = before.get(1).process();
        second.kill();
        assertTrue(second.awaitEnd(java.time.Duration.ofSeconds(30)));

        Result again = cli().run("up").ended(0);

        assertTrue(again.toString(), again.out().contains("without node-2"));
        FleetState after = FleetState.read(dir);
        assertEquals(3, after.alive().size());
        assertEquals(before.get(0), after.nodes().get(0));
        assertEquals("node-2", after.nodes().get(1).name());
        assertEquals(before.get(2), after.nodes().get(2));
    }

    @Test
    public void withAnAddressOtherMachinesReachTheSeed() throws Exception {
        up("--detach", "--address", "seed.example.net").ended(0);

        int port = Port.JOIN + Integer.parseInt(offset);
        JsonNode file = JsonTree.read(dir.node("node-1").resolve("node.json"));
        JsonNode join = file.path("listeners").path("join");
        assertEquals(port, join.path("port").asInt());
        assertEquals("seed", join.path("group").asText());
        assertTrue(
                join.path("tls").asBoolean() && join.path("clientCertificates").asBoolean());
        assertEquals(
                "seed.example.net:" + port,
                file.path("seedServer").path("address").asText());
        assertEquals("seed.example.net", file.path("address").asText());
        JsonNode fleet = file.path("listeners").path("fleet");
        assertEquals(Port.FLEET + Integer.parseInt(offset), fleet.path("port").asInt());
        assertTrue(fleet.path("tls").asBoolean()
                && fleet.path("clientCertificates").asBoolean());
        Result other = cli().run("up", "--address", "elsewhere.example.net").ended(1);
        assertTrue(other.toString(), other.err().contains("--address elsewhere.example.net (it has seed.example.net:"));
        cli().run("up", "--address", "a b").ended(2);
    }

    @Test
    public void theFilesAreForTheirOwner() throws Exception {
        up("--detach").ended(0);

        assertEquals("rwx------", permissions(dir.path()));
        for (Path secret : Set.of(dir.operatorToken(), dir.linkToken(), dir.authorKey(), dir.operatorKey())) {
            assertEquals(secret.toString(), "rw-------", permissions(secret));
        }
        assertTrue(Files.readString(dir.operatorPublicKey()).startsWith("ssh-ed25519 "));
    }

    @Test
    public void theConfigurationNamesPortsAndSecrets() throws Exception {
        up("--detach").ended(0);

        JsonNode node = JsonTree.read(dir.node("node-1").resolve("node.json"));
        int add = Integer.parseInt(offset);
        assertEquals(8080 + add, node.at("/listeners/http/port").asInt());
        assertEquals(8443 + add, node.at("/listeners/https/port").asInt());
        assertEquals(8060 + add, node.at("/listeners/seed/port").asInt());
        assertEquals(8050 + add, node.at("/listeners/meta/port").asInt());
        assertEquals(8022 + add, node.at("/shell/port").asInt());
        assertEquals("127.0.0.1:" + (8060 + add), node.at("/seed/address").asText());
        assertEquals(dir.linkToken().toString(), node.at("/seed/tokenFile").asText());
        assertEquals(
                dir.operatorToken().toString(), node.at("/seedServer/tokenFile").asText());
        assertEquals(1, node.at("/trust/authors").size());
    }

    @Test
    public void whatTheUserEditedStays() throws Exception {
        up("--detach").ended(0);
        cli().run("down").ended(0);
        Path file = dir.node("node-1").resolve("node.json");
        ObjectNode edited = (ObjectNode) JsonTree.read(file);
        edited.put("region", "moon");
        edited.withObject("/limits").put("threads", 7);
        edited.putArray("roles").add("seed");
        Files.writeString(file, edited.toString());

        cli().run("up", "--detach").ended(0);

        JsonNode after = JsonTree.read(file);
        assertEquals(edited, after);
    }

    @Test
    public void anOptionChangesWhatItNames() throws Exception {
        up("--detach").ended(0);
        cli().run("down").ended(0);

        offset = Integer.toString(Integer.parseInt(offset) + 50);
        up("--detach", "--roles", "seed").ended(0);

        JsonNode node = JsonTree.read(dir.node("node-1").resolve("node.json"));
        assertEquals(
                8080 + Integer.parseInt(offset), node.at("/listeners/http/port").asInt());
        assertEquals("[\"seed\"]", node.path("roles").toString());
    }

    @Test
    public void furtherNodesKeepPortsOfTheirOwn() throws Exception {
        up("--detach", "--nodes", "3").ended(0);
        JsonNode before = JsonTree.read(dir.node("node-3").resolve("node.json"));
        cli().run("down").ended(0);

        cli().run("up", "--detach").ended(0);

        assertEquals(3, FleetState.read(dir).alive().size());
        assertEquals(before, JsonTree.read(dir.node("node-3").resolve("node.json")));
        Set<Integer> ports = new TreeSet<>();
        for (String name : dir.nodeNames()) {
            NodeFile.read(dir, name).ports().forEach(port -> assertTrue(ports.add(port.number())));
        }
        assertEquals("[\"app\"]", before.path("roles").toString());
    }

    @Test
    public void aPortInUseIsNamedBeforeAnythingStarts() throws Exception {
        int port = 8060 + Integer.parseInt(offset);
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Result up = up("--detach").ended(1);

            assertTrue(up.toString(), up.err().contains(Integer.toString(taken.getLocalPort())));
            assertTrue(up.toString(), up.err().contains("--port-offset"));
            assertTrue(FleetState.read(dir).nodes().isEmpty());
        }
    }

    /** Of a parent that was killed: they end by themselves, and the node sees to it before it listens. */
    @Test
    public void aPortThatChildrenOfTheLastProcessHaveIsNotSomebodyElses() throws Exception {
        int port = 8060 + Integer.parseInt(offset);
        Path child = Files.createDirectories(dir.node("node-1").resolve("children/17/serving/child-0.1"));
        ProcessRef here = ProcessRef.current();
        Files.writeString(child.resolve("process"), here.pid() + " " + here.start());
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Result up = up("--detach").ended(0);
            assertTrue(up.toString(), up.out().contains("children of the last process of node-1 still end"));

            cli().run("down").ended(0);
            Files.writeString(child.resolve("process"), here.pid() + " of-another-time");
            up("--detach").ended(1);
            assertFalse(taken.isClosed());
        }
    }

    @Test
    public void aNodeThatDoesNotStartIsExplainedByItsLastLines() throws Exception {
        up("--detach").ended(0);
        cli().run("down").ended(0);
        Files.createFile(dir.node("node-1").resolve("broken"));

        Result up = cli().run("up", "--detach").ended(1);

        assertTrue(up.toString(), up.err().contains("node-1 ended with status 1"));
        assertTrue(up.toString(), up.err().contains("the node is broken on purpose"));
    }

    @Test
    public void whatCannotBeIsUsage() {
        for (String[] options : new String[][] {
            {"--children", "many"},
            {"--nodes", "0"},
            {"--port-offset", "-1"},
            {"--port-offset", "60000"},
            // One of those that the system gives to outgoing connections; where it does not say which, there is no such
            // port.
            {
                "--port-offset",
                Integer.toString(Math.min(EphemeralPorts.ofSystem().last(), Port.LARGEST) - Port.HTTP)
            },
            {"--roles", "app"}
        }) {
            String[] args = {"up", "--detach", options[0], options[1]};
            Result up = cli().run(args).ended(2);
            assertTrue(up.toString(), up.err().contains("next:"));
        }
    }

    @Test
    public void aPortThatThereIsNotIsNamed() throws Exception {
        up("--detach").ended(0);
        cli().run("down").ended(0);
        Path file = dir.node("node-1").resolve("node.json");
        ObjectNode node = (ObjectNode) JsonTree.read(file);
        node.withObjectProperty("shell").put("port", 70_000);
        JsonTree.write(file, node);

        Result up = cli().run("up", "--detach").ended(2);

        assertTrue(up.toString(), up.err().contains("port 70000 (shell of node-1) is not possible"));
    }

    private Result up(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "up";
        args[1] = "--port-offset";
        args[2] = offset;
        System.arraycopy(options, 0, args, 3, options.length);
        return cli().run(args);
    }

    private Cli cli() {
        return new Cli(dir.path().resolveSibling(".").normalize()).distribution(distribution);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    public void aFleetThatRunsGetsMoreNodesAndFewer() throws Exception {
        up("--detach").ended(0);
        FleetState.RunningNode first = FleetState.read(dir).nodes().getFirst();
        Result more = cli().run("up", "--nodes", "3", "--detach").ended(0);
        assertTrue(more.toString(), more.out().contains("2 more to come"));
        assertEquals(3, FleetState.read(dir).alive().size());
        List<FleetState.RunningNode> three = FleetState.read(dir).nodes();
        cli().run("up", "--nodes", "1", "--detach").ended(0);
        assertEquals(List.of(first), FleetState.read(dir).nodes());
        assertFalse(three.get(2).process().alive());
        assertTrue(first.process().alive());
    }

    @Test
    public void whatARunningFleetCannotBecomeIsSaid() throws Exception {
        up("--detach").ended(0);
        Result other = cli().run("up", "--detach", "--children", "2", "--port-offset", "7", "--roles", "seed")
                .ended(1);
        for (String part : List.of(
                "--children 2 (it has 0)", "--port-offset 7 (it has " + offset, "--roles seed (it has seed,app)")) {
            assertTrue(part + " in " + other, other.err().contains(part));
        }
        up("--detach").ended(0);
    }

    @Test
    public void damagedSecretsAreMadeAnewOrNamed() throws Exception {
        up("--detach").ended(0);
        cli().run("down").ended(0);
        Files.writeString(dir.operatorToken(), "");
        up("--detach").ended(0);
        assertEquals(65, Files.size(dir.operatorToken()));
        cli().run("down").ended(0);
        Files.setPosixFilePermissions(dir.linkToken(), PosixFilePermissions.fromString("rw-r--r--"));
        Result open = up("--detach").ended(1);
        assertTrue(open.toString(), open.err().contains("link.token cannot be used"));
        assertTrue(open.toString(), open.err().contains("holds a secret, and its mode is rw-r--r--: chmod 600"));
    }
}
