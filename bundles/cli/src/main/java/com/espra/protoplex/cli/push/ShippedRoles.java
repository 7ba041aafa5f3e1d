package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.make.BuildMaker.Wish;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The roles that a distribution carries: of each a feature and its bundles, in {@code roles/NAME}. The fleet's own author signs them, as
 * whatever else is pushed; a version that the fleet has already, or a later one, stays. See docs/decisions/0074.
 */
public final class ShippedRoles {

    private static final String FOLDER = "roles";

    private final Path folder;

    private ShippedRoles(Path folder) {
        this.folder = folder;
    }

    /** Those of a distribution; none if it is not known where that is. */
    public static ShippedRoles of(Optional<Path> distribution) {
        return new ShippedRoles(distribution.orElse(Path.of("")).resolve(FOLDER));
    }

    /** Their names, in order. */
    public List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(this::has)
                    .sorted()
                    .toList();
        }
    }

    /** Whether the distribution carries this role. */
    public boolean has(String role) {
        return Files.isRegularFile(feature(role));
    }

    /** The version that it carries, as the feature has it. */
    public String version(String role) throws IOException {
        String id = JsonTree.read(feature(role)).path("id").asText();
        return id.substring(id.lastIndexOf(':') + 1);
    }

    private Path feature(String role) {
        return folder.resolve(role).resolve(role + ".json");
    }

    /**
     * Brings those of the roles that the distribution carries to the Seed, unless it has them in this version or a later one.
     *
     * @throws CliException with status 1 if a node refuses one
     */
    public void deliver(FleetDir dir, SeedClient seed, Console console, Collection<String> roles)
            throws IOException, InterruptedException {
        if (roles.stream().noneMatch(this::has)) {
            return;
        }
        JsonNode known = seed.get("/v1/roles").path("roles");
        Push push = new Push(dir, seed, PushProgress.on(console));
        Push quiet = new Push(dir, seed, PushProgress.silent());
        Wish wish =
                new Wish(Optional.empty(), Optional.empty(), BuildMaker.READY_SECONDS, BuildMaker.DRAIN_SECONDS, false);
        for (String role : roles) {
            if (has(role)) {
                // The nodes run what nobody has pushed as it is shipped: it is only made known to the Seed.
                String desired = desired(known, role);
                Push one = desired.isEmpty() ? quiet : push;
                Optional<JsonNode> end = one.pushNewer(feature(role), wish, desired);
                boolean moved = !desired.isEmpty() || !isDone(end);
                if (end.isPresent() && moved) {
                    Verdict.print(console, end.get());
                }
            }
        }
    }

    private static boolean isDone(Optional<JsonNode> end) {
        return end.filter(each -> each.path("state").asText().equals("done")).isPresent();
    }

    private static String desired(JsonNode known, String role) {
        return known.valueStream()
                .filter(each -> each.path("role").asText().equals(role))
                .map(each -> each.path("version").asText())
                .findFirst()
                .orElse("");
    }
}
