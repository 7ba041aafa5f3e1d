package com.espra.protoplex.test.command;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.util.Set;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** A fleet of one node, which is a parent and two children that serve the app hello. Tests of a class share it and leave it whole. */
final class TwoChildren implements TestRule {

    static final String NODE = "node-1";

    final Fleet fleet = new Fleet();
    private int patch;
    private String version = "";

    @Override
    public Statement apply(Statement base, Description description) {
        return fleet.apply(base, description);
    }

    /** Before its start: it has the processes that serve, and no more. */
    void withoutStandby() throws IOException {
        fleet.configure(NODE, json -> json.withObjectProperty("child").put("standby", 0));
    }

    /** Before each test: it starts what is not there, for the first time or because a test before has failed. */
    void up() throws Exception {
        if (version.isEmpty() || !Fleet.isRunning(fleet.pid(NODE))) {
            fleet.up("--children", "2");
        }
        if (version.isEmpty()) {
            push();
        }
        awaitServing();
    }

    /** After each test. */
    void assertServes() throws Exception {
        fleet.assertServes("/hello", hello());
    }

    /** The version that was pushed last. */
    String version() {
        return version;
    }

    /** What it answers. */
    String hello() {
        return "hello " + version;
    }

    /** Pushes the next version. */
    void push() throws Exception {
        String next = "1.0." + ++patch;
        fleet.run("push", Apps.hello(next, fleet.root()).toString()).succeeded();
        version = next;
    }

    Set<Long> serving() throws IOException, InterruptedException {
        return fleet.serving(NODE);
    }

    void awaitServing() {
        fleet.awaitServing(NODE, 2);
    }

    void awaitReplaced(long victim) {
        Await.until("a successor of process " + victim + " serves", Fleet.DEADLINE, () -> {
            Set<Long> now = serving();
            return now.size() == 2 && !now.contains(victim);
        });
    }

    /** They visit as soon as this returns. */
    Visitors visitors() {
        Visitors visitors = new Visitors(fleet.port(8080), "/hello");
        visitors.awaitMore(hello());
        return visitors;
    }
}
