package com.espra.protoplex.host.node;

import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.host.process.control.ControlChannel;
import com.espra.protoplex.host.process.control.ControlFrame;
import com.espra.protoplex.host.process.control.ControlSocket;
import com.espra.protoplex.host.process.control.ParentLink;
import com.espra.protoplex.host.process.posix.PosixException;
import com.espra.protoplex.host.process.posix.Signal;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.host.process.spawn.ChildProcess;
import com.espra.protoplex.host.process.spawn.ExitStatus;
import com.espra.protoplex.host.process.spawn.Spawn;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The parent that is to take over from this one: a process with the same sockets, of another distribution perhaps. */
final class Successor {

    private static final int TOKEN_BYTES = 32;

    private final Path data;
    private final List<ListeningSocket> sockets;

    Successor(Path data, List<ListeningSocket> sockets) {
        this.data = data;
        this.sockets = sockets;
    }

    /**
     * Starts it, and waits until it says that it serves.
     *
     * @return its process
     * @throws IOException if it does not; it does not run any more then, and the message is for people
     */
    ProcessRef start(Path home, Duration within) throws IOException {
        String token = Secret.hex(TOKEN_BYTES);
        CompletableFuture<Void> serves = new CompletableFuture<>();
        // In a folder that a successor leaves alone.
        Path mine = data.resolve("children")
                .resolve(Long.toString(ProcessHandle.current().pid()));
        try (ControlSocket door = new ControlSocket(mine, (channel, hello) -> {
            if (!hello.token().equals(token)) {
                throw new IOException("it has no valid token");
            }
            new ControlChannel("successor", channel, new Ear(serves)).open();
        })) {
            ChildProcess process =
                    spawn(home, new ParentLink(door.path(), token)).start();
            var _ = process.exit().thenAccept(status -> serves.completeExceptionally(ended(status)));
            await(serves, process, within);
            return ProcessHandle.of(process.pid())
                    .map(ProcessRef::of)
                    .orElseThrow(() -> new IOException("it ended as soon as it served: its log says why"));
        }
    }

    private Spawn spawn(Path home, ParentLink link) throws IOException {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("LISTEN_"));
        environment.put(
                Predecessor.PROCESS, Long.toString(ProcessHandle.current().pid()));
        environment.putAll(ListeningSocket.environment(sockets));
        environment.putAll(link.environment());
        return new Spawn(
                command(home),
                environment,
                data,
                data.resolve("log/console.log"),
                sockets.stream().map(ListeningSocket::descriptor).toList());
    }

    private List<String> command(Path home) throws IOException {
        try {
            return new Jvm(home).command(List.of(Jvm.PARENT_OPTIONS), List.of(), List.of("--data", data.toString()));
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "the distribution in " + home + " is incomplete: " + e.getFile() + " is missing. Install it again",
                    e);
        }
    }

    private static void await(CompletableFuture<Void> serves, ChildProcess process, Duration within)
            throws IOException {
        try {
            serves.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(cause.getMessage(), e);
        } catch (TimeoutException e) {
            end(process);
            throw new IOException("it did not serve within " + within.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(process);
            throw new IOException("this process was interrupted", e);
        }
    }

    /** Its own children notice that it is gone, and end. */
    private static void end(ChildProcess process) throws PosixException {
        process.signal(Signal.SIGKILL);
        process.exit().join();
    }

    private static IOException ended(ExitStatus status) {
        return new IOException("it ended with " + status.text() + " before it served: its log says why");
    }

    /** Hears one word. */
    private record Ear(CompletableFuture<Void> serves) implements ControlChannel.Receiver {

        @Override
        public void received(ControlChannel from, ControlFrame frame) throws IOException {
            if (!(frame instanceof ControlFrame.Serving)) {
                throw new IOException("a successor does not say " + frame);
            }
            serves.complete(null);
        }

        @Override
        public void ended(ControlChannel channel, String reason) {
            // Its exit is what counts.
        }
    }
}
