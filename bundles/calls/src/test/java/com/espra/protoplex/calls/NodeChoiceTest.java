package com.espra.protoplex.calls;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.directory.FleetNode.ServedUnit;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.calls.send.NodeChoice;
import com.espra.protoplex.calls.wire.Credentials;
import com.espra.protoplex.calls.wire.FleetToken;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.Test;

public class NodeChoiceTest {

    private static final Credentials CREDENTIALS = new Credentials(new FleetToken("link.token"), null);

    private final Map<String, FleetNode> nodes = new TreeMap<>();
    private final NodeChoice choice = new NodeChoice("self", false, CREDENTIALS, new Random(7));

    private void add(String name, String version, boolean connected, String health) {
        nodes.put(
                name,
                new FleetNode(
                        name,
                        "",
                        Set.of("mail"),
                        Map.of("meta", "http://127.0.0.1:8050"),
                        version.isEmpty() ? Map.of() : Map.of("mail", new ServedUnit(version, List.of())),
                        connected,
                        Instant.EPOCH,
                        health));
    }

    private FleetSnapshot snapshot() {
        return new FleetSnapshot(1, 1, Instant.EPOCH, nodes);
    }

    private static List<String> names(List<FleetNode> chosen) {
        return chosen.stream().map(FleetNode::name).toList();
    }

    /** What this process does not have another child of its node may have. */
    @Test
    public void aChildAsksItsOwnNodeFirst() {
        NodeChoice ofAChild = new NodeChoice("self", true, CREDENTIALS, new Random(7));
        add("other", "1.0.0", true, "HEALTHY");
        add("self", "1.0.0", true, "DEGRADED");
        FleetSnapshot both = snapshot();
        assertEquals(List.of("self", "other"), names(ofAChild.choose(both, "mail", _ -> 0)));
        assertEquals("in a node of one process", List.of("other"), names(choice.choose(both, "mail", _ -> 0)));
        nodes.clear();
        add("self", "", true, "HEALTHY");
        add("other", "1.0.0", true, "HEALTHY");
        assertEquals(
                "where it does not serve yet",
                List.of("other", "self"),
                names(ofAChild.choose(snapshot(), "mail", _ -> 0)));
    }

    @Test
    public void aDrainedNodeIsNotCalledThoughItIsTheOnlyOne() {
        add("drained", "1.0.0", true, "HEALTHY");
        FleetNode one = nodes.get("drained");
        nodes.put(
                "drained",
                new FleetNode(
                        one.name(),
                        one.region(),
                        one.roles(),
                        one.addresses(),
                        one.units(),
                        one.connected(),
                        one.since(),
                        one.health(),
                        true));
        assertEquals(List.of(), choice.choose(snapshot(), "mail", _ -> 0));
        add("ill", "1.0.0", true, "DEGRADED");
        assertEquals(List.of("ill"), names(choice.choose(snapshot(), "mail", _ -> 0)));
    }

    @Test
    public void whoeverIsWellComesBeforeWhoeverIsNot() {
        add("self", "1.0.0", true, "HEALTHY");
        add("away", "1.0.0", false, "HEALTHY");
        add("placed", "", true, "HEALTHY");
        FleetSnapshot two = snapshot();
        assertEquals(Set.of("away", "placed"), new TreeSet<>(names(choice.choose(two, "mail", _ -> 0))));
        add("ill", "1.0.0", true, "DEGRADED");
        FleetSnapshot three = snapshot();
        assertEquals("ill", names(choice.choose(three, "mail", _ -> 0)).getFirst());
        add("well", "1.0.0", true, "HEALTHY");
        FleetSnapshot four = snapshot();
        assertEquals(List.of("well", "ill"), names(choice.choose(four, "mail", _ -> 0)));
        assertEquals(List.of(), choice.choose(four, "nothing", _ -> 0));
    }

    @Test
    public void ofTwoTheOneWithFewerCallsIsFirstAndAllGetTheirShare() {
        for (int i = 0; i < 10; i++) {
            add("node-" + i, "1.0.0", true, "HEALTHY");
        }
        FleetSnapshot fleet = snapshot();
        Map<String, Integer> first = new TreeMap<>();
        for (int i = 0; i < 10_000; i++) {
            List<String> two = names(choice.choose(fleet, "mail", name -> name.equals("node-3") ? 50 : 1));
            assertEquals(2, Set.copyOf(two).size());
            first.merge(two.getFirst(), 1, Integer::sum);
        }
        assertEquals(
                "the busy one is never first", Set.of(), first.keySet().contains("node-3") ? first.keySet() : Set.of());
        assertEquals(9, first.size());
        first.forEach((name, count) -> assertTrue(name + " " + count, count > 700 && count < 1500));
    }
}
