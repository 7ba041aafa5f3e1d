package com.espra.protoplex.host.process;

import com.espra.protoplex.files.Secret;
import com.espra.protoplex.host.process.cgroup.ChildCgroup;
import com.espra.protoplex.host.process.control.ParentLink;
import com.espra.protoplex.host.process.posix.Signal;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.host.process.spawn.ChildProcess;
import com.espra.protoplex.host.process.spawn.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the processes of children, and knows each by the secret that it was given. */
final class Spawner {

    /** The file in a work folder that has what the process wrote to its standard output and error. */
    static final String OUTPUT = "output.log";

    private static final Logger LOG = LoggerFactory.getLogger(Spawner.class);
    private static final int TOKEN_BYTES = 16;

    private final Children.Settings settings;
    private final Map<String, RunningChild> expected = new ConcurrentHashMap<>();

    Spawner(Children.Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts a child's process.
     *
     * @throws IOException if there is none; nothing is left behind
     */
    ChildProcess start(RunningChild child, Path controlSocket) throws IOException {
        String token = Secret.hex(TOKEN_BYTES);
        expected.put(token, child);
        Files.createDirectory(child.work);
        makeCgroup(child);
        ChildProcess process =
                spawn(child, new ParentLink(controlSocket, token)).start();
        child.process = process;
        try {
            // At once: what it takes before stays with its parent's cgroup.
            enterCgroup(child);
            process.boundOpenFiles(settings.openFiles());
            Leftovers.note(child.work, process.pid());
            return process;
        } catch (IOException e) {
            process.signal(Signal.SIGKILL);
            process.exit().join();
            throw e;
        }
    }

    /** Without one it starts as well: the bounds of the JVM and the supervisor hold. */
    private void makeCgroup(RunningChild child) throws IOException {
        Optional<ChildCgroup> its = settings.cgroups().child(settings.folder().getFileName() + "-" + child.id);
        if (its.isEmpty()) {
            return;
        }
        // Noted before it is there, so that no end of this process leaves one that nobody knows of.
        Leftovers.note(child.work, its.get());
        child.cgroup = its.get();
        try {
            its.get().make(settings.policy().memoryBytes());
        } catch (IOException e) {
            withoutCgroup(child, its.get(), e);
        }
    }

    private static void enterCgroup(RunningChild child) throws IOException {
        ChildCgroup its = child.cgroup;
        if (its == null) {
            return;
        }
        try {
            its.add(child.pid());
        } catch (IOException e) {
            withoutCgroup(child, its, e);
        }
    }

    private static void withoutCgroup(RunningChild child, ChildCgroup its, IOException why) throws IOException {
        LOG.warn("{} runs without a cgroup of its own: {} cannot be used", child, its, why);
        its.discard();
        Leftovers.forgetCgroup(child.work);
        child.cgroup = null;
    }

    private Spawn spawn(RunningChild child, ParentLink link) throws IOException {
        Program.Command command = settings.program().command(child.id, child.revision, child.work);
        Map<String, String> environment = new HashMap<>(command.environment());
        environment.putAll(ListeningSocket.environment(settings.sockets()));
        environment.putAll(link.environment());
        return new Spawn(
                command.arguments(),
                environment,
                child.work,
                child.work.resolve(OUTPUT),
                settings.sockets().stream().map(ListeningSocket::descriptor).toList());
    }

    /**
     * Whose secret this is; it is good once.
     *
     * @throws IOException if it is nobody's
     */
    RunningChild claim(String token) throws IOException {
        RunningChild child = expected.remove(token);
        if (child == null) {
            throw new IOException("it has no valid token");
        }
        return child;
    }

    /** The child is gone. */
    void forget(RunningChild child) {
        expected.values().remove(child);
    }
}
