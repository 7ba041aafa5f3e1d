package com.espra.protoplex.test.command;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** What a fleet tells of itself. */
public class ReadIT {

    @ClassRule
    public static final SharedFleet shared = new SharedFleet();

    private static final Fleet fleet = shared.fleet;

    @BeforeClass
    public static void push() throws Exception {
        fleet.run("push", Apps.app("read", "1.0.0").build(fleet.root()).toString())
                .succeeded();
    }

    @Test
    public void whatIsReadCanBeReadAsJson() throws Exception {
        for (String command : Set.of("status", "nodes", "builds", "routes")) {
            String text = fleet.run(command).succeeded().output();
            JsonNode json = fleet.run(command, "--json").succeeded().json();
            assertTrue(command + ": " + text, text.contains(command.equals("nodes") ? "node-1" : "read"));
            assertFalse(command + ": " + json, json.isEmpty());
        }
    }

    /** What the handbook says of status --json, and what it is. */
    @Test
    public void statusHasTheMembersThatTheHandbookNames() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("repository"), "docs/operating/README.md"));
        JsonNode status = fleet.run("status", "--json").succeeded().json();
        status.fieldNames().forEachRemaining(name -> assertTrue(name, page.contains("`" + name)));
        status.path("apps")
                .get(0)
                .fieldNames()
                .forEachRemaining(name -> assertTrue(name, page.contains("`." + name + "`")));
    }

    /** The feature of the handbook and the component that it configures, pushed and configured as the page says. */
    @Test
    public void theShopOfTheHandbookIsConfigured() throws Exception {
        Path folder = Files.createDirectories(fleet.root().resolve("handbook"));
        TestBundle.named("orders")
                .version("1.0.1")
                .source(Handbook.source(
                        "writing-handlers.md",
                        "configuration",
                        "com.example.orders",
                        "jakarta.servlet.Servlet",
                        "jakarta.servlet.http.*",
                        "java.io.IOException",
                        "org.osgi.service.component.annotations.*",
                        "org.osgi.service.servlet.whiteboard.propertytypes.*"))
                .build(folder);
        TestBundle.named("orders-library")
                .version("2.3.0")
                .source("package com.example.library; public class Library {}")
                .build(folder);
        Path feature =
                Files.writeString(folder.resolve("shop.json"), Handbook.example("writing-handlers.md", "feature"));
        fleet.run("push", feature.toString()).succeeded();
        fleet.assertServes("/orders", "50 in CHF or EUR\n");
        fleet.run("config", "set", "shop", "pageSize=100").succeeded();
        fleet.assertServes("/orders", "100 in CHF or EUR\n");
    }

    @Test
    public void theShellRunsACommandAndGivesItsExitStatus() throws Exception {
        String bundles = fleet.run("shell", "node-1", "lb").succeeded().output();
        assertTrue(bundles, bundles.contains("com.espra.protoplex.swap") || bundles.contains("Protoplex :: Swap"));
        fleet.run("shell", "node-1", "no-such-command").failedWith(1);
    }

    @Test
    public void aTokenIsGoodForItsScopeUntilItIsRevokedAndWhatItDoesIsNoted() throws Exception {
        String token = fleet.run("token", "create", "dashboard", "--scope", "read", "--ttl", "1h")
                .succeeded()
                .output()
                .strip();
        String list = fleet.run("token", "list").succeeded().output();
        assertTrue(list, list.contains("dashboard") && !list.contains(token));
        fleet.with("PROTOPLEX_TOKEN", token);
        try {
            fleet.run("status").succeeded();
            String refused = fleet.run("rollback", "read").failedWith(1).errors();
            assertTrue(refused, refused.contains("the token 'dashboard' has the scope read, and this needs push"));
            fleet.with("PROTOPLEX_TOKEN", "");
            String id = token.split("_")[1];
            fleet.run("token", "revoke", id).succeeded();
            String noted = fleet.run("audit").succeeded().output();
            assertTrue(noted, noted.contains("POST /v1/tokens: token " + id + " 'dashboard' with the scope read"));
            assertFalse(noted, noted.contains(token));
            fleet.with("PROTOPLEX_TOKEN", token);
            String unknown = fleet.run("status").failedWith(1).errors();
            assertTrue(unknown, unknown.contains("does not know this token"));
        } finally {
            fleet.with("PROTOPLEX_TOKEN", "");
        }
    }
}
