package com.espra.protoplex.host.node;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.DataLock;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.log.NodeLog;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node, by its data folder. */
public final class Node {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private Node() {}

    /**
     * Runs it until it is told to stop: in this process alone, or, with {@code children}, as the parent of those that serve.
     *
     * @throws StartException if it cannot start; the message says what to do
     */
    public static void run(Path data, Distribution distribution) throws StartException, InterruptedException {
        // Held until the process ends, and let go by the kernel.
        @SuppressWarnings("unused")
        DataLock lock = DataLock.take(data);
        NodeConfiguration configuration = NodeConfiguration.read(data.resolve("node.json"), System.getenv());
        NodeLog.open(data, NodeLog.NODE, configuration);
        LOG.info(
                "Node {} starts as {}, process {}",
                configuration.text("name"),
                configuration.texts("roles"),
                ProcessHandle.current().pid());
        if (configuration.count("children", 1) == 0) {
            WholeNode.run(data, configuration, distribution);
        } else {
            ParentNode.run(data, configuration, distribution);
        }
    }

    /**
     * Runs a child.
     *
     * @throws StartException if it cannot start
     */
    public static void runChild(ChildNode.Arguments arguments, Distribution distribution)
            throws StartException, InterruptedException {
        NodeConfiguration configuration = NodeConfiguration.readEffective(arguments.configuration());
        NodeLog.open(arguments.data(), arguments.slot(), configuration);
        LOG.info(
                "{} starts as {}, process {}",
                arguments.name(),
                arguments.roles(),
                ProcessHandle.current().pid());
        ChildNode.run(arguments, configuration, distribution);
    }
}
