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
import org.junit.Rule;
import org.junit.Test;

/** A role with a protocol of its own: the example of the handbook, pushed, swapped and taken away under clients that come and go. */
public class StreamsIT {

    private static final String NODE = "node-1";

    @Rule
    public final Fleet fleet = new Fleet();

    /** The example of the handbook, which says its version with each answer. */
    private Path line(String unit, String version, String kind) throws IOException {
        String source = Handbook.example("writing-roles.md", "line");
        Path target = Files.createDirectories(fleet.root().resolve(unit + "-" + version));
        TestBundle.named(unit)
                .version(version)
                .source(source.replace("you said", version + " heard"))
                .build(target);
        return Files.writeString(target.resolve(unit + ".json"), """
                {"feature-resource-version": "1.0", "id": "com.example:%1$s:%2$s",
                 "bundles": [{"id": "com.example:%1$s:%2$s"}],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "%3$s"}}}}
                """.formatted(unit, version, kind));
    }

    private void push(Path feature) throws Exception {
        fleet.run("push", feature.toString()).succeeded();
    }

    private int port() throws IOException {
        return URI.create(fleet.address(NODE, "line")).getPort();
    }

    private void configure() throws IOException {
        fleet.configure(
                NODE,
                json -> json.withObjectProperty("listeners")
                        .withObjectProperty("line")
                        .put("protocol", "stream")
                        .put("host", "127.0.0.1")
                        .put("port", 0));
        // All clients of this test have one address.
        fleet.configure(
                NODE,
                json -> json.withObjectProperty("streams")
                        .put("connectionsPerAddress", 0)
                        .put("newPerSecond", 100_000)
                        .put("newPerSecondPerAddress", 0));
    }

    private void swappedUnderLoad() throws Exception {
        push(line("line", "1.0.0", "role"));
        fleet.run("role", "add", NODE, "line").succeeded();
        try (LineLoad load = new LineLoad(port(), 8)) {
            load.awaitVersion("1.0.0");
            push(line("line", "1.1.0", "role"));
            load.awaitVersion("1.1.0");
            fleet.run("rollback", "line").succeeded();
            load.awaitVersion("1.0.0");
            load.close();
            load.assertNothingFailed();
        }
    }

    @Test
    public void aRoleWithAProtocolOfItsOwnIsSwappedAndNoConnectionFails() throws Exception {
        configure();
        fleet.up();
        swappedUnderLoad();

        JsonNode route = route();
        assertEquals("line", route.path("app").asText());
        assertEquals("1.0.0", route.path("version").asText());
        assertEquals("tcp://127.0.0.1:" + port(), route.path("address").asText());
        String metrics =
                fleet.get(URI.create(fleet.address(NODE, "meta") + "/metrics")).body();
        assertTrue(metrics, metrics.contains("protoplex_streams_accepted_total{listener=\"line\"}"));

        refused();

        fleet.run("role", "remove", NODE, "line").succeeded();
        assertTrue("nobody serves it", LineLoad.isClosedAtOnce(port()));
    }

    /** What may not be: a second unit, an app, and a listener that is not there. */
    private void refused() throws Exception {
        push(line("other", "1.0.0", "role"));
        Fleet.Result second = fleet.run("role", "add", NODE, "other").failedWith(1);
        assertTrue(second.toString(), second.errors().contains("stream:line belongs to line already"));

        Fleet.Result app =
                fleet.run("push", line("lineapp", "1.0.0", "app").toString()).failedWith(1);
        assertTrue(app.toString(), (app.output() + app.errors()).contains("are for roles"));

        Path unknown = fleet.root().resolve("unknown");
        TestBundle.named("unknown").version("1.0.0").source("""
                package com.example.unknown;
                import com.espra.protoplex.api.stream.*;
                import org.osgi.service.component.annotations.Component;
                @Component(property = StreamHandler.LISTENER + "=lien")
                public final class Unknown implements StreamHandler {
                    @Override public void handle(StreamConnection connection) {}
                }
                """).build(Files.createDirectories(unknown));
        push(Files.writeString(unknown.resolve("unknown.json"), """
                {"feature-resource-version": "1.0", "id": "com.example:unknown:1.0.0",
                 "bundles": [{"id": "com.example:unknown:1.0.0"}],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "role"}}}}
                """));
        Fleet.Result missing = fleet.run("role", "add", NODE, "unknown").failedWith(1);
        assertTrue(
                missing.toString(),
                missing.errors()
                        .contains("the listener lien, which this node does not have (its stream listeners: line)"));
    }

    private JsonNode route() throws Exception {
        for (JsonNode route : fleet.run("routes", "--json").succeeded().json().path("routes")) {
            if (route.path("route").asText().equals("stream:line")) {
                return route;
            }
        }
        throw new AssertionError("routes does not show it");
    }

    @Test
    public void withChildrenTooAndOneOfThemMayBeReplaced() throws Exception {
        configure();
        fleet.up("--children", "2");
        fleet.awaitServing(NODE, 2);
        swappedUnderLoad();
        try (LineLoad load = new LineLoad(port(), 8)) {
            load.awaitVersion("1.0.0");
            var before = fleet.serving(NODE);
            fleet.run("upgrade", "--children").succeeded();
            Await.until(
                    "others serve",
                    Fleet.DEADLINE,
                    () -> fleet.serving(NODE).stream().noneMatch(before::contains)
                            && fleet.serving(NODE).size() == 2);
            load.forget("1.0.0");
            load.awaitVersion("1.0.0");
            load.close();
            load.assertNothingFailed();
        }
    }
}
