package com.espra.protoplex.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli.Result;
import com.espra.protoplex.fleet.build.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code node} and {@code fleet}, as they are typed. */
public class StandingCommandsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeSeed seed;
    private Path root = Path.of("");

    public StandingCommandsTest() throws IOException {
        seed = new FakeSeed();
    }

    @Before
    public void fleet() throws IOException {
        root = folder.getRoot().toPath();
        seed.fleet(root.resolve(".protoplex"));
    }

    @After
    public void stop() {
        seed.close();
    }

    private Result run(int status, String... args) {
        return new Cli(root).run(args).ended(status);
    }

    /** A node as the Seed shows it; it does not say when an order was given, for this Seed does not either. */
    private void node(boolean connected, String order, String state, String... left) {
        ObjectNode data = JsonTree.object();
        ObjectNode node = data.putArray("nodes")
                .addObject()
                .put("node", "node-2")
                .put("connected", connected)
                .put("order", order)
                .put("ordered", "");
        ObjectNode drain = node.putObject("drain").put("state", state);
        drain.putArray("left");
        for (String line : left) {
            drain.withArray("left").add(line);
        }
        seed.data.put("/v1/nodes", data);
    }

    @Test
    public void aDrainIsWaitedForAndSaysWhatIsLeft() {
        node(true, "drain", "drained");
        Result drained = run(0, "node", "drain", "node-2", "--deadline", "90s");
        assertTrue(drained.toString(), drained.out().contains("node-2 is drained"));
        assertEquals(
                90,
                seed.posted
                        .get("/v1/nodes/node-2/drain")
                        .path("deadlineSeconds")
                        .asInt());

        node(true, "drain", "drained", "shop 1.0.0: 2 channels");
        Result left = run(1, "node", "drain", "node-2");
        assertTrue(left.toString(), left.err().contains("shop 1.0.0: 2 channels"));
        assertEquals(
                30,
                seed.posted
                        .get("/v1/nodes/node-2/drain")
                        .path("deadlineSeconds")
                        .asInt());

        node(false, "drain", "serves");
        assertTrue(run(0, "node", "drain", "node-2").out().contains("is away"));
    }

    @Test
    public void theOtherOrdersAreOneRequestEach() {
        run(0, "node", "cordon", "node-2");
        run(0, "node", "uncordon", "node-2");
        run(0, "node", "forget", "node-2");
        run(0, "node", "admit", "node-2");
        assertTrue(
                seed.requests.toString(),
                seed.requests.containsAll(java.util.List.of(
                        "POST /v1/nodes/node-2/cordon",
                        "POST /v1/nodes/node-2/uncordon",
                        "DELETE /v1/nodes/node-2",
                        "POST /v1/nodes/node-2/admission")));
    }

    @Test
    public void whoHadJoinedIsNotSaidToComeByItself() {
        ObjectNode enrolments = JsonNodeFactory.instance.objectNode();
        enrolments.putArray("revoked").addObject().put("node", "web-3");
        enrolments.putArray("nodes");
        seed.data.put("/v1/enrolments", enrolments);
        assertTrue(run(0, "node", "admit", "web-3").out().contains("join its machine anew"));
        assertTrue(run(0, "node", "admit", "node-2").out().contains("is let in when it comes"));
    }

    @Test
    public void whatSaysHowASeedIsKnownNeedsTheSeed() {
        assertTrue(run(2, "nodes", "--ca", "sha256:" + "0".repeat(64)).err().contains("there is no --seed"));
    }

    @Test
    public void whatIsTypedWrongIsUsage() {
        assertTrue(run(2, "node", "stop", "node-2").err().contains("cordon, drain"));
        assertTrue(run(2, "node", "drain", "no/de").err().contains("is not the name"));
        assertTrue(run(2, "node", "drain", "node-2", "--deadline", "soon").err().contains("no time"));
        assertTrue(run(2, "fleet", "maintenance", "maybe").err().contains("neither on nor off"));
        assertTrue(run(2, "fleet", "party", "on").err().contains("maintenance"));
        assertTrue(run(2, "fleet", "maintenance", "on", "--until", "late").err().contains("no time"));
        assertEquals("nobody was asked", java.util.List.of(), java.util.List.copyOf(seed.requests));
    }

    @Test
    public void theSeedIsToldTheHashOfTheKeyAlone() throws Exception {
        Result on = run(
                0, "fleet", "maintenance", "on", "--until", "20m", "--message", "back", "--app", "shop", "--read-only");
        Matcher key = Pattern.compile("key: ([0-9a-f]{48})").matcher(on.out());
        assertTrue(on.toString(), key.find());
        JsonNode body = seed.posted.get("/v1/maintenance");
        assertEquals(
                Sha256.of(key.group(1).getBytes(StandardCharsets.UTF_8)),
                body.path("key").asText());
        assertFalse(body.toString(), body.toString().contains(key.group(1)));
        assertEquals("shop", body.path("app").asText());
        assertTrue(body.path("readOnly").asBoolean());
        assertFalse(
                "each has its own", run(0, "fleet", "maintenance", "on").out().contains(key.group(1)));
    }

    @Test
    public void nodesAndStatusSayIt() {
        node(true, "drain", "draining");
        assertTrue(run(0, "nodes").out().contains("draining"));
        node(true, "drain", "drained");
        assertTrue(run(0, "nodes").out().contains("drained"));
        node(true, "cordon", "serves");
        assertTrue(run(0, "nodes").out().contains("cordoned"));

        ObjectNode status =
                JsonTree.object().put("nodes", 3).put("connected", 2).put("since", "2026-01-01T00:00:00Z");
        status.putArray("away").add("node-3");
        status.putArray("absent").addObject().put("node", "node-3").put("since", "2020-01-01T00:00:00Z");
        status.putArray("maintenance").addObject().put("app", "shop").put("message", "back at two");
        status.putArray("standing").addObject().put("node", "node-2").put("order", "cordon");
        seed.data.put("/v1/status", status);
        String out = run(0, "status").out();
        assertTrue(out, out.matches("(?s).*away: node-3 for \\d+ d.*"));
        assertTrue(out, out.contains("maintenance of shop: back at two"));
        assertTrue(out, out.contains("node-2 is cordoned"));
        status.remove("absent");
        assertTrue("of an older Seed", run(0, "status").out().contains("away: node-3"));
    }
}
