package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.fleet.owner.SlotRanges;
import com.espra.protoplex.fleet.owner.SlotTransfer;
import com.espra.protoplex.seed.owner.Ownerships;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who owns which slots of roles. */
final class OwnersApi {

    private final Ownerships owners;

    OwnersApi(Ownerships owners) {
        this.owners = owners;
    }

    List<ApiOperation> routes() {
        return List.of(new ApiOperation("GET", "/v1/owners", Access.READ, this::all));
    }

    private void all(ApiExchange exchange) throws Exception {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode roles = json.putArray("roles");
        new TreeMap<>(owners.tables()).values().forEach(table -> role(roles.addObject(), table));
        exchange.answer(200, json);
    }

    private void role(ObjectNode json, OwnerTable table) {
        Set<String> members = owners.members(table.role());
        int owned = table.owners().values().stream()
                .mapToInt(slots -> SlotRanges.read(slots).cardinality())
                .sum();
        json.put("role", table.role())
                .put("owned", table.owned())
                .put("epoch", table.epoch())
                .put("slots", SlotRanges.COUNT)
                .put("unowned", SlotRanges.COUNT - owned);
        Set<String> nodes = new TreeSet<>(table.owners().keySet());
        nodes.addAll(members);
        ArrayNode list = json.putArray("nodes");
        for (String node : nodes) {
            String slots = table.owners().getOrDefault(node, "");
            list.addObject()
                    .put("node", node)
                    .put("canOwn", members.contains(node))
                    .put("count", SlotRanges.read(slots).cardinality())
                    .put("slots", slots);
        }
        ArrayNode transfers = json.putArray("transfers");
        for (SlotTransfer transfer : table.transfers()) {
            transfers
                    .addObject()
                    .put("from", transfer.from())
                    .put("to", transfer.to())
                    .put("phase", transfer.phase().name().toLowerCase(Locale.ROOT))
                    .put("count", transfer.set().cardinality())
                    .put("slots", transfer.slots());
        }
    }
}
