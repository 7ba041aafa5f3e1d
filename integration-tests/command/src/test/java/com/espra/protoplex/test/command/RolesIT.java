package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.Rule;
import org.junit.Test;

/** A role that somebody writes: what {@code new --role} makes, pushed, placed, swapped and taken away. */
public class RolesIT {

    @Rule
    public final Fleet fleet = new Fleet();

    /** The project's sources as they stand, built without Maven. */
    private Path feature(String version) throws IOException {
        Path project = fleet.root().resolve("counter");
        Path sources = project.resolve("src/main/java/com/example/counter");
        Path target = Files.createDirectories(fleet.root().resolve("target-" + version));
        TestBundle.named("counter")
                .version(version)
                .source(Files.readString(sources.resolve("Counter.java")))
                .source(Files.readString(sources.resolve("CounterServlet.java")))
                .build(target);
        String feature = Files.readString(project.resolve("src/main/feature/counter.json"))
                .replace("${project.groupId}", "com.example")
                .replace("${project.artifactId}", "counter")
                .replace("${project.version}", version);
        return Files.writeString(target.resolve("counter.json"), feature);
    }

    private int status(String node) throws Exception {
        return fleet.get(URI.create(fleet.address(node, "http") + "/counter")).statusCode();
    }

    private String answer(String node) throws Exception {
        return fleet.get(URI.create(fleet.address(node, "http") + "/counter"))
                .body()
                .strip();
    }

    /** Node to the version of the role that serves there. */
    private Map<String, String> roles() throws Exception {
        Map<String, String> versions = new HashMap<>();
        for (JsonNode role : fleet.run("roles", "--json").succeeded().json().path("roles")) {
            if (role.path("role").asText().equals("counter")) {
                role.path("nodes")
                        .forEach(node -> versions.put(
                                node.path("node").asText(), node.path("version").asText()));
            }
        }
        return versions;
    }

    @Test
    public void aRoleIsPushedPlacedSwappedAndTakenAway() throws Exception {
        fleet.up("--nodes", "2");
        assertEquals(
                "whoever types on finds both",
                2,
                fleet.api("/v1/status").path("connected").asInt());
        fleet.run("new", "counter", "--role").succeeded();

        Fleet.Result push = fleet.run("push", feature("1.0.0").toString()).succeeded();
        assertTrue(push.toString(), push.output().contains("role add"));
        assertEquals(404, status("node-2"));

        Fleet.Result add = fleet.run("role", "add", "node-2", "counter").succeeded();
        assertTrue(add.toString(), add.output().contains("counter 1.0.0 serves on node-2"));
        assertEquals("counter 1", answer("node-2"));
        assertEquals("a node that has not the role", 404, status("node-1"));
        assertEquals(Map.of("node-2", "1.0.0"), roles());

        long counted = 1 + swappedUnderLoad();
        assertEquals("the file has changed hands, and no number is lost", "counter " + ++counted, answer("node-2"));

        roomSwappedUnderMessages();

        fleet.kill("node-2");
        fleet.up();
        String next = "counter " + ++counted;
        Await.until(
                "the node serves it again",
                Fleet.DEADLINE,
                () -> answer("node-2").equals(next));

        Fleet.Result refused = fleet.run("role", "add", "node-2", "nothing").failedWith(1);
        assertTrue(refused.toString(), refused.errors().contains("there is no role nothing"));

        fleet.run("rollback", "counter").succeeded();
        assertEquals(Map.of("node-2", "1.0.0"), roles());
        fleet.run("role", "remove", "node-2", "counter").succeeded();
        assertEquals(404, status("node-2"));
        assertEquals(Map.of(), roles());
    }

    private Path greeter(String version) throws IOException {
        Path target = Files.createDirectories(fleet.root().resolve("greeter-" + version));
        TestBundle.named("greeter")
                .version(version)
                .source("""
                package com.example.greeter;
                import com.espra.protoplex.api.meter.*;
                import java.util.function.Supplier;
                import org.osgi.service.component.annotations.*;
                @Component(property = "protoplex.offer:Boolean=true")
                public class Greeter implements Supplier<String> {
                    private final Counter greetings;
                    @Activate public Greeter(@Reference Meters meters) {
                        greetings = meters.counter("greetings", "How often somebody was greeted");
                    }
                    @Override public String get() {
                        greetings.add(1);
                        return "greeter %s";
                    }
                }
                """.formatted(version))
                .source(Handbook.source(
                        "writing-roles.md",
                        "offer",
                        "com.example.greeter.handbook",
                        "java.util.function.Function",
                        "org.osgi.service.component.annotations.*"))
                .build(target);
        return Files.writeString(target.resolve("greeter.json"), """
                {
                  "feature-resource-version": "1.0",
                  "id": "com.example:greeter:%1$s",
                  "bundles": [{"id": "com.example:greeter:%1$s"}],
                  "extensions": {"protoplex.unit": {"kind": "mandatory", "type": "json",
                    "json": {"kind": "role", "offers": ["java.util.function.Supplier"]}}}
                }
                """.formatted(version));
    }

    /** An app that refers to what the role offers: as the handbook shows it, and to the greeting of a version. */
    private static TestBundle asking() {
        String members = Handbook.example("writing-roles.md", "offered") + """
                @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
                private volatile java.util.function.Supplier<String> version;
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    var found = version;
                    var shown = greeter;
                    if (request.getPathInfo() != null && shown != null) {
                        response.getWriter().print(shown.apply(request.getPathInfo().substring(1)));
                        return;
                    }
                    response.getWriter().print(found == null ? "nobody" : found.get());
                }
                """;
        return TestBundle.named("com.example.greet")
                .source(Apps.servlet("greet", members)
                        .replace("import java.io.*;", "import java.io.*;\nimport java.util.function.Function;"));
    }

    /** A role of all that the handbook shows of classes, pushed as its feature stands there. */
    private void theRoleOfTheHandbookServes() throws Exception {
        fleet.run("push", HandbookRole.write(fleet.root().resolve("handbook")).toString())
                .succeeded();
        fleet.run("role", "add", "node-2", "counter").succeeded();
        assertEquals("counter 1, nodes with mail: []", answer("node-2"));
        assertEquals("counter 2, nodes with mail: []", answer("node-2"));
        assertEquals(
                "taken\n",
                fleet.get(URI.create(fleet.address("node-2", "http") + "/orders/7"))
                        .body());
        assertEquals("/7\n", Files.readString(fleet.node("node-2").resolve("data/orders/journal")));
        assertTrue(fleet.get(URI.create(fleet.address("node-2", "meta") + "/metrics"))
                .body()
                .contains("counter_orders_total{kind=\"book\"} 2.0"));
        neededRoleIsTakenByForce();
    }

    private void neededRoleIsTakenByForce() throws Exception {
        Fleet.Result needed = fleet.run("role", "remove", "node-2", "app").failedWith(1);
        assertTrue(needed.toString(), needed.errors().contains("the role counter of node-2 needs app"));
        assertEquals("counter 3, nodes with mail: []", answer("node-2"));
        fleet.run("role", "remove", "node-2", "app", "--force").succeeded();
        assertEquals(
                404,
                fleet.get(URI.create(fleet.address("node-2", "http") + "/greet"))
                        .statusCode());
        assertEquals("counter 4, nodes with mail: []", answer("node-2"));
        fleet.run("role", "add", "node-2", "app").succeeded();
        assertEquals("greeter 1.1.0", greeting("node-2"));
    }

    private String greeting(String node) throws Exception {
        return fleet.get(URI.create(fleet.address(node, "http") + "/greet"))
                .body()
                .strip();
    }

    private double greetings() throws Exception {
        return fleet.get(URI.create(fleet.address("node-2", "meta") + "/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("greeter_greetings_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    @Test
    public void anAppUsesWhatARoleOffersAndANodeAloneKnowsTheFleet() throws Exception {
        fleet.up("--nodes", "2");
        fleet.run("push", asking().build(fleet.root()).toString()).succeeded();
        fleet.run("push", greeter("1.0.0").toString()).succeeded();
        assertEquals("nobody", greeting("node-2"));
        fleet.run("role", "add", "node-2", "greeter").succeeded();
        assertEquals("greeter 1.0.0", greeting("node-2"));
        assertEquals("nobody", greeting("node-1"));
        assertTrue(fleet.run("roles", "--json").succeeded().output().contains("java.util.function.Supplier"));

        try (Load load = new Load(
                URI.create(fleet.address("node-2", "http")).getPort(),
                "/greet",
                8,
                answer -> answer.startsWith("greeter 1."))) {
            Await.until("it is greeted", Fleet.DEADLINE, () -> load.requests() > 100);
            fleet.run("push", greeter("1.1.0").toString()).succeeded();
            long seen = load.requests();
            Await.until("it is greeted on", Fleet.DEADLINE, () -> load.requests() > seen + 100);
            load.close();
            load.assertNothingFailed();
            // One greeting was before the load.
            assertEquals("both versions have counted", 1 + load.requests(), greetings(), 0);
        }
        assertEquals("greeter 1.1.0", greeting("node-2"));
        assertEquals(
                "Hello, you",
                fleet.get(URI.create(fleet.address("node-2", "http") + "/greet/you"))
                        .body());
        theRoleOfTheHandbookServes();

        assertKnownAlone();
    }

    private void assertKnownAlone() throws Exception {
        Await.until(
                "node-2 has heard of its role, and has written it",
                Fleet.DEADLINE,
                () -> Files.readString(fleet.node("node-2").resolve("data/agent/directory.json"))
                        .contains("greeter"));
        fleet.kill("node-1");
        String known =
                fleet.run("shell", "node-2", "node:directory").succeeded().output();
        assertTrue(known, known.contains("node-1") && known.contains("greeter"));

        List<String> commandLine = fleet.commandLine("node-2");
        fleet.kill("node-2");
        Process alone = fleet.restart("node-2", commandLine);
        Await.until(
                "node-2 serves again", Fleet.DEADLINE, () -> greeting("node-2").equals("greeter 1.1.0"));
        alone.destroyForcibly().waitFor();
    }

    /** The file goes to the next version while clients count: none is refused, and none gets a number that another one got. */
    private long swappedUnderLoad() throws Exception {
        Set<String> numbers = ConcurrentHashMap.newKeySet();
        int port = URI.create(fleet.address("node-2", "http")).getPort();
        Path next = feature("1.1.0");
        try (Load load =
                new Load(port, "/counter", 8, answer -> answer.startsWith("counter ") && numbers.add(answer))) {
            Await.until("it counts", Fleet.DEADLINE, () -> load.requests() > 100);
            Fleet.Result swap = fleet.run("push", next.toString()).succeeded();
            assertTrue(swap.toString(), swap.output().contains("counter 1.1.0 serves on 1 of 1 nodes"));
            load.close();
            load.assertNothingFailed();
            return load.requests();
        }
    }

    /** The room of the handbook, which says its version with each message. */
    private Path room(String version) throws IOException {
        String source = Handbook.example("writing-roles.md", "room");
        Path target = Files.createDirectories(fleet.root().resolve("room-" + version));
        TestBundle.named("room")
                .version(version)
                .source(source.replace("member.send(text", "member.send(\"" + version + " \" + text"))
                .build(target);
        return Files.writeString(target.resolve("room.json"), """
                {"feature-resource-version": "1.0", "id": "com.example:room:%1$s",
                 "bundles": [{"id": "com.example:room:%1$s"}],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "role"}}}}
                """.formatted(version));
    }

    private void roomSwappedUnderMessages() throws Exception {
        fleet.run("push", room("1.0.0").toString()).succeeded();
        fleet.run("role", "add", "node-2", "room").succeeded();
        int port = URI.create(fleet.address("node-2", "http")).getPort();
        try (RoomLoad load = new RoomLoad(port, "/room", 8, 4)) {
            load.awaitVersion("1.0.0");
            fleet.run("push", room("1.1.0").toString()).succeeded();
            load.awaitVersion("1.1.0");
            load.forget("1.0.0");
            fleet.run("rollback", "room").succeeded();
            load.awaitVersion("1.0.0");
            load.assertAllHeardAll();
        }
        fleet.run("role", "remove", "node-2", "room").succeeded();
    }
}
