package com.espra.protoplex.gogo;

import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetSnapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node:directory}: who is in the fleet, as this node knows it. */
@Component(service = DirectoryCommands.class)
@GogoCommand(scope = "node", function = "directory")
public final class DirectoryCommands {

    private final Directory directory;

    /** @param directory what this node knows */
    @Activate
    public DirectoryCommands(@Reference Directory directory) {
        this.directory = directory;
    }

    /** Who is in the fleet. */
    @Descriptor("who is in the fleet, as this node knows it: also while the Seed is away")
    public Object directory() {
        Optional<FleetSnapshot> known = directory.snapshot();
        if (known.isEmpty()) {
            return "this node has not heard of the fleet yet; its Seed tells it";
        }
        FleetSnapshot snapshot = known.get();
        return new KnownNodes(
                snapshot.number(),
                snapshot.time(),
                directory.isCurrent(),
                snapshot.nodes().values().stream()
                        .sorted(Comparator.comparing(FleetNode::name))
                        .map(DirectoryCommands::line)
                        .toList());
    }

    private static DirectoryLine line(FleetNode node) {
        return new DirectoryLine(
                node.name(),
                node.region(),
                new TreeSet<>(node.roles()),
                node.connected() ? "connected" : "away",
                node.since(),
                node.health().toLowerCase(Locale.ROOT),
                node.addresses().entrySet().stream()
                        .map(address -> address.getKey() + " " + address.getValue())
                        .sorted()
                        .toList(),
                node.units().entrySet().stream()
                        .map(unit -> (unit.getKey() + " " + unit.getValue().version()).strip())
                        .sorted()
                        .toList());
    }

    /**
     * What {@code node:directory} tells.
     *
     * @param current whether the Seed tells of changes now
     */
    public record KnownNodes(long number, Instant time, boolean current, List<DirectoryLine> nodes) {}

    /** A node of {@code node:directory}. */
    public record DirectoryLine(
            String node,
            String region,
            Set<String> roles,
            String link,
            Instant since,
            String health,
            List<String> addresses,
            List<String> units) {}
}
