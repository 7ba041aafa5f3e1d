package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;

/** The Seed's folder is deleted: its state and its builds. What the nodes serve is what should serve. */
public class LostSeedIT {

    @ClassRule
    public static final Fleet fleet = new Fleet();

    @Test
    public void aPushAfterTheLossTakesNothingAway() throws Exception {
        fleet.up("--nodes", "2");
        push("hello", "1.0.1");
        push("other", "1.0.0");
        fleet.kill("node-1");
        delete(fleet.node("node-1").resolve("data/seed"));
        fleet.up();

        push("third", "1.0.0");

        Await.until(
                "both nodes have told what they run",
                Fleet.DEADLINE,
                () -> statusIs("hello 1.0.1 2", "other 1.0.0 2", "third 1.0.0 2"));
        fleet.assertServes("/hello", "hello 1.0.1");
        fleet.assertServes("/other", "other 1.0.0");
        fleet.assertServes("/third", "third 1.0.0");
        String status = fleet.run("status").succeeded().output();
        assertTrue(status, status.contains("does not have the build of hello 1.0.1"));

        push("hello", "1.0.1");
        push("hello", "1.0.2");
        fleet.assertServes("/hello", "hello 1.0.2");
        fleet.run("rollback", "hello").succeeded();
        fleet.assertServes("/hello", "hello 1.0.1");
        aBackupBringsAllOfItBack();
    }

    /** The machine of the Seed is lost, with its keys; what nodes cannot give back, builds and releases, is in the backup. */
    private static void aBackupBringsAllOfItBack() throws Exception {
        String backup = fleet.root().resolve("fleet.zip").toString();
        fleet.run("seed", "backup", backup).succeeded();
        String running = fleet.run("seed", "restore", backup).failedWith(1).errors();
        assertTrue(running, running.contains("stop it first"));
        fleet.kill("node-1");
        delete(fleet.node("node-1").resolve("data/seed"));
        Files.delete(fleet.dir().resolve("fleet.key"));
        Files.delete(fleet.dir().resolve("operator.token"));

        fleet.run("seed", "restore", backup).succeeded();
        fleet.up();

        Await.until(
                "both nodes have told what they run",
                Fleet.DEADLINE,
                () -> statusIs("hello 1.0.1 2", "other 1.0.0 2", "third 1.0.0 2"));
        String releases = fleet.run("releases", "hello").succeeded().output();
        assertTrue(releases, releases.contains("1.0.2"));
        String builds = fleet.run("builds").succeeded().output();
        assertTrue(builds, builds.contains("1.0.2"));
        push("hello", "1.0.3");
    }

    private static void push(String app, String version) throws Exception {
        fleet.run("push", Apps.app(app, version).build(fleet.root()).toString()).succeeded();
        fleet.assertServes("/" + app, app + " " + version);
    }

    private static boolean statusIs(String... expected) throws Exception {
        JsonNode status = fleet.api("/v1/status");
        List<String> apps = status.path("apps")
                .valueStream()
                .filter(app -> app.path("kind").asText().equals("app"))
                .map(app -> app.path("app").asText() + " " + app.path("version").asText() + " "
                        + app.path("serving").asInt())
                .toList();
        return apps.equals(List.of(expected));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        assertEquals(false, Files.exists(folder));
    }
}
