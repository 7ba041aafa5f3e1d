package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** A machine of its own, as far as folder, ports and address go, whose node joins the Seed of another one. */
public class JoinIT {

    /** How soon a node that is revoked has to be out. */
    private static final Duration OUT = Duration.ofSeconds(5);

    @Rule
    public final Fleet fleet = new Fleet();

    @Rule
    public final Fleet machine = new Fleet();

    private String seed() {
        return "127.0.0.2:" + fleet.port(8061);
    }

    private Fleet.Result join(String token, String name) throws IOException, InterruptedException {
        return machine.run(
                "join", "--seed", seed(), "--token", token, "--name", name, "--port-offset", "" + machine.port(0));
    }

    private boolean connected(String name) throws IOException, InterruptedException {
        for (JsonNode node : fleet.api("/v1/nodes").path("nodes")) {
            if (node.path("node").asText().equals(name)) {
                return node.path("connected").asBoolean();
            }
        }
        return false;
    }

    @Test
    public void aMachineJoinsServesComesBackAndIsRevoked() throws Exception {
        Fleet.Result up = fleet.up("--address", "127.0.0.2", "--roles", "seed,proxy");
        assertTrue(up.toString(), up.output().contains("join --seed " + seed()));
        String token = fleet.run("join-token", "create").succeeded().output().strip();

        refusals(token);
        Fleet.Result joined = join(token, "web-3").succeeded();
        assertTrue(joined.toString(), joined.output().contains("web-3 is linked to the Seed at " + seed()));
        assertEquals("no warnings of a JVM", "", joined.errors());
        assertTrue(connected("web-3"));
        join(token, "web-4").failedWith(1);

        String app = Apps.hello("1.0.0", fleet.root()).toString();
        Fleet.Result push = fleet.run("push", app).succeeded();
        assertTrue(push.toString(), push.output().contains("hello 1.0.0 serves on 1 of 1 nodes"));
        machine.assertServes("/hello", "hello 1.0.0");
        Await.until(
                "the proxy beside the Seed relays to it, by certificates on both sides",
                Fleet.DEADLINE,
                () -> fleet.get("/hello").body().equals("hello 1.0.0"));

        fromElsewhere();

        machine.run("down").succeeded();
        Await.until("web-3 is away", Fleet.DEADLINE, () -> !connected("web-3"));
        Fleet.Result again = machine.run("up").succeeded();
        assertTrue(again.toString(), again.output().contains("web-3 is linked"));
        machine.assertServes("/hello", "hello 1.0.1");

        fleet.run("node", "revoke", "web-3").succeeded();
        Await.until("web-3 is out", OUT, () -> !connected("web-3"));
        machine.assertServes("/hello", "hello 1.0.1");
        Await.until(
                "the machine knows why",
                Fleet.DEADLINE,
                () -> Files.readString(machine.node("web-3").resolve("status.json"))
                        .contains("revoked"));
    }

    private void refusals(String token) throws IOException, InterruptedException {
        String digest = token.substring(token.length() - 64);
        String other = token.replace(digest, "0".repeat(64));
        Fleet.Result foreign = join(other, "web-3").failedWith(1);
        assertTrue(foreign.toString(), foreign.errors().contains("this token is of another Seed"));
        Fleet.Result cut = join(token.substring(0, 50), "web-3").failedWith(2);
        assertTrue(cut.toString(), cut.errors().contains("not all of one"));
        Fleet.Result taken = join(token, "node-1").failedWith(1);
        assertTrue(taken.toString(), taken.errors().contains("there is a node node-1 already"));
        Fleet.Result nobody = machine.run(
                        "join", "--seed", "127.0.0.3:" + machine.port(8061), "--token", token, "--name", "web-3")
                .failedWith(3);
        assertTrue(nobody.toString(), nobody.errors().contains("no Seed answers at"));
        Fleet.Result plain = machine.run(
                        "join", "--seed", "127.0.0.1:" + fleet.port(8060), "--token", token, "--name", "web-3")
                .failedWith(1);
        assertTrue(plain.toString(), plain.errors().contains("does not speak TLS as a Seed does"));
    }

    /** A command on the other machine, with a token that an operator made. */
    private void fromElsewhere() throws IOException, InterruptedException {
        String url = "https://" + seed();
        String ci = fleet.run("token", "create", "ci", "--scope", "push")
                .succeeded()
                .output()
                .strip();
        machine.with("PROTOPLEX_TOKEN", ci);
        Fleet.Result status = machine.run("status", "--seed", url).succeeded();
        assertTrue(status.toString(), status.output().contains("hello"));
        Fleet.Result pushed = machine.run(
                        "push",
                        Apps.hello("1.0.1", fleet.root()).toString(),
                        "--seed",
                        url,
                        "--ca",
                        fleet.dir().resolve("ca/ca.crt").toString(),
                        "--dir",
                        fleet.dir().toString())
                .succeeded();
        assertTrue(pushed.toString(), pushed.output().contains("hello 1.0.1 serves on 1 of 1 nodes"));
        Fleet.Result more = machine.run("token", "list", "--seed", url).failedWith(1);
        assertTrue(more.toString(), more.errors().contains("this needs admin"));
        Fleet.Result wrong = machine.run("status", "--seed", url, "--ca", "sha256:" + "0".repeat(64))
                .failedWith(3);
        assertTrue(wrong.toString(), wrong.errors().contains("another fleet"));
        machine.with("PROTOPLEX_TOKEN", "");
    }
}
