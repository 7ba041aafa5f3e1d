package com.espra.protoplex.host.node;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.launch.NodeFramework;
import com.espra.protoplex.host.process.crash.LastEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** A node of one process. */
final class WholeNode {

    private WholeNode() {}

    /** @param lastEnd see {@link LastEnd#take} */
    static void run(Path data, NodeConfiguration configuration, Distribution distribution, String lastEnd)
            throws StartException, InterruptedException {
        NodeConfiguration served =
                ChildGroup.of(configuration, distribution).getFirst().forKind(configuration);
        Map<String, String> properties = Properties.of(data, served, distribution, "node");
        properties.put("protoplex.lastEnd", lastEnd);
        NodeFramework framework = NodeFramework.start(
                data.resolve("framework"),
                distribution.bundles(Distribution.PLATFORM, Distribution.withAdapter(configuration.texts("roles"))),
                properties,
                context -> {});
        Stop.onEnd(
                framework::stop,
                Duration.ofSeconds(configuration.number("stopSeconds")),
                why -> LastEnd.note(data, why));
        CollectorWatch.start(endOf(data));
        framework.await();
    }

    /** Ends this process at once, and has the next one of this node know why. */
    static Consumer<String> endOf(Path data) {
        return why -> Stop.atOnce(why, reason -> LastEnd.note(data, reason));
    }
}
