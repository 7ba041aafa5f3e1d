package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a fleet comes to something new, wave by wave. */
public final class WaveOptions {

    @Option(
            names = "--wave",
            paramLabel = "WAVES",
            description = {
                "The nodes move wave by wave, and all go back if one refuses: canary (one node), 3 (so many), 25%%,",
                "region:NAME; the last one is 100%%. Otherwise one node tries what is new, then all move."
            })
    private @Nullable String wave;

    @Option(
            names = "--bake",
            paramLabel = "TIME",
            description = {
                "How long a wave is watched before the next one begins, such as 5m: it goes back by itself if a node",
                "is not well, or if requests fail more often or take longer than before."
            })
    private @Nullable String bake;

    @Option(
            names = "--max-unavailable",
            paramLabel = "NODES",
            description = "How many nodes may move or be away at a time: 2, or 10%%.")
    private @Nullable String maxUnavailable;

    @Option(names = "--deadline", paramLabel = "TIME", description = "All go back if it is not done by then.")
    private @Nullable String deadline;

    @Option(
            names = "--gate",
            paramLabel = "on|off",
            description = "Whether requests are looked at while a wave bakes. Otherwise they are.")
    private @Nullable String gate;

    @Option(
            names = "--min-requests",
            paramLabel = "N",
            description = "How many requests say something of a build. Otherwise 100.")
    private @Nullable Integer leastRequests;

    @Option(
            names = "--max-errors",
            paramLabel = "POINTS",
            description = "How many percentage points more of the requests may fail. Otherwise 1.")
    private @Nullable Double errorPoints;

    @Option(
            names = "--max-slower",
            paramLabel = "FACTOR",
            description = "How many times as long the slowest twentieth of the requests may take. Otherwise 2.")
    private @Nullable Double slower;

    /**
     * What is wished.
     *
     * @param seed whom it is asked of: one of a version before waves would move all at once
     * @return the member {@code rollout} of a request; empty for no waves
     * @throws CliException if it does not hold together, or the Seed has no waves
     */
    public Optional<ObjectNode> wish(SeedClient seed) {
        Optional<ObjectNode> wish = wish();
        if (wish.isPresent()) {
            seed.requireWaves();
        }
        return wish;
    }

    private Optional<ObjectNode> wish() {
        if (wave == null) {
            if (bake != null || maxUnavailable != null || deadline != null || gates()) {
                throw CliException.usage(
                        "there are no waves that this could be said of", "add them: --wave canary,25%,100%");
            }
            return Optional.empty();
        }
        ObjectNode wish = JsonTree.object();
        Arrays.stream(wave.split(",", -1)).map(String::strip).forEach(wish.putArray("waves")::add);
        if (bake != null) {
            wish.put("bakeSeconds", seconds("--bake", bake));
        }
        if (deadline != null) {
            wish.put("deadlineSeconds", seconds("--deadline", deadline));
        }
        if (maxUnavailable != null) {
            wish.put("maxUnavailable", maxUnavailable);
        }
        if (gates()) {
            gate(wish.putObject("gate"));
        }
        return Optional.of(wish);
    }

    private boolean gates() {
        return gate != null || leastRequests != null || errorPoints != null || slower != null;
    }

    private void gate(ObjectNode rule) {
        if (gate != null && !gate.equals("on") && !gate.equals("off")) {
            throw CliException.usage("'" + gate + "' is neither on nor off", "say --gate off, or leave it out");
        }
        rule.put("on", !"off".equals(gate));
        if (leastRequests != null) {
            rule.put("leastRequests", leastRequests);
        }
        if (errorPoints != null) {
            rule.put("errorPoints", errorPoints);
        }
        if (slower != null) {
            rule.put("slower", slower);
        }
    }

    private static long seconds(String option, String text) {
        return Amounts.duration(text)
                .orElseThrow(() -> CliException.usage(
                        "'" + text + "' is no time", "say a number and s, m, h or d, such as " + option + " 5m"))
                .toSeconds();
    }
}
