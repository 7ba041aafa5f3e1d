package com.espra.protoplex.host.process.control;

import com.espra.protoplex.host.process.control.ControlFrame.Hello;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where children reach their parent: a Unix domain socket in a folder that is this user's alone. */
public final class ControlSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    /** The kernel's bound is 107 bytes. */
    private static final int PATH_BYTES = 100;

    private static final int STRANGERS = 64;
    private static final int HELLO_SECONDS = 5;

    private final Path folder;
    private final Path path;
    private final ServerSocketChannel server;
    private final Door door;
    private final Semaphore strangers = new Semaphore(STRANGERS);
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("control-hello").factory());

    /** Decides who may come in. */
    @FunctionalInterface
    public interface Door {

        /**
         * A connection has said hello. It is closed when this throws.
         *
         * @throws IOException if it is not welcome
         */
        void hello(SocketChannel channel, Hello hello) throws IOException;
    }

    /**
     * Listens in a folder of its own.
     *
     * @param beside where the folder is made, if its path is not too long for a socket; otherwise in the system's temporary folder
     */
    public ControlSocket(Path beside, Door door) throws IOException {
        this.door = door;
        Files.createDirectories(beside);
        Path near = Files.createTempDirectory(beside, "c");
        if (near.resolve("s").toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES) {
            Files.delete(near);
            near = Files.createTempDirectory("protoplex");
        }
        // createTempDirectory makes it readable for its owner alone.
        this.folder = near;
        this.path = near.resolve("s");
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofPlatform().daemon().name("control-accept").start(this::accept);
    }

    /** The socket's path. */
    public Path path() {
        return path;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel stranger = server.accept();
                if (strangers.tryAcquire()) {
                    Thread.ofPlatform().daemon().name("control-hello").start(() -> welcome(stranger));
                } else {
                    stranger.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("A child could not be let in", e);
            }
        }
    }

    private void welcome(SocketChannel stranger) {
        var late = deadlines.schedule(() -> close(stranger), HELLO_SECONDS, TimeUnit.SECONDS);
        try {
            ControlFrame first = ControlFrameCodec.read(stranger).orElseThrow(() -> new IOException("it said nothing"));
            if (!(first instanceof Hello hello)) {
                throw new IOException("it did not say hello first");
            }
            if (hello.protocol() != ControlFrame.PROTOCOL) {
                throw new IOException("it speaks protocol " + hello.protocol() + ", and this process speaks "
                        + ControlFrame.PROTOCOL);
            }
            late.cancel(false);
            door.hello(stranger, hello);
        } catch (IOException e) {
            LOG.warn("Somebody who is no child of this process was turned away from {}: {}", path, e.getMessage());
            close(stranger);
        } finally {
            late.cancel(false);
            strangers.release();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a connection failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        deadlines.shutdownNow();
        server.close();
        Files.deleteIfExists(path);
        Files.deleteIfExists(folder);
    }
}
