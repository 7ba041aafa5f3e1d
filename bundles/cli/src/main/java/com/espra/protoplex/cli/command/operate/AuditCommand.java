package com.espra.protoplex.cli.command.operate;

import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.command.FleetOption;
import com.espra.protoplex.cli.command.HelpOption;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.text.TextTable;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit}. */
@Command(
        name = "audit",
        description = {
            "Shows who changed what in the fleet, when and from where: the newest first.",
            "What was refused is there, too, but for requests without a token that the Seed knows.",
            "A change whose end is not known was cut off: by a crash of the Seed, or since its client left."
        },
        footer = {"", "Examples:", "  protoplex audit", "  protoplex audit -n 1000 --json"})
public final class AuditCommand implements Callable<Integer> {

    private static final int FIRST_ERROR = 400;

    private final Environment environment;

    @Mixin
    private FleetOption fleet = new FleetOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "-n", paramLabel = "N", description = "How many, at most 10000. Otherwise 50.")
    private int entries = 50;

    @Option(names = "--json", description = "The data of the Seed's API, as JSON.")
    private boolean json;

    /** @param environment the world around */
    public AuditCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        JsonNode data = SeedClient.of(environment, fleet.find(environment)).get("/v1/audit?entries=" + entries);
        if (json) {
            environment.console().line(JsonTree.pretty(data));
            return 0;
        }
        TextTable table = new TextTable("TIME", "TOKEN", "FROM", "WHAT", "RESULT");
        for (JsonNode entry : data.path("entries")) {
            String what = entry.path("what").asText();
            table.row(
                    entry.path("time").asText(),
                    entry.path("name").asText(),
                    entry.path("from").asText(),
                    entry.path("operation").asText() + (what.isEmpty() ? "" : ": " + what),
                    result(entry.path("status").asInt()));
        }
        table.print(environment.console());
        return 0;
    }

    private static String result(int status) {
        if (status == 0) {
            return "not known";
        }
        return status < FIRST_ERROR ? "done" : "refused (" + status + ")";
    }
}
