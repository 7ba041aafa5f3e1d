package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Rule;
import org.junit.Test;

/** The role of the handbook that owns keys, on two nodes. */
public class OwnersIT {

    private static final int ROOMS = 40;

    @Rule
    public final Fleet fleet = new Fleet();

    private static final String COMPONENT = "@Component(service = {Servlet.class, SlotHolder.class}";

    private static String standing() {
        String component = Handbook.example("writing-roles.md", "standing").strip();
        return component.replace("@Component(", COMPONENT + ", ");
    }

    private Path rooms(String version, String component) throws IOException {
        Path target = Files.createDirectories(fleet.root().resolve("rooms-" + version));
        TestBundle.named("rooms")
                .version(version)
                .source(Handbook.example("writing-roles.md", "rooms").replace(COMPONENT + ")", component))
                .build(target);
        return Files.writeString(target.resolve("rooms.json"), """
                {"feature-resource-version": "1.0", "id": "com.example:rooms:%1$s",
                 "bundles": [{"id": "com.example:rooms:%1$s"}],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "role"}}}}
                """.formatted(version));
    }

    private String visit(String node, int room) throws Exception {
        return fleet.get(URI.create(fleet.address(node, "http") + "/rooms?room=room-" + room))
                .body();
    }

    /** The nodes that own rooms, when of each room one node says that it owns it, and the other that this one does. */
    private Set<String> owners() throws Exception {
        Set<String> owners = new TreeSet<>();
        for (int room = 0; room < ROOMS; room++) {
            String one = visit("node-1", room);
            String other = visit("node-2", room);
            boolean agree = (one.endsWith(" on node-1") && other.equals("this room is on node-1"))
                    || (other.endsWith(" on node-2") && one.equals("this room is on node-2"));
            if (!agree) {
                return Set.of();
            }
            owners.add(one.endsWith("node-1") ? "node-1" : "node-2");
        }
        return owners;
    }

    @Test
    public void everyKeyHasOneOwnerAlsoWhenNodesComeAndGoAndTheRoleIsSwapped() throws Exception {
        fleet.up("--nodes", "2");
        fleet.run("push", rooms("1.0.0", COMPONENT + ")").toString()).succeeded();
        fleet.run("role", "add", "node-1", "rooms").succeeded();
        Await.until(
                "node-1 owns all",
                Fleet.DEADLINE,
                () -> visit("node-1", 1).startsWith("visit")
                        && visit("node-1", 2).startsWith("visit"));
        fleet.run("role", "add", "node-2", "rooms").succeeded();
        Await.until("both own some", Fleet.DEADLINE, () -> owners().equals(Set.of("node-1", "node-2")));

        fleet.run("push", rooms("1.1.0", standing()).toString()).succeeded();
        Await.until("both own some still", Fleet.DEADLINE, () -> owners().equals(Set.of("node-1", "node-2")));
        Await.until(
                "the new version goes on without the Seed",
                Fleet.DEADLINE,
                () -> fleet.run("owners", "--json").succeeded().output().contains("\"standing\""));
        String shown = fleet.run("owners", "rooms").succeeded().output();
        assertTrue(shown, shown.contains("node-1") && shown.contains("node-2") && shown.contains("owns"));

        fleet.run("role", "remove", "node-1", "rooms").succeeded();
        Await.until("node-2 owns all", Fleet.DEADLINE, () -> {
            for (int room = 0; room < ROOMS; room++) {
                if (!visit("node-2", room).endsWith(" on node-2")) {
                    return false;
                }
            }
            return true;
        });
        String known = fleet.run("shell", "node-1", "node:owner", "rooms", "lobby")
                .succeeded()
                .output();
        assertTrue(known, known.contains("node-2"));
        assertEquals("no role of that name", 0, fleet.run("owners", "nothing").status());
    }
}
