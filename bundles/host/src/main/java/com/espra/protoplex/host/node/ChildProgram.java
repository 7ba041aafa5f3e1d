package com.espra.protoplex.host.node;

import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.log.NodeLog;
import com.espra.protoplex.host.process.Program;
import com.espra.protoplex.host.process.crash.CrashReports;
import com.espra.protoplex.host.process.supervise.ChildId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the children of a group run: for each revision, a distribution and a configuration. */
final class ChildProgram implements Program {

    private static final List<String> NOT_INHERITED = List.of("LISTEN_", "PARENT_", "PROTOPLEX_");

    private final Path data;
    private final Map<Integer, Revision> revisions = new ConcurrentHashMap<>();

    /**
     * What a child is made from.
     *
     * @param home the distribution
     * @param node the node's whole configuration
     * @param group the group as this distribution and this configuration have it
     */
    record Revision(Path home, NodeConfiguration node, ChildGroup group) {}

    ChildProgram(Path data, int number, Revision first) {
        this.data = data;
        revisions.put(number, first);
    }

    void add(int number, Revision revision) {
        revisions.put(number, revision);
    }

    /** Only these revisions can still be asked for. */
    void forgetAllBut(int number) {
        revisions.keySet().removeIf(each -> each != number);
    }

    @Override
    public Command command(ChildId child, int number, Path work) throws IOException {
        Revision revision = revisions.get(number);
        if (revision == null) {
            throw new IOException("there is no revision " + number);
        }
        ChildGroup group = revision.group();
        Path configuration = work.resolve("node.json");
        Files.writeString(configuration, group.configuration(revision.node()).json());
        List<String> arguments = List.of(
                "--data",
                data.toString(),
                "--child",
                group.nameOf(child),
                "--slot",
                group.slotName(child),
                "--roles",
                String.join(",", group.roles()),
                "--configuration",
                configuration.toString());
        return new Command(
                new Jvm(revision.home())
                        .command(
                                List.of(Jvm.SERVING_OPTIONS, Jvm.CHILD_OPTIONS),
                                options(revision.node(), work),
                                arguments),
                environment());
    }

    private static List<String> options(NodeConfiguration node, Path work) {
        List<String> options = new ArrayList<>();
        options.add("-Xmx" + node.number("child.heapBytes"));
        options.add("-XX:MaxDirectMemorySize=" + node.number("child.directBytes"));
        // It may start on one of them alone, and get the others when it serves.
        options.add("-XX:ActiveProcessorCount=" + Runtime.getRuntime().availableProcessors());
        options.addAll(CrashReports.jvmOptions(work));
        options.addAll(node.texts("jvm.options"));
        return options;
    }

    /** Apps may need what the node was started with. The configuration has taken in the variables that are the node's own. */
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> NOT_INHERITED.stream().anyMatch(name::startsWith));
        return environment;
    }

    @Override
    public String nameOf(ChildId child) {
        return revisions.values().iterator().next().group().nameOf(child);
    }

    @Override
    public List<Path> logs(ChildId child) {
        return revisions.values().stream()
                .map(revision -> NodeLog.file(data, revision.group().slotName(child)))
                .distinct()
                .toList();
    }
}
