package com.espra.protoplex.seed.owner;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.owner.OwnerBook;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.fleet.owner.RoleReport;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.deploy.DesiredState;
import com.espra.protoplex.seed.nodes.NodeLink;
import com.espra.protoplex.seed.nodes.NodeRegistry;
import com.espra.protoplex.seed.state.FleetData;
import com.espra.protoplex.seed.state.KnownNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who owns which slots of roles: each change is durable before any node hears of it.
 *
 * <p>Threads: one thread calls whatever changes or tells something (see {@link FleetLoop}).
 */
public final class Ownerships {

    private static final Logger LOG = LoggerFactory.getLogger(Ownerships.class);

    private final DesiredState desired;
    private final NodeRegistry nodes;
    private final LongSupplier nanos;
    private final OwnerBook book;
    private volatile Map<String, Set<String>> members = Map.of();

    /** @param nanos what never goes back, in nanoseconds */
    public Ownerships(DesiredState desired, NodeRegistry nodes, LongSupplier nanos) {
        this.desired = desired;
        this.nodes = nodes;
        this.nanos = nanos;
        book = new OwnerBook(desired.data().owners(), nanos.getAsLong());
    }

    /** A node has a new link. */
    public void joined(NodeLink link, String node) {
        book.joined(node);
        tell(link);
    }

    /** A node says how far it is: it gets a lease. */
    public void reported(NodeLink link, String node, LinkFrame.Owning owning) {
        if (!book.reported(node, owning.number(), owning.roles(), nanos.getAsLong())) {
            return;
        }
        if (book.isNews()) {
            step();
        }
        Map<String, OwnerTable> tables = book.tables();
        boolean behind = owning.roles().stream().anyMatch(report -> isBehind(report, tables));
        if (behind) {
            tell(link);
        }
        link.send(new LinkFrame.Lease(owning.number(), book.granted(node)));
    }

    /** It is told at each change; but what it was told on a link that ended it may have missed. */
    private static boolean isBehind(RoleReport report, Map<String, OwnerTable> tables) {
        OwnerTable table = tables.get(report.role());
        return table != null && report.epoch() < table.epoch();
    }

    /** Time has passed. */
    public void tick() {
        step();
    }

    private void step() {
        FleetData data = desired.data();
        Map<String, OwnerTable> before = book.tables();
        Set<String> known = nodes.known().keySet();
        Map<String, OwnerTable> next = book.next(
                known,
                (node, role) -> hasRole(data, node, role),
                (node, role) -> mayOwn(data, node, role),
                nanos.getAsLong());
        members = membersOf(next.keySet());
        if (next.equals(before)) {
            return;
        }
        try {
            desired.save(data.withOwners(next));
        } catch (IOException e) {
            LOG.warn("cannot save who owns what, so nobody is told; trying again: {}", e.getMessage());
            return;
        }
        book.hold(next);
        next.forEach((role, table) -> {
            if (!table.equals(before.get(role))) {
                LOG.info(
                        "owners of {}: epoch {}, {} on their way",
                        role,
                        table.epoch(),
                        table.moving().cardinality());
            }
        });
        nodes.links().forEach(this::tell);
    }

    private boolean hasRole(FleetData data, String name, String role) {
        KnownNode node = nodes.known().get(name);
        return node != null && data.roles(node).contains(role);
    }

    private boolean mayOwn(FleetData data, String name, String role) {
        return hasRole(data, name, role) && !data.orders().of(name).told().drains();
    }

    private Map<String, Set<String>> membersOf(Set<String> roles) {
        Map<String, Set<String>> found = new HashMap<>();
        roles.forEach(role -> found.put(role, book.members(role)));
        return found;
    }

    private void tell(NodeLink link) {
        link.send(new LinkFrame.Owners(List.copyOf(book.tables().values())));
    }

    /** Who owns what, by role, as nodes are told; safe from any thread. */
    public Map<String, OwnerTable> tables() {
        return desired.data().owners();
    }

    /** The nodes that can own slots of a role now; safe from any thread. */
    public Set<String> members(String role) {
        return members.getOrDefault(role, Set.of());
    }
}
