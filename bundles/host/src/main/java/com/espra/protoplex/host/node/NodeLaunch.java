package com.espra.protoplex.host.node;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.DataLock;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.log.NodeLog;
import com.espra.protoplex.host.process.Leftovers;
import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.crash.LastEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node, by its data folder. */
public final class NodeLaunch {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLaunch.class);

    /** For the framework's cache, what the node says of itself, and its log: bytes. Without it nobody would hear why it does not start. */
    private static final long LEAST_ROOM = 1 << 20;

    private NodeLaunch() {}

    /**
     * Runs it until it is told to stop: in this process alone, or, with {@code children}, as the parent of those that serve.
     *
     * @throws StartException if it cannot start; the message says what to do
     */
    public static void run(Path data, Distribution distribution) throws StartException, InterruptedException {
        // Let go by the kernel, however the process ends.
        DataLock lock = DataLock.take(data);
        requireRoom(data);
        NodeConfiguration configuration = NodeConfiguration.read(data.resolve("node.json"), System.getenv());
        NodeLog.open(data, NodeLog.NODE, configuration);
        LOG.info(
                "Node {} starts as {}, process {}",
                configuration.text("name"),
                configuration.texts("roles"),
                ProcessHandle.current().pid());
        endLeftovers(data, Duration.ofSeconds(configuration.number("stopSeconds")));
        if (configuration.count("children", 1) == 0) {
            WholeNode.run(data, configuration, distribution, LastEnd.take(data, CrashReports.ofNode(data)));
        } else {
            ParentNode.run(data, lock, configuration, distribution);
        }
    }

    /** Only at a start: a parent that takes its node back from a successor that failed does so on a full disk, too. */
    private static void requireRoom(Path data) throws StartException {
        try {
            Disk.requireRoom(data, LEAST_ROOM, 0);
        } catch (DiskFullException e) {
            throw new StartException(e.getMessage() + ". Make room on that disk, and start the node again.", e);
        } catch (IOException e) {
            LOG.debug("How much room there is in {} is not known", data, e);
        }
    }

    /** What earlier parents have left behind ends, but for the children of one that waits for this process to serve. */
    private static void endLeftovers(Path data, Duration grace) throws StartException {
        Path children = data.resolve(ParentNode.CHILDREN);
        OptionalLong predecessor = Predecessor.process(System.getenv());
        try {
            Files.createDirectories(children);
            List<Path> folders;
            try (Stream<Path> list = Files.list(children)) {
                folders = list.filter(Files::isDirectory).toList();
            }
            for (Path folder : folders) {
                boolean waits = predecessor.isPresent()
                        && folder.getFileName().toString().equals(Long.toString(predecessor.getAsLong()));
                if (!waits) {
                    Leftovers.endBelow(folder, grace);
                }
            }
        } catch (IOException e) {
            throw new StartException(
                    "what an earlier process left in " + children + " cannot be cleared away: " + e.getMessage(), e);
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
