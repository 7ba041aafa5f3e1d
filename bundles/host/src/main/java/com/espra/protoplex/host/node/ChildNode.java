package com.espra.protoplex.host.node;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.launch.NodeFramework;
import com.espra.protoplex.host.process.ChildSide;
import com.espra.protoplex.host.process.control.ParentLink;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child: a framework with the bundles of some roles, which serves from sockets that its parent holds. */
public final class ChildNode implements ChildSide.Work {

    private static final Logger LOG = LoggerFactory.getLogger(ChildNode.class);

    private final Arguments arguments;
    private final NodeConfiguration configuration;
    private final Duration stopWithin;
    private final TopicServices topics = new TopicServices();
    private final CompletableFuture<NodeFramework> framework = new CompletableFuture<>();

    /**
     * What a parent tells a child on its command line.
     *
     * @param data the node's data folder
     * @param name the child's
     * @param slot the name of its place
     * @param roles what it does
     * @param configuration the file that has its part of the node's configuration
     */
    public record Arguments(Path data, String name, String slot, List<String> roles, Path configuration) {}

    private ChildNode(Arguments arguments, NodeConfiguration configuration) {
        this.arguments = arguments;
        this.configuration = configuration;
        this.stopWithin = Duration.ofSeconds(configuration.number("stopSeconds"));
    }

    /** Runs it, until it is told to end or the parent is gone. */
    public static void run(Arguments arguments, NodeConfiguration configuration, Distribution distribution)
            throws StartException, InterruptedException {
        ChildNode child = new ChildNode(arguments, configuration);
        try {
            child.run(distribution);
        } catch (IOException e) {
            throw new StartException("the child has no way to its parent: " + e.getMessage(), e);
        }
    }

    private void run(Distribution distribution) throws StartException, IOException, InterruptedException {
        // The native calls of the first channel take their time; meanwhile the framework can start.
        CompletableFuture<List<Inherited>> sockets = CompletableFuture.supplyAsync(ChildNode::sockets);
        ParentLink link = ParentLink.of(System.getenv())
                .orElseThrow(() -> new StartException("a child is started by its parent, and by nobody else"));
        ChildSide side = ChildSide.connect(link, this, stopWithin);
        Map<String, String> properties = Properties.of(arguments.data(), configuration, distribution, "child");
        properties.put("protoplex.child", arguments.name());
        properties.put("protoplex.slot", arguments.slot());
        NodeFramework started = NodeFramework.start(
                arguments.configuration().resolveSibling("framework"),
                distribution.bundles(Distribution.CHILD, arguments.roles()),
                properties,
                context -> offer(context, side, sockets.join()));
        framework.complete(started);
        Stop.onEnd(
                within -> {
                    side.leaving();
                    return started.stop(within);
                },
                stopWithin,
                why -> {});
        // The parent finds why in the log.
        CollectorWatch.start(why -> Stop.atOnce(why, reason -> {}));
        started.await();
    }

    /** A listener's socket, and where it truly is. */
    private record Inherited(ListeningSocket socket, ServerSocketChannel channel) {}

    private static List<Inherited> sockets() {
        List<Inherited> inherited = new ArrayList<>();
        try {
            for (ListeningSocket socket : ListeningSocket.inherited(System.getenv())) {
                inherited.add(new Inherited(socket, socket.channel()));
            }
            return inherited;
        } catch (IOException e) {
            throw new IllegalStateException("the parent's listening sockets cannot be used: " + e.getMessage(), e);
        }
    }

    private void offer(BundleContext context, ChildSide side, List<Inherited> sockets) {
        for (Inherited each : sockets) {
            context.registerService(
                    ServerSocketChannel.class,
                    each.channel(),
                    FrameworkUtil.asDictionary(Map.of(
                            "protoplex.listener", each.socket().name(),
                            "protoplex.port", each.socket().address().getPort())));
        }
        Peer parent = (topic, body) -> askParent(side, topic, body);
        context.registerService(Peer.class, parent, FrameworkUtil.asDictionary(Map.of(Peer.NAME, Peer.PARENT)));
        topics.open(context);
    }

    private static CompletableFuture<Map<String, Object>> askParent(
            ChildSide side, String topic, Map<String, Object> body) {
        switch (topic) {
            case "prepared" -> side.prepared();
            case "unwell" -> side.unwell(String.valueOf(body.get("reason")));
            default -> {
                return side.call(topic, body, TopicServices.FOR_AN_ANSWER);
            }
        }
        return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public void serve() throws IOException {
        topics.call("serve", Map.of());
    }

    @Override
    public void drain(Duration within) {
        NodeFramework started = framework.getNow(null);
        if (started != null && !started.stop(within)) {
            LOG.error("The child did not drain within {} ms", within.toMillis());
            Runtime.getRuntime().halt(1);
        }
    }

    @Override
    public Map<String, Object> called(String topic, Map<String, Object> body) throws IOException {
        return topics.call(topic, body);
    }

    @Override
    public void told(String topic, Map<String, Object> body) {
        LOG.warn("The parent told something that nobody here understands: {}", topic);
    }
}
