package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.supervise.ChildId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a child runs. */
@FunctionalInterface
public interface Program {

    /**
     * The command of a child. Its process gets the listening sockets and the way to its parent besides.
     *
     * @param child which
     * @param revision of what: counts the upgrades
     * @param work its work folder, which is its working folder, too; kept if it crashes, deleted otherwise
     * @throws IOException if it cannot be told; this counts as a failed start
     */
    Command command(ChildId child, int revision, Path work) throws IOException;

    /** The name by which people know a child. */
    default String nameOf(ChildId child) {
        return child.toString();
    }

    /** The log files of a child, whose last lines belong into its crash report. */
    default List<Path> logs(ChildId child) {
        return List.of();
    }

    /**
     * A command.
     *
     * @param arguments the first is the program, by its path
     * @param environment all that it has
     */
    record Command(List<String> arguments, Map<String, String> environment) {}
}
