package com.espra.protoplex.cli.command.deploy;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.push.Caller;
import com.espra.protoplex.cli.push.PushProgress;
import com.espra.protoplex.cli.push.Verdict;
import com.espra.protoplex.cli.seed.SeedClient;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A change of a unit's configuration, from the wish to its end. */
final class ConfigChange {

    private ConfigChange() {}

    static int make(Console console, SeedClient seed, String unit, ObjectNode change, WaveOptions waves)
            throws InterruptedException {
        waves.wish(seed).ifPresent(wish -> change.set("rollout", wish));
        JsonNode begun = seed.post("/v1/apps/" + unit + "/config", change.put("by", Caller.name()));
        PushProgress progress = PushProgress.on(console);
        JsonNode end = seed.watch(begun, progress::step);
        progress.end();
        return Verdict.print(console, end);
    }
}
