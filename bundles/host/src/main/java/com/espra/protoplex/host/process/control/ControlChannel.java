package com.espra.protoplex.host.process.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Either end of the connection between parent and child. Frames are received one after the other, on a thread of the channel; sending
 * never blocks. Safe for any thread.
 */
public final class ControlChannel implements AutoCloseable {

    /** What a peer that does not read may leave unsent: beyond it, it counts as lost. */
    private static final int UNSENT_FRAMES = 1024;

    private final String name;
    private final SocketChannel channel;
    private final Receiver receiver;
    private final BlockingQueue<ControlFrame> unsent = new ArrayBlockingQueue<>(UNSENT_FRAMES);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread writer;
    private final Thread reader;

    /** Who gets what comes. */
    public interface Receiver {

        /** A frame has come. May take its time: the next one waits. An exception ends the channel. */
        void received(ControlChannel from, ControlFrame frame) throws IOException;

        /**
         * Nothing more comes or goes. Called once.
         *
         * @param reason for people
         */
        void ended(ControlChannel channel, String reason);
    }

    /**
     * Takes a connected channel over; nothing happens before {@link #open}.
     *
     * @param name of the other end, for people
     */
    public ControlChannel(String name, SocketChannel channel, Receiver receiver) {
        this.name = name;
        this.channel = channel;
        this.receiver = receiver;
        this.writer = Thread.ofPlatform().daemon().name("control-to-" + name).unstarted(this::write);
        this.reader = Thread.ofPlatform().daemon().name("control-from-" + name).unstarted(this::read);
    }

    /** Begins to send and to receive. */
    public void open() {
        writer.start();
        reader.start();
    }

    /**
     * Sends a frame after those that wait already.
     *
     * @return false if the channel has ended, or ends now because the other end does not read
     */
    public boolean send(ControlFrame frame) {
        if (ended.get()) {
            return false;
        }
        if (!unsent.offer(frame)) {
            end("it has not read for " + UNSENT_FRAMES + " frames");
            return false;
        }
        return true;
    }

    private void write() {
        try {
            while (!ended.get()) {
                var bytes = ControlFrameCodec.encode(unsent.take());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    private void read() {
        try {
            Optional<ControlFrame> frame = ControlFrameCodec.read(channel);
            while (frame.isPresent()) {
                receiver.received(this, frame.get());
                frame = ControlFrameCodec.read(channel);
            }
            end("it has closed the connection");
        } catch (IOException | RuntimeException e) {
            end(e.toString());
        }
    }

    private void end(String reason) {
        if (ended.compareAndSet(false, true)) {
            try {
                channel.close();
            } catch (IOException e) {
                reason += "; " + e.getMessage();
            }
            writer.interrupt();
            receiver.ended(this, reason);
        }
    }

    /** Closes the connection at once; what is unsent is lost. */
    @Override
    public void close() {
        end("it was closed here");
    }

    @Override
    public String toString() {
        return name;
    }
}
