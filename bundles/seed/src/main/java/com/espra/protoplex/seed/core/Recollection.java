package com.espra.protoplex.seed.core;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.Placement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a node knows of the desired state and its Seed does not: the Seed's state was lost, or comes from an old backup.
 *
 * <p>Of each app and role the later word counts, by the Seed's own clock: what a node has accepted is the word of a Seed at that time. A
 * node that was merely away knows nothing that is later, so this is empty. Of what a node has no word of it says nothing: a unit may not
 * be meant for it.
 *
 * @param units what each unit should be that the node knows a later word of
 * @param placement the roles of the node, if it knows a later word of them
 */
record Recollection(Map<String, App> units, Optional<Placement> placement) {

    /** What this hello tells. */
    static Recollection of(FleetData data, LinkFrame.Hello hello, Builds builds) {
        Map<String, App> later = new TreeMap<>();
        hello.accepted().words().forEach((name, word) -> {
            App app = data.app(name);
            Instant said = Instant.ofEpochMilli(word.changed());
            String digest = hello.accepted().units().getOrDefault(name, "");
            boolean tells = !data.apps().containsKey(name)
                    || !digest.equals(app.desired().digest());
            if (tells && said.isAfter(app.changed())) {
                DesiredBuild target = target(digest, hello, builds);
                later.put(name, new App(target, said, app.good(), kind(word)).proved(target, false));
            }
        });
        return new Recollection(later, placement(data, hello));
    }

    boolean isEmpty() {
        return units.isEmpty() && placement.isEmpty();
    }

    /** What each of them should be; {@link DesiredBuild#NONE} when it should be gone. */
    Map<String, DesiredBuild> targets() {
        Map<String, DesiredBuild> targets = new TreeMap<>();
        units.forEach((name, app) -> targets.put(name, app.desired()));
        return targets;
    }

    /** The state with all of it. */
    FleetData in(FleetData data, String node) {
        FleetData next = data;
        for (Map.Entry<String, App> unit : units.entrySet()) {
            next = next.withApp(unit.getKey(), unit.getValue());
        }
        return placement.isPresent() ? next.withPlacement(node, placement.get()) : next;
    }

    private static Optional<Placement> placement(FleetData data, LinkFrame.Hello hello) {
        LinkFrame.Placed placed = hello.accepted().placed();
        Instant said = Instant.ofEpochMilli(placed.changed());
        Placement known = data.placements().get(hello.node());
        boolean isLater = said.isAfter(known == null ? Instant.EPOCH : known.changed());
        return isLater ? Optional.of(new Placement(placed.roles(), said)) : Optional.empty();
    }

    private static Build.Kind kind(LinkFrame.Word word) {
        return List.of(Build.Kind.values()).stream()
                .filter(kind -> kind.word().equals(word.kind().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(Build.Kind.APP);
    }

    private static DesiredBuild target(String digest, LinkFrame.Hello hello, Builds builds) {
        return digest.isEmpty()
                ? DesiredBuild.NONE
                : new DesiredBuild(
                        builds.build(digest)
                                .map(Build::version)
                                .orElse(hello.versions().getOrDefault(digest, "")),
                        digest);
    }
}
