package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.FleetKey;
import com.espra.protoplex.seed.state.KnownNode;
import com.espra.protoplex.seed.state.Placement;
import com.espra.protoplex.seed.state.SeedState;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What should run where, with all else that outlives a restart: durable before any node hears of it, and sealed when one does.
 *
 * <p>Threads: one thread calls whatever changes or tells something (see {@link FleetLoop}); {@link #data} may be read from any.
 */
public final class DesiredState {

    /** Of so many that were removed last a node is told that they were. */
    private static final int MAX_GONE = 256;

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

    /** The connected nodes that have the role of an app, and are not kept from it. */
    public List<String> nodesFor(String app, String role) {
        return nodes.connected(
                node -> data.roles(node).contains(role) && data.orders().allows(node.node(), app));
    }

    /** Those of these nodes that may try a new build: if it can be, such as get what is new. */
    public List<String> triers(List<String> candidates) {
        List<String> usual = candidates.stream()
                .filter(node -> data.orders().of(node).serves())
                .toList();
        return usual.isEmpty() ? candidates : usual;
    }

    /** Tells a node what it should run. */
    public void tell(NodeLink link, KnownNode node) {
        link.send(sealed(node));
    }

    /** Tells all connected nodes. */
    public void tellAll() {
        tell(nodes.connected(node -> true));
    }

    /** Tells these nodes, as far as they are connected. Those that should run the same hear the same, which is sealed once. */
    public void tell(Collection<String> names) {
        record Kind(Set<String> roles, List<String> ahead) {}
        List<Deployment> trials =
                data.deployments().stream().filter(Deployment::trying).toList();
        Map<Kind, LinkFrame.Desired> told = new HashMap<>();
        for (String name : names) {
            NodeLink link = nodes.link(name).orElse(null);
            KnownNode node = nodes.known().get(name);
            if (link == null || node == null) {
                continue;
            }
            Kind kind = new Kind(
                    node.roles(),
                    trials.stream()
                            .filter(trial -> trial.isAhead(name))
                            .map(Deployment::id)
                            .toList());
            link.send(
                    data.placements().containsKey(name)
                                    || !data.orders().of(name).serves()
                            ? sealed(node)
                            : told.computeIfAbsent(kind, any -> sealed(node)));
        }
    }

    private static LinkFrame.Word word(App app) {
        return new LinkFrame.Word(app.kind().word(), app.changed().toEpochMilli());
    }

    /** What a node is ahead with gets no word: a Seed that loses its state must not take it for what all should run. */
    private LinkFrame.Desired sealed(KnownNode node) {
        Map<String, String> units = new HashMap<>();
        Map<String, LinkFrame.Word> words = new HashMap<>();
        data.apps().forEach((name, app) -> {
            if (!app.desired().none() && data.isFor(node, name)) {
                units.put(name, app.desired().digest());
                words.put(name, word(app));
            }
        });
        data.apps().entrySet().stream()
                .filter(entry -> entry.getValue().isGone())
                .sorted(Comparator.comparing(
                        (Map.Entry<String, App> entry) -> entry.getValue().changed(), Comparator.reverseOrder()))
                .limit(MAX_GONE)
                .forEach(entry -> words.put(entry.getKey(), word(entry.getValue())));
        data.deployments().stream().filter(each -> each.isAhead(node.node())).forEach(each -> {
            units.put(each.app(), each.to().digest());
            words.remove(each.app());
        });
        Placement placement = data.placements().get(node.node());
        return key.seal(new LinkFrame.Desired(
                "",
                data.sequence(),
                data.changed().toEpochMilli(),
                units,
                words,
                placement == null
                        ? LinkFrame.Placed.NONE
                        : new LinkFrame.Placed(
                                placement.roles(), placement.changed().toEpochMilli()),
                ""));
    }
}
