package com.espra.protoplex.gogo;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.fleet.client.DeploymentWatch;
import com.espra.protoplex.fleet.client.PlainText;
import com.espra.protoplex.fleet.client.SeedApi;
import com.espra.protoplex.fleet.client.SeedRefusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code seed:} and {@code build:} the fleet, through the Seed's API. They are there on the node that runs the Seed, because
 * its configuration names the operator's token; with children, in the parent.
 */
@Component(
        service = SeedCommands.class,
        configurationPid = "com.espra.protoplex.gogo.seed",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@GogoCommand(
        scope = "seed",
        function = {"nodes", "forget", "apps", "deploy", "rollback", "remove", "abort", "__apps"})
public final class SeedCommands {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+-]+");

    private final SeedApi seed;
    private final String by;

    /** The part of what node.json says of the Seed that is used here. */
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
        Path tokenFile = Path.of(config.tokenFile());
        String address = listener.address().toString();
        seed = new SeedApi(address.replaceFirst("/+$", ""), () -> token(tokenFile));
        by = "shell@" + node.name();
    }

    private static String token(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException("the operator's token " + file + " cannot be read: use './protoplex' where it is", e);
        }
    }

    /** A request to the Seed. */
    private interface Call {

        JsonNode make() throws IOException, SeedRefusal;
    }

    private JsonNode call(Call call) throws IOException {
        try {
            return call.make();
        } catch (SeedRefusal e) {
            throw refused(String.valueOf(e.getMessage()), e.remedy(), e);
        } catch (IOException e) {
            throw new IOException("the Seed at " + seed.address() + " does not answer: " + e.getMessage(), e);
        }
    }

    private static IOException refused(String what, String remedy, @Nullable Throwable cause) {
        return new IOException(remedy.isEmpty() ? what : what + ". " + remedy, cause);
    }

    /** The nodes. */
    @Descriptor("the nodes of the fleet")
    public List<NodeLine> nodes() throws IOException, InterruptedException {
        return each(
                call(() -> seed.get("/v1/nodes")).path("nodes"),
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
        return text(call(() -> seed.delete("/v1/nodes/" + name(node))), "node") + " is forgotten";
    }

    /** The apps. */
    @Descriptor("the apps of the fleet, and how many nodes serve them")
    public List<AppLine> apps() throws IOException, InterruptedException {
        return each(
                call(() -> seed.get("/v1/apps")).path("apps"),
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
        return each(call(() -> seed.get("/v1/builds")).path("builds"), SeedCommands::build);
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
        return call(() -> seed.get("/v1/builds/" + name(found.digest()) + "/manifest"))
                .toPrettyString();
    }

    /** Moves the fleet to a build. */
    @Descriptor("move the fleet to a build that the Seed has")
    public String deploy(
            CommandSession session, @Descriptor("the app") String app, @Descriptor("the version") String version)
            throws IOException, InterruptedException {
        return follow(session, post(app, "/deployments", version));
    }

    /** Back to the version before. */
    @Descriptor("move the fleet back to the version that served before")
    public String rollback(CommandSession session, @Descriptor("the app") String app)
            throws IOException, InterruptedException {
        return follow(session, post(app, "/rollback", ""));
    }

    /** Back to a version. */
    @Descriptor("move the fleet back to an older version")
    public String rollback(
            CommandSession session, @Descriptor("the app") String app, @Descriptor("the version") String version)
            throws IOException, InterruptedException {
        return follow(session, post(app, "/rollback", version));
    }

    /** Removes an app. */
    @Descriptor("remove an app from all nodes; its builds stay")
    public String remove(CommandSession session, @Descriptor("the app") String app)
            throws IOException, InterruptedException {
        return follow(session, call(() -> seed.delete("/v1/apps/" + name(app))));
    }

    /** Gives a deployment up. */
    @Descriptor("give a deployment up: all nodes go back to what served before")
    public String abort(CommandSession session, @Descriptor("its number, as seed:apps shows it") String id)
            throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("by", by);
        JsonNode begun = call(() -> seed.post("/v1/deployments/" + name(id) + "/abort", body));
        return text(watch(session, begun), "detail");
    }

    /** The names of the apps, for completion. */
    public List<String> __apps() throws IOException, InterruptedException {
        return apps().stream().map(AppLine::app).toList();
    }

    private JsonNode post(String app, String what, String version) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("by", by);
        if (!version.isEmpty()) {
            body.put("version", version);
        }
        return call(() -> seed.post("/v1/apps/" + name(app) + what, body));
    }

    /** Prints what happens until the deployment ends, and how it ended. */
    private String follow(CommandSession session, JsonNode begun) throws IOException, InterruptedException {
        JsonNode end = watch(session, begun);
        if (text(end, "state").equals("done")) {
            return text(end, "detail");
        }
        throw refused(text(end, "detail"), text(end, "remedy"), null);
    }

    private JsonNode watch(CommandSession session, JsonNode begun) throws IOException, InterruptedException {
        try {
            return new DeploymentWatch(seed, event -> show(session, event)).watch(begun);
        } catch (SeedRefusal e) {
            throw refused(String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    private static void show(CommandSession session, JsonNode event) {
        if (!text(event, "state").equals("BEGUN")) {
            session.getConsole()
                    .println(text(event, "node") + "  " + text(event, "step").toLowerCase(Locale.ROOT) + " "
                            + text(event, "state").toLowerCase(Locale.ROOT) + "  "
                            + PlainText.line(text(event, "detail")));
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
