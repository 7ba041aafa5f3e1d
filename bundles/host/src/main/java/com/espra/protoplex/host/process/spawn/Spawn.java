package com.espra.protoplex.host.process.spawn;

import com.espra.protoplex.host.process.posix.Posix;
import com.espra.protoplex.host.process.posix.PosixException;
import com.espra.protoplex.host.process.posix.PosixSpawn;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process to start: what {@link ProcessBuilder} cannot, it inherits descriptors. Of this process it gets those that are named and
 * nothing else.
 *
 * @param arguments the first is the program, by its path
 * @param environment all of its environment; nothing of this process's is added
 * @param folder its working folder
 * @param output the file that its standard output and error are appended to; its standard input is empty
 * @param descriptors descriptors of this process; the child has them at {@link #FIRST_DESCRIPTOR}, FIRST_DESCRIPTOR + 1, ...
 */
public record Spawn(
        List<String> arguments, Map<String, String> environment, Path folder, Path output, List<Integer> descriptors) {

    /** Where inherited descriptors begin, as in systemd's socket activation (sd_listen_fds(3)). */
    public static final int FIRST_DESCRIPTOR = 3;

    /** A copy is kept. */
    public Spawn {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        descriptors = List.copyOf(descriptors);
        if (arguments.isEmpty() || !arguments.getFirst().contains(File.separator)) {
            throw new IllegalArgumentException("the program must be named by its path, not " + arguments);
        }
    }

    /**
     * Starts it.
     *
     * @throws PosixException if the program, the folder or the output cannot be used, or a limit is reached
     */
    public ChildProcess start() throws PosixException {
        int end = FIRST_DESCRIPTOR + descriptors.size();
        List<Integer> sources = new ArrayList<>();
        try (PosixSpawn spawn = new PosixSpawn()) {
            spawn.openToRead(0, "/dev/null");
            spawn.openToAppend(1, output.toString());
            spawn.dup2(1, 2);
            for (int descriptor : descriptors) {
                // From above all targets, so that no target is a source that is yet to be copied.
                sources.add(Posix.duplicate(descriptor, end));
                spawn.dup2(sources.getLast(), FIRST_DESCRIPTOR + sources.size() - 1);
            }
            spawn.closeFrom(end);
            spawn.changeFolder(folder.toString());
            return ChildProcess.watch(spawn.start(arguments, texts()));
        } finally {
            for (int source : sources) {
                Posix.close(source);
            }
        }
    }

    private List<String> texts() {
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
