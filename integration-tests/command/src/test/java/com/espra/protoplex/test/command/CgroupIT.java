package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.espra.protoplex.test.support.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** A node that was given a cgroup: each of its children has one below it. */
public class CgroupIT {

    private static final String NODE = "node-1";

    private final OwnCgroup given = new OwnCgroup();
    private final Fleet fleet = new Fleet();

    /** What ends the fleet comes before what ends the rest. */
    @Rule
    public final RuleChain both = RuleChain.outerRule(given).around(fleet);

    @Test
    public void eachChildHasOneWhichEndsWithIt() throws Exception {
        fleet.configure(
                NODE,
                node -> node.withObjectProperty("child")
                        .put("cgroup", given.folder().toString()));
        fleet.up("--children", "2");
        awaitEachInOneOfItsOwn();
        assertFalse(
                "the parent stays where it was", OwnCgroup.of(fleet.pid(NODE)).startsWith(given.folder()));

        long victim = fleet.serving(NODE).iterator().next();
        Path its = OwnCgroup.of(victim);
        ProcessHandle.of(victim).orElseThrow().destroyForcibly();
        Await.until("it is missed", Fleet.DEADLINE, () -> !fleet.serving(NODE).contains(victim));
        assertFalse("its cgroup is gone", Files.exists(its));
        awaitEachInOneOfItsOwn();

        fleet.run("down").succeeded();
        assertEquals("none stays", List.of(), given.children());
    }

    /** Two that serve, one that stands by, and the Seed's. */
    private void awaitEachInOneOfItsOwn() {
        Await.until("each of four children is alone in a cgroup", Fleet.DEADLINE, () -> {
            Set<Long> children = fleet.children(NODE);
            Set<Path> groups = new TreeSet<>();
            for (long child : children) {
                Path its = OwnCgroup.of(child);
                assertEquals(given.folder(), its.getParent());
                assertEquals(List.of(Long.toString(child)), Files.readAllLines(its.resolve("cgroup.procs")));
                groups.add(its);
            }
            assertEquals(List.copyOf(groups), given.children());
            return children.size() == 4 && fleet.serving(NODE).size() == 2;
        });
    }
}
