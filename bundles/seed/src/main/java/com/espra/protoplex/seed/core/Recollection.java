package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.KnownNode;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node knows of the desired state and its Seed does not: the Seed's state was lost, or comes from an old backup.
 *
 * <p>Of each app the later word counts, by the Seed's own clock: what a node has accepted is the word of a Seed at that time. A node that
 * was merely away knows nothing that is later, so this is empty.
 */
final class Recollection {

    private Recollection() {}

    /** What each app should be that the node knows a later word of; {@link DesiredBuild#NONE} when it should be gone. */
    static Map<String, DesiredBuild> of(FleetData data, LinkFrame.Hello hello, Builds builds) {
        LinkFrame.Desired accepted = hello.accepted();
        Instant said = Instant.ofEpochMilli(accepted.time());
        Map<String, DesiredBuild> later = new TreeMap<>();
        if (accepted.fleet().isEmpty() || !KnownNode.of(hello, said).runsApps()) {
            return later; // it was told nothing, or that it should run nothing
        }
        accepted.units().forEach((name, digest) -> {
            App app = data.app(name);
            boolean tries = data.deployments().stream()
                    .anyMatch(each -> each.trying()
                            && each.trial().equals(hello.node())
                            && each.app().equals(name)
                            && each.to().digest().equals(digest));
            if (!tries
                    && !app.desired().digest().equals(digest)
                    && !app.changed().isAfter(said)) {
                later.put(name, target(digest, hello, builds));
            }
        });
        data.apps().forEach((name, app) -> {
            boolean gone = !app.desired().none() && !accepted.units().containsKey(name);
            if (gone && !app.changed().isAfter(said)) {
                later.put(name, DesiredBuild.NONE);
            }
        });
        return later;
    }

    private static DesiredBuild target(String digest, LinkFrame.Hello hello, Builds builds) {
        return new DesiredBuild(
                builds.build(digest)
                        .map(build -> build.version())
                        .orElse(hello.versions().getOrDefault(digest, "")),
                digest);
    }
}
