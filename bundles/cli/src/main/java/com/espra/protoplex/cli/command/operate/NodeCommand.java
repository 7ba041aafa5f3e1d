package com.espra.protoplex.cli.command.operate;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.seed.DrainWatch;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node}. */
@Command(
        name = "node",
        description = {
            "Takes a node out of the fleet's work, for a while or for good, and back.",
            "cordon: it gets nothing new, and serves on. drain: it serves nothing new either; when that is done, it may be stopped.",
            "uncordon ends both. forget: it is gone for good, and is turned away if it comes back; admit lets it in again.",
            "revoke: the machine of a node that has joined is not to be trusted; its link and its certificate end now."
        },
        footer = {
            "",
            "A drain says first that the node is not ready, for 5 s at most, so that balancers see it; then it asks clients to go.",
            "What is still in flight at the deadline is named, and goes on.",
            "",
            "Examples:",
            "  protoplex node drain node-2                    waits until nothing is in flight, 30 s at most",
            "  protoplex node drain node-2 --deadline 5m",
            "  protoplex node cordon node-2",
            "  protoplex node uncordon node-2",
            "  protoplex node forget node-3",
            "  protoplex node admit node-3",
            "  protoplex node revoke web-3",
            "  protoplex nodes                                who is cordoned, drained, away"
        })
public final class NodeCommand implements Callable<Integer> {

    private static final Pattern NODE = Pattern.compile("(?!.{64})[A-Za-z0-9]+([._-][A-Za-z0-9]+)*");
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "cordon|drain|uncordon|forget|admit|revoke", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The node.")
    private String node = "";

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "How long a drain may take until what is left is named, such as 90s or 5m. Otherwise 30s.")
    private String deadline = "30s";

    /** @param environment the world around */
    public NodeCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!NODE.matcher(node).matches()) {
            throw CliException.usage(
                    "'" + node + "' is not the name of a node", "`protoplex nodes` shows those that are known");
        }
        SeedClient seed = SeedClient.of(environment, fleet.find(environment));
        String path = "/v1/nodes/" + node;
        return switch (action) {
            case "cordon" -> {
                seed.post(path + "/cordon", JsonTree.object());
                yield done(node + " is cordoned: it serves on, and gets nothing new");
            }
            case "uncordon" -> {
                seed.post(path + "/uncordon", JsonTree.object());
                yield done(node + " serves, and gets what is new");
            }
            case "drain" -> drain(seed, path);
            case "forget" -> {
                seed.delete(path);
                yield done(node + " is forgotten, and turned away if it comes back (until `protoplex node admit " + node
                        + "`)");
            }
            case "admit" -> {
                seed.post(path + "/admission", JsonTree.object());
                yield done(
                        hasNoCertificate(seed)
                                ? node
                                        + " may come again; its certificate ended when it was forgotten, so join its machine"
                                        + " anew, with a new token (`protoplex join-token create`)"
                                : node + " is let in when it comes");
            }
            case "revoke" -> {
                seed.delete("/v1/enrolments/" + node);
                yield done(node + " is out: its link is closed, and its certificate refused");
            }
            default ->
                throw CliException.usage(
                        "'" + action + "' is nothing that can be done with a node",
                        "say cordon, drain, uncordon, forget, admit or revoke: protoplex node drain " + node);
        };
    }

    /** Whether it had joined: who is forgotten has no certificate any more. */
    private boolean hasNoCertificate(SeedClient seed) {
        JsonNode enrolments;
        try {
            enrolments = seed.get("/v1/enrolments");
        } catch (CliException e) {
            // A Seed of a version before them: then nobody has joined.
            return false;
        }
        return enrolments.path("revoked").valueStream().anyMatch(this::isThis)
                && enrolments.path("nodes").valueStream().noneMatch(this::isThis);
    }

    private boolean isThis(JsonNode entry) {
        return entry.path("node").asText().equals(node);
    }

    private int done(String what) {
        environment.console().line(what);
        return 0;
    }

    private int drain(SeedClient seed, String path) throws InterruptedException {
        Duration time = Amounts.duration(deadline)
                .filter(each -> !each.isZero() && each.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> CliException.usage(
                        "'" + deadline + "' is no time of at most a day",
                        "say a number and s, m or h: --deadline 30s"));
        JsonNode ordered =
                seed.post(path + "/drain", JsonTree.object().put("deadlineSeconds", Math.max(1, time.toSeconds())));
        DrainWatch.End end =
                new DrainWatch(seed, node).await(ordered.path("ordered").asText(), time);
        return switch (end.state()) {
            case AWAY ->
                done(node + " is away: it serves nothing when it comes back, until `protoplex node uncordon " + node
                        + "`");
            case DRAINED -> done(node + " is drained: nothing is in flight, and it may be stopped");
            case LEFT ->
                throw CliException.refused(
                        node + " takes nothing new, and this was in flight after " + deadline + ": " + end.left(),
                        "wait for it (`protoplex nodes`), or stop the node, which breaks it off");
            case SILENT ->
                throw CliException.refused(
                        node + " has not said that it is drained",
                        "its log says why: protoplex logs --node " + node + "; or protoplex node uncordon " + node);
        };
    }
}
