package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetKey;
import com.espra.protoplex.seed.state.KnownNode;
import com.espra.protoplex.seed.state.SeedState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What should run where, with all else that outlives a restart: durable before any node hears of it, and sealed when one does.
 *
 * <p>Threads: one thread calls whatever changes or tells something (see {@link FleetLoop}); {@link #data} may be read from any.
 */
public final class DesiredState {

    private final SeedState state;
    private final FleetKey key;
    private final NodeRegistry nodes;
    private volatile FleetData data;
    private long version;

    public DesiredState(SeedState state, SeedState.Saved saved, FleetKey key, NodeRegistry nodes) {
        this.state = state;
        this.key = key;
        this.nodes = nodes;
        data = saved.data().of(key.id());
        version = saved.version();
    }

    public FleetData data() {
        return data;
    }

    /**
     * Makes it durable, with the nodes as they are now.
     *
     * @throws IOException if that cannot be; nothing has changed
     */
    public void save(FleetData next) throws IOException {
        FleetData whole = next.withNodes(new HashMap<>(nodes.known()));
        version = state.save(whole, version);
        data = whole;
    }

    /** Tells a node what it should run; one that apps are not for, that it should run none. */
    public void tell(NodeLink link, KnownNode node) {
        link.send(sealed(node.runsApps() ? units(node.node()) : Map.of()));
    }

    /** Tells all connected nodes that apps are for. */
    public void tellAll() {
        LinkFrame.Desired apps = sealed(units(""));
        for (String name : nodes.appNodes()) {
            boolean tries = trials().anyMatch(trial -> trial.trial().equals(name));
            nodes.link(name).ifPresent(link -> link.send(tries ? sealed(units(name)) : apps));
        }
    }

    private LinkFrame.Desired sealed(Map<String, String> units) {
        return key.seal(data.sequence(), data.changed().toEpochMilli(), units);
    }

    private Stream<Deployment> trials() {
        return data.deployments().stream().filter(Deployment::trying);
    }

    /** All that a node should run, with what it tries before others do. */
    private Map<String, String> units(String node) {
        Map<String, String> units = new HashMap<>();
        data.apps().forEach((name, app) -> {
            if (!app.desired().none()) {
                units.put(name, app.desired().digest());
            }
        });
        trials().filter(trial -> trial.trial().equals(node))
                .forEach(trial -> units.put(trial.app(), trial.to().digest()));
        return units;
    }
}
