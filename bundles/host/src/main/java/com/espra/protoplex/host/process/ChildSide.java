package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.control.Calls;
import com.espra.protoplex.host.process.control.ControlChannel;
import com.espra.protoplex.host.process.control.ControlFrame;
import com.espra.protoplex.host.process.control.ParentLink;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's side of its life with a parent: says that it lives, does what it is told, and ends when the parent is gone. Whatever
 * happens, the process ends within the time that it was given.
 */
public final class ChildSide {

    private static final Logger LOG = LoggerFactory.getLogger(ChildSide.class);
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final int FAILED = 1;

    private final Work work;
    private final Duration orphanGrace;
    private final ControlChannel channel;
    private final Calls calls = new Calls();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("parent-beat").factory());

    /** What the child does. */
    public interface Work {

        /** Opens the listeners; it may ask the parent before. The process ends when this throws. */
        void serve() throws IOException;

        /**
         * Closes the listeners, and returns when all that was begun has ended, or ends the process itself. The process is ended by force
         * after {@code within}.
         */
        void drain(Duration within);

        /**
         * Answers a question of the parent.
         *
         * @throws IOException to refuse; the message is for people
         */
        Map<String, Object> called(String topic, Map<String, Object> body) throws IOException;

        /** Takes news of the parent in. */
        void told(String topic, Map<String, Object> body);
    }

    private ChildSide(ParentLink link, Work work, Duration orphanGrace) throws IOException {
        this.work = work;
        this.orphanGrace = orphanGrace;
        this.channel = link.connect(new ControlChannel.Receiver() {
            @Override
            public void received(ControlChannel from, ControlFrame frame) throws IOException {
                ChildSide.this.received(frame);
            }

            @Override
            public void ended(ControlChannel from, String reason) {
                parentGone(reason);
            }
        });
    }

    /**
     * Connects to the parent.
     *
     * @param orphanGrace how long the child may take to drain when the parent is gone
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The beat goes on as long as the process.
    public static ChildSide connect(ParentLink link, Work work, Duration orphanGrace) throws IOException {
        ChildSide side = new ChildSide(link, work, orphanGrace);
        side.channel.open();
        side.timer.scheduleAtFixedRate(
                () -> side.channel.send(new ControlFrame.Beat()), 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
        return side;
    }

    /** All is ready but the listeners. */
    public void prepared() {
        channel.send(new ControlFrame.Prepared());
    }

    /** A liveness check has failed. */
    public void unwell(String reason) {
        channel.send(new ControlFrame.Unwell(reason));
    }

    /** The process ends for a reason of its own, such as a SIGTERM: told before it drains, so that its successor starts now. */
    public void leaving() {
        if (ending.compareAndSet(false, true)) {
            channel.send(new ControlFrame.Leaving());
        }
    }

    /** Asks the parent. */
    public CompletableFuture<Map<String, Object>> call(String topic, Map<String, Object> body, Duration within) {
        return calls.call(channel, topic, body, within);
    }

    /** Tells the parent. */
    public boolean tell(String topic, Map<String, Object> body) {
        return channel.send(new ControlFrame.Tell(topic, body));
    }

    private void received(ControlFrame frame) throws IOException {
        switch (frame) {
            // Whoever opens listeners may ask the parent before, and the answer is received here.
            case ControlFrame.Serve _ ->
                Thread.ofPlatform().daemon().name("serve").start(this::serve);
            case ControlFrame.Drain drain -> end("the parent wants it", Duration.ofMillis(drain.withinMillis()));
            case ControlFrame.Call call ->
                Thread.ofPlatform().daemon().name("call-" + call.topic()).start(() -> answer(call));
            case ControlFrame.Reply reply -> calls.answered(reply);
            case ControlFrame.Tell tell -> work.told(tell.topic(), tell.body());
            default -> throw new IOException("a parent does not say " + frame);
        }
    }

    private void serve() {
        try {
            work.serve();
            channel.send(new ControlFrame.Serving());
        } catch (IOException | RuntimeException e) {
            LOG.error("The listeners cannot be opened: this process ends", e);
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private void answer(ControlFrame.Call call) {
        ControlFrame.Reply reply;
        try {
            reply = new ControlFrame.Reply(call.id(), true, work.called(call.topic(), call.body()));
        } catch (IOException | RuntimeException e) {
            reply = new ControlFrame.Reply(call.id(), false, Map.of("reason", String.valueOf(e.getMessage())));
        }
        channel.send(reply);
    }

    private void parentGone(String reason) {
        timer.shutdownNow();
        calls.ended("the parent is gone");
        end("the parent is gone: " + reason, orphanGrace);
    }

    private void end(String why, Duration within) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        LOG.info("This process ends: {}", why);
        // Threads of the platform that do not keep the process alive: nothing that hangs elsewhere can hold them up.
        Thread.ofPlatform().daemon().name("end-by-force").start(() -> endByForce(within));
        Thread.ofPlatform().daemon().name("drain").start(() -> {
            try {
                work.drain(within);
                System.exit(0);
            } catch (RuntimeException e) {
                LOG.error("This process could not be drained", e);
                System.exit(FAILED);
            }
        });
    }

    private static void endByForce(Duration within) {
        try {
            Thread.sleep(within);
            LOG.error("This process did not drain within {} ms: it ends by force", within.toMillis());
        } catch (InterruptedException e) {
            LOG.error("The deadline of the drain was interrupted: this process ends by force", e);
        }
        Runtime.getRuntime().halt(FAILED);
    }
}
