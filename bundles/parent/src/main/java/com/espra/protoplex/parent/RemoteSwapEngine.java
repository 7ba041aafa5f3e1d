package com.espra.protoplex.parent;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.control.SwapMaps;
import com.espra.protoplex.control.TopicHandlers;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.parent.ConnectedChildren.Connected;
import com.espra.protoplex.parent.coordinate.Coordinator;
import com.espra.protoplex.parent.coordinate.Surroundings;
import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine of a node whose children serve. Who calls it does not know that there are children. */
@Component(service = SwapEngine.class, immediate = true)
public final class RemoteSwapEngine implements SwapEngine {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSwapEngine.class);

    /** Frames between parent and child are bounded (1 MiB); this leaves room for escapes and for what is around the text. */
    private static final int MOST_CHARACTERS = 512 * 1024;

    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /** What comes when it is shut down is for nobody. */
    private final ExecutorService actor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("swap children").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("swap children alarm").factory());
    private final AtomicLong looked = new AtomicLong(System.nanoTime() - LOOK_NANOS);
    private final Coordinator coordinator;
    private final ConnectedChildren children;
    private final ServedListeners served;
    private final TopicHandlers handlers;
    private final Peer host;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<SwapListener> listeners = List.of();

    @Activate
    public RemoteSwapEngine(
            BundleContext context, @Reference(target = "(" + Peer.NAME + "=" + Peer.HOST + ")") Peer host) {
        this.host = host;
        this.coordinator =
                new Coordinator(new Surroundings(actor, this::alarm, Clock.systemUTC(), this::publish, this::needOne));
        this.served = new ServedListeners(context);
        this.children = new ConnectedChildren(context, this::gone);
        this.handlers = new TopicHandlers(context);
        children.open();
        handlers.on(Topics.READY, this::ready);
        handlers.on(Topics.SERVING, this::serving);
        handlers.on(Topics.EVENT, this::event);
    }

    private Runnable alarm(Duration delay, Runnable call) {
        Future<?> alarm = alarms.schedule(call, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> alarm.cancel(false);
    }

    /** The agent has it when it has tried all that this node should run. */
    @Reference(
            target = "(" + Condition.CONDITION_ID + "=protoplex.restored)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void setRestored(Condition condition) {
        coordinator.restored(true);
    }

    void unsetRestored(Condition condition) {
        coordinator.restored(false);
    }

    private CompletionStage<Map<String, Object>> ready(Map<String, Object> body) {
        boolean swaps = Boolean.TRUE.equals(body.get(Topics.SWAPS));
        return done(() -> children.with(body, child -> {
            if (swaps) {
                coordinator.join(member(child));
            } else {
                serveAtOnce(child);
            }
        }));
    }

    private static ChildMember member(Connected child) {
        Release.Placement placement =
                child.group().equals(Peer.SERVING) ? Release.Placement.EACH : Release.Placement.ONE;
        return new ChildMember(child.id(), placement, child.peer());
    }

    /** The host starts it, or has it end. */
    private void needOne(boolean needed) {
        var _ = host.ask(Topics.ONE, Map.of(Topics.NEEDED, needed)).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.error(
                        "the process of units that are placed in one cannot be {}: {}",
                        needed ? "started" : "ended",
                        failure.getMessage());
            }
        });
    }

    /** It has no engine, so there is nothing to bring it to. */
    private static void serveAtOnce(Connected child) {
        ChildMember member = member(child);
        var _ = member.restored().whenComplete((told, failure) -> {
            if (failure != null) {
                LOG.warn("child {} cannot be told to serve: {}", child.id(), failure.getMessage());
                member.replace("it could not be told to serve");
            }
        });
    }

    private CompletionStage<Map<String, Object>> serving(Map<String, Object> body) {
        return host.ask(Topics.CHILDREN, Map.of())
                .thenCompose(answer -> done(() -> children.with(body, child -> {
                    served.serves(child, answer, body);
                    coordinator.serves(child.id());
                })));
    }

    private CompletionStage<Map<String, Object>> event(Map<String, Object> body) {
        return done(() -> children.with(body, child -> coordinator.hear(child.id(), SwapMaps.event(body))));
    }

    private interface Doing {
        void run() throws IOException;
    }

    private static CompletionStage<Map<String, Object>> done(Doing doing) {
        try {
            doing.run();
            return CompletableFuture.completedFuture(Map.of());
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void gone(Connected child) {
        coordinator.gone(child.id());
        served.gone(child);
    }

    @Deactivate
    void deactivate() {
        handlers.close();
        children.close();
        served.close();
        alarms.shutdownNow();
        actor.shutdown();
    }

    private void publish(SwapEvent event) {
        for (SwapListener listener : listeners) {
            try {
                listener.swapped(event);
            } catch (RuntimeException e) {
                LOG.warn("{} failed to hear of {} {}", listener.getClass().getName(), event.step(), event.unit(), e);
            }
        }
    }

    @Override
    public CompletableFuture<Outcome> swap(Release release) {
        String refusal = refusal(release);
        return refusal.isEmpty()
                ? elsewhere(coordinator.swap(release))
                : CompletableFuture.completedFuture(new Outcome(false, Step.PREFLIGHT, refusal, Duration.ZERO));
    }

    @Override
    public CompletableFuture<String> check(Release release) {
        String refusal = refusal(release);
        return refusal.isEmpty() ? coordinator.check(release) : CompletableFuture.completedFuture(refusal);
    }

    /** Why it cannot travel; empty when it can. */
    private static String refusal(Release release) {
        try {
            int characters = SwapMaps.map(release).toString().length();
            return characters <= MOST_CHARACTERS
                    ? ""
                    : "names and configurations of " + release.unit() + " " + release.version() + " are " + characters
                            + " characters; a node with children takes " + MOST_CHARACTERS
                            + ". Put large values into a file of a bundle";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public CompletableFuture<Outcome> remove(String unit) {
        return elsewhere(coordinator.remove(unit));
    }

    /** Whoever waits goes on elsewhere: it must not hold up what the children tell. */
    private static CompletableFuture<Outcome> elsewhere(CompletableFuture<Outcome> outcome) {
        return outcome.thenApplyAsync(
                how -> how, task -> Thread.ofPlatform().daemon().name("outcome").start(task));
    }

    @Override
    public List<UnitStatus> units() {
        long before = looked.get();
        long now = System.nanoTime();
        if (now - before >= LOOK_NANOS && looked.compareAndSet(before, now)) {
            coordinator.look();
        }
        return coordinator.units();
    }

    @Override
    public List<SwapRecord> history() {
        return coordinator.history();
    }

    @Override
    public void tell(SwapEvent event) {
        coordinator.announce(event);
    }
}
