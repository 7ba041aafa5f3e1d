package com.espra.protoplex.host.process;

import com.espra.protoplex.host.process.ChildStatus.Phase;
import com.espra.protoplex.host.process.control.ControlChannel;
import com.espra.protoplex.host.process.control.ControlFrame;
import com.espra.protoplex.host.process.supervise.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Takes in what one child says. */
final class FromChild implements ControlChannel.Receiver {

    /** A child has its apps' code in it: how many threads answer it at once must not be up to that. */
    static final int MOST_CALLS = 64;

    private final Semaphore calls = new Semaphore(MOST_CALLS);
    private final RunningChild child;
    private final Queue<Event> events;
    private final Children.Watcher watcher;

    FromChild(RunningChild child, Queue<Event> events, Children.Watcher watcher) {
        this.child = child;
        this.events = events;
        this.watcher = watcher;
    }

    @Override
    public void received(ControlChannel from, ControlFrame frame) throws IOException {
        @Nullable
        Event event = switch (frame) {
            case ControlFrame.Beat _ -> new Event.Beat(child.id);
            case ControlFrame.Prepared _ -> phase(Phase.PREPARED, new Event.Prepared(child.id));
            case ControlFrame.Serving _ -> phase(Phase.SERVING, new Event.Serving(child.id));
            case ControlFrame.Leaving _ -> phase(Phase.DRAINING, new Event.Leaving(child.id));
            case ControlFrame.Unwell unwell -> new Event.Unwell(child.id, unwell.reason());
            case ControlFrame.Tell tell -> {
                watcher.told(child.id, tell.topic(), tell.body());
                yield null;
            }
            case ControlFrame.Call call -> {
                answerBeside(from, call);
                yield null;
            }
            case ControlFrame.Reply reply -> {
                child.calls.answered(reply);
                yield null;
            }
            default -> throw new IOException("a child does not say " + frame);
        };
        if (event != null) {
            events.add(event);
        }
    }

    private Event phase(Phase phase, Event event) {
        child.phase = phase;
        return event;
    }

    private void answerBeside(ControlChannel to, ControlFrame.Call call) {
        if (!calls.tryAcquire()) {
            String reason = "the parent answers " + MOST_CALLS + " calls of " + child.id + " already; ask again later";
            to.send(new ControlFrame.Reply(call.id(), false, Map.of("reason", reason)));
            return;
        }
        Thread.ofPlatform().daemon().name("call-" + call.topic()).start(() -> {
            try {
                answer(to, call);
            } finally {
                calls.release();
            }
        });
    }

    private void answer(ControlChannel to, ControlFrame.Call call) {
        ControlFrame.Reply reply;
        try {
            reply = new ControlFrame.Reply(call.id(), true, watcher.called(child.id, call.topic(), call.body()));
        } catch (IOException | RuntimeException e) {
            reply = new ControlFrame.Reply(call.id(), false, Map.of("reason", String.valueOf(e.getMessage())));
        }
        to.send(reply);
    }

    @Override
    public void ended(ControlChannel channel, String reason) {
        child.calls.ended(child.id + " is gone: " + reason);
        watcher.gone(child.id);
    }
}
