package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.state.KnownNode;
import com.espra.protoplex.seed.state.NodeOrder;
import com.espra.protoplex.seed.state.PlannedOutage;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/** How nodes are to serve, as JSON. */
final class StandingViews {

    private static final int MAX_NAMED = 100;

    private StandingViews() {}

    static ObjectNode order(NodeOrder order) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("order", order.what().toLowerCase(Locale.ROOT));
        json.put(
                "ordered",
                order.changed().equals(Instant.EPOCH) ? "" : order.changed().toString());
        return json;
    }

    /** What a node is to do, and how far it is. */
    static void addTo(ObjectNode json, KnownNode node, Fleet fleet) {
        NodeOrder order = fleet.data().orders().of(node.node());
        json.setAll(order(order));
        LinkFrame.Drain drain = node.drain();
        // What it told of an order before is no answer to this one.
        boolean answers =
                order.told().drains() && drain.order() == order.changed().toEpochMilli();
        ObjectNode told = json.putObject("drain");
        told.put("state", (answers ? drain.state() : LinkFrame.Drain.SERVES).toLowerCase(Locale.ROOT));
        ArrayNode left = told.putArray("left");
        if (answers) {
            drain.left().forEach(left::add);
        }
    }

    static ObjectNode outage(PlannedOutage outage) {
        Instant until = outage.until();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("app", outage.app());
        json.put("region", outage.region());
        json.put("readOnly", outage.readOnly());
        json.put("since", outage.since().toString());
        json.put("until", until == null ? "" : until.toString());
        json.put("message", outage.message());
        json.put("by", outage.by());
        return json;
    }

    /** What an operator should see at the first look. */
    static void addTo(ObjectNode status, Fleet fleet) {
        ArrayNode absent = status.putArray("absent");
        new TreeMap<>(fleet.nodes())
                .values().stream()
                        .filter(node -> !node.connected())
                        .limit(MAX_NAMED)
                        .forEach(node -> absent.addObject()
                                .put("node", node.node())
                                .put("since", node.since().toString()));
        ArrayNode standing = status.putArray("standing");
        new TreeMap<>(fleet.nodes())
                .values().stream()
                        .filter(node -> !fleet.data().orders().of(node.node()).serves())
                        .limit(MAX_NAMED)
                        .forEach(node -> addTo(standing.addObject().put("node", node.node()), node, fleet));
        ArrayNode outages = status.putArray("maintenance");
        fleet.data().orders().outages().forEach(each -> outages.add(outage(each)));
    }
}
