package com.espra.protoplex.cli.seed;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.local.FleetDir;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LinkWatchTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(1);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static ObjectNode nodes(boolean second) {
        ObjectNode nodes = JsonTree.object();
        var array = nodes.putArray("nodes");
        array.addObject().put("node", "node-1").put("connected", true);
        array.addObject().put("node", "node-2").put("connected", second);
        return nodes;
    }

    @Test
    public void thoseThatDoNotComeAreNamedAndThoseThatComeAreWaitedFor() throws Exception {
        try (FakeSeed seed = new FakeSeed()) {
            SeedClient client =
                    SeedClient.of(new FleetDir(seed.fleet(folder.getRoot().toPath())));
            seed.data.put("/v1/nodes", nodes(false));
            assertEquals(Set.of(), new LinkWatch(client, LONG).await(List.of("node-1")));
            assertEquals(
                    Set.of("node-2", "node-3"),
                    new LinkWatch(client, SHORT).await(List.of("node-1", "node-2", "node-3")));

            Thread comes = Thread.ofPlatform().start(() -> {
                while (seed.requests.size() < 6) {
                    Thread.onSpinWait();
                }
                seed.data.put("/v1/nodes", nodes(true));
            });
            assertEquals(Set.of(), new LinkWatch(client, LONG).await(List.of("node-1", "node-2")));
            comes.join();
        }
    }

    @Test
    public void aSeedThatDoesNotAnswerIsNotWaitedFor() throws Exception {
        SeedClient client;
        try (FakeSeed seed = new FakeSeed()) {
            client = SeedClient.of(new FleetDir(seed.fleet(folder.getRoot().toPath())));
        }
        assertEquals(Set.of(), new LinkWatch(client, LONG).await(List.of("node-1")));
    }
}
