package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.cgroup.Cgroups;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A parent of two children, to be killed; the second argument is the setting of its cgroups: says its port and its children, and waits. */
public final class TestParent {

    private TestParent() {}

    @SuppressWarnings("resource") // It is to be killed.
    public static void main(String[] arguments) throws Exception {
        Node node = new Node(Path.of(arguments[0]), 2, Cgroups.open(arguments.length > 1 ? arguments[1] : Cgroups.OFF));
        StringBuilder line = new StringBuilder().append(node.a.address().getPort());
        node.awaitServing(2).forEach(child -> line.append(' ').append(child.pid()));
        System.out.println(line);
        new CountDownLatch(1).await();
    }
}
