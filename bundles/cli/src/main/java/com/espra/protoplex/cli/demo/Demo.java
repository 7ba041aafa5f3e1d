package com.espra.protoplex.cli.demo;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.push.Caller;
import com.espra.protoplex.cli.push.Push;
import com.espra.protoplex.cli.push.PushProgress;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.Amounts;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.make.BuildMaker.Wish;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The story of Protoplex on a fleet that runs: an app is pushed, put under load, swapped again and again, rolled back. */
public final class Demo {

    /** Connections that send requests all the time. */
    public static final int CONNECTIONS = 64;

    private static final String APP = "hello";
    private static final long WATCH_MILLIS = 1_000;
    private static final long STEP_MILLIS = 10;
    private static final long DEADLINE_SECONDS = 30;
    private static final long REQUESTS_BETWEEN = 2L * CONNECTIONS;

    private final Console console;
    private final SeedClient seed;
    private final Push push;
    private final InetSocketAddress web;
    private final Path bundles;
    private final int swaps;
    private final List<Long> flipMicros = new ArrayList<>();

    /**
     * @param console where it tells the story
     * @param dir the fleet's folder
     * @param web where the first node serves HTTP
     * @param bundles a folder for the bundles that it makes
     * @param swaps how many versions follow the first one
     */
    public Demo(Console console, FleetDir dir, InetSocketAddress web, Path bundles, int swaps) throws IOException {
        this.console = console;
        this.seed = SeedClient.of(dir);
        this.push = new Push(dir, seed, PushProgress.silent());
        this.web = web;
        this.bundles = bundles;
        this.swaps = swaps;
    }

    /**
     * Tells the story.
     *
     * @return how the requests went
     */
    public Figures run() throws IOException, InterruptedException {
        int first = firstNumber();
        push(version(first));
        flipMicros.clear();
        Load load = new Load(web, HelloBundle.PATH, HelloBundle::answers);
        try {
            load.start(CONNECTIONS);
            console.line(CONNECTIONS + " keep-alive connections send requests as fast as they are answered");
            watch(load);
            for (int swap = 1; swap <= swaps; swap++) {
                push(version(first + swap));
                watch(load);
            }
            rollback();
            watch(load);
        } finally {
            load.stop();
        }
        return new Figures(load.tally(), swaps + 1, List.copyOf(flipMicros));
    }

    private static String version(int number) {
        return "1.0." + number;
    }

    /** A fleet that has seen the demonstration before has its versions: go on after them. */
    private int firstNumber() {
        int highest = -1;
        for (JsonNode build : seed.get("/v1/builds").path("builds")) {
            String version = build.path("version").asText();
            if (build.path("unit").asText().equals(APP) && version.matches("1\\.0\\.\\d{1,6}")) {
                highest = Math.max(highest, Integer.parseInt(version.substring(4)));
            }
        }
        return highest + 1;
    }

    private void push(String version) throws IOException, InterruptedException {
        Wish wish = new Wish(Optional.of(APP), Optional.empty(), BuildMaker.READY_SECONDS, BuildMaker.DRAIN_SECONDS);
        told("push", push.push(List.of(HelloBundle.write(bundles, version)), wish));
    }

    private void rollback() throws InterruptedException {
        JsonNode begun =
                seed.post("/v1/apps/" + APP + "/rollback", JsonTree.object().put("by", Caller.name()));
        told("roll-back", seed.watch(begun, event -> {}));
        // Nothing was installed: its time would flatter the others.
        flipMicros.removeLast();
    }

    private void told(String what, JsonNode end) {
        String detail = end.path("detail").asText();
        if (!end.path("state").asText().equals("done")) {
            throw CliException.refused(detail, end.path("remedy").asText());
        }
        long slowest = 0;
        for (JsonNode node : end.path("nodes")) {
            long micros = node.path("flipMicros").asLong();
            slowest = Math.max(slowest, micros);
        }
        flipMicros.add(slowest);
        console.line(what + ": " + console.good(detail) + (slowest > 0 ? ", " + Amounts.millis(slowest) : ""));
    }

    /** Lets the load run for a while on the version that serves now: at least until every connection has had answers from it. */
    private static void watch(Load load) throws InterruptedException {
        long before = load.tally().requests();
        Instant deadline = Instant.now().plusSeconds(DEADLINE_SECONDS);
        Thread.sleep(WATCH_MILLIS);
        while (load.tally().requests() - before < REQUESTS_BETWEEN
                && Instant.now().isBefore(deadline)) {
            Thread.sleep(STEP_MILLIS);
        }
    }
}
