package com.espra.protoplex.gogo;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code seed:} and {@code build:} the fleet, through the Seed's API. They are there on the node that runs the Seed, because
 * its configuration names the operator's token.
 */
@Component(
        service = SeedCommands.class,
        configurationPid = "com.espra.protoplex.seed",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@GogoCommand(
        scope = "seed",
        function = {"nodes", "forget", "apps", "deploy", "rollback", "remove", "__apps"})
public final class SeedCommands {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+-]+");

    private final OperatorClient seed;
    private final String by;

    /** The part of the Seed's configuration that is used here. */
    @interface Config {

        /** The file of the operator's token. */
        String tokenFile();
    }

    /**
     * @param listener the Seed's own, on this node
     * @param node its name is recorded by the Seed as the operator's
     */
    @Activate
    public SeedCommands(
            Config config, @Reference(target = "(protoplex.listeners=seed)") Listener listener, @Reference Node node) {
        seed = new OperatorClient(listener.address(), Path.of(config.tokenFile()));
        by = "shell@" + node.name();
    }

    /** Closes the connections. */
    @Deactivate
    public void close() {
        seed.close();
    }

    /** The nodes. */
    @Descriptor("the nodes of the fleet")
    public List<NodeLine> nodes() throws IOException, InterruptedException {
        return each(
                seed.get("/v1/nodes").path("nodes"),
                node -> new NodeLine(
                        text(node, "node"),
                        node.path("connected").asBoolean() ? "connected" : "away",
                        text(node, "since"),
                        text(node, "region"),
                        each(node.path("roles"), JsonNode::asText),
                        text(node, "version"),
                        each(node.path("units"), unit -> text(unit, "unit") + " " + text(unit, "version"))));
    }

    /** Forgets a node. */
    @Descriptor("forget a node that is gone for good")
    public String forget(@Descriptor("the node, which must be away") String node)
            throws IOException, InterruptedException {
        return text(seed.delete("/v1/nodes/" + name(node)), "node") + " is forgotten";
    }

    /** The apps. */
    @Descriptor("the apps of the fleet, and how many nodes serve them")
    public List<AppLine> apps() throws IOException, InterruptedException {
        return each(
                seed.get("/v1/apps").path("apps"),
                app -> new AppLine(
                        text(app, "app"),
                        text(app, "version"),
                        app.path("serving").asInt() + " of " + app.path("nodes").asInt(),
                        text(app, "previous"),
                        text(app, "deploying")));
    }

    /** The builds. */
    @Descriptor("the builds that the Seed keeps")
    public List<BuildLine> builds() throws IOException, InterruptedException {
        return each(seed.get("/v1/builds").path("builds"), SeedCommands::build);
    }

    /** The builds of an app. */
    @Descriptor("the builds of an app that the Seed keeps")
    public List<BuildLine> builds(@Descriptor("the app") String app) throws IOException, InterruptedException {
        return builds().stream().filter(build -> build.app().equals(app)).toList();
    }

    /** A build's manifest. */
    @Descriptor("the manifest of a build: its bundles, files and configuration")
    public String build(@Descriptor("the app") String app, @Descriptor("the version") String version)
            throws IOException, InterruptedException {
        BuildLine found = builds(app).stream()
                .filter(build -> build.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the Seed has no build " + app + " " + version + ": 'build:list' shows those that it has"));
        return seed.get("/v1/builds/" + name(found.digest()) + "/manifest").toPrettyString();
    }

    /** Moves the fleet to a build. */
    @Descriptor("move the fleet to a build that the Seed has")
    public String deploy(
            CommandSession session, @Descriptor("the app") String app, @Descriptor("the version") String version)
            throws IOException, InterruptedException {
        return follow(
                session, seed.post("/v1/apps/" + name(app) + "/deployments", Map.of("version", version, "by", by)));
    }

    /** Back to the version before. */
    @Descriptor("move the fleet back to the version that served before")
    public String rollback(CommandSession session, @Descriptor("the app") String app)
            throws IOException, InterruptedException {
        return follow(session, seed.post("/v1/apps/" + name(app) + "/rollback", Map.of("by", by)));
    }

    /** Back to a version. */
    @Descriptor("move the fleet back to an older version")
    public String rollback(
            CommandSession session, @Descriptor("the app") String app, @Descriptor("the version") String version)
            throws IOException, InterruptedException {
        Map<String, String> body = new LinkedHashMap<>(Map.of("by", by, "version", version));
        return follow(session, seed.post("/v1/apps/" + name(app) + "/rollback", body));
    }

    /** Removes an app. */
    @Descriptor("remove an app from all nodes; its builds stay")
    public String remove(CommandSession session, @Descriptor("the app") String app)
            throws IOException, InterruptedException {
        return follow(session, seed.delete("/v1/apps/" + name(app)));
    }

    /** The names of the apps, for completion. */
    public List<String> __apps() throws IOException, InterruptedException {
        return apps().stream().map(AppLine::app).toList();
    }

    /** Prints what happens until the deployment ends, and how it ended. */
    private String follow(CommandSession session, JsonNode begun) throws IOException, InterruptedException {
        String path = "/v1/deployments/" + name(text(begun, "id"));
        if (text(begun, "state").equals("moving")) {
            try (Stream<String> lines = seed.lines(path + "/events")) {
                for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                    show(session, each.next());
                }
            }
        }
        JsonNode end = seed.get(path);
        if (text(end, "state").equals("done")) {
            return text(end, "detail");
        }
        if (text(end, "state").equals("moving")) {
            return "it still goes on; 'seed:apps' tells how far it is";
        }
        throw new IOException(Stream.of(text(end, "detail"), text(end, "remedy"))
                .filter(part -> !part.isEmpty())
                .reduce((what, remedy) -> what + ". " + remedy)
                .orElse("it was refused"));
    }

    private static void show(CommandSession session, String line) throws IOException {
        if (line.isBlank()) {
            return;
        }
        JsonNode event = OperatorClient.parse(line);
        if (!event.path("end").asBoolean() && !text(event, "state").equals("BEGUN")) {
            session.getConsole()
                    .println(text(event, "node") + "  " + text(event, "step").toLowerCase(java.util.Locale.ROOT) + " "
                            + text(event, "state").toLowerCase(java.util.Locale.ROOT) + "  " + text(event, "detail"));
            session.getConsole().flush();
        }
    }

    private static BuildLine build(JsonNode build) {
        return new BuildLine(
                text(build, "unit"),
                text(build, "version"),
                text(build, "state"),
                text(build, "created"),
                text(build, "author"),
                build.path("files").asInt(),
                build.path("bytes").asLong() / 1024,
                text(build, "digest"));
    }

    /** Refuses what would change the meaning of a path. */
    private static String name(String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + value + "' is no name: letters, digits and . _ + - only");
        }
        return value;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    private static <T> List<T> each(JsonNode array, Function<JsonNode, T> map) {
        List<T> all = new ArrayList<>();
        array.forEach(one -> all.add(map.apply(one)));
        return List.copyOf(all);
    }

    /** A line of {@code seed:nodes}. */
    public record NodeLine(
            String node,
            String state,
            String since,
            String region,
            List<String> roles,
            String version,
            List<String> units) {}

    /** A line of {@code seed:apps}. */
    public record AppLine(String app, String version, String serving, String previous, String deploying) {}

    /** A line of {@code build:list}. */
    public record BuildLine(
            String app,
            String version,
            String state,
            String created,
            String author,
            int files,
            long kiB,
            String digest) {}
}
