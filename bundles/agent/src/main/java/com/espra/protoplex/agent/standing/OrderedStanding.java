package com.espra.protoplex.agent.standing;

import com.espra.protoplex.api.standing.NodeStanding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this node is to serve, as a service; and the time that it takes. */
public final class OrderedStanding {

    private static final Logger LOG = LoggerFactory.getLogger(OrderedStanding.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final BundleContext context;
    private final Executor executor;
    private final StandingKeeper keeper;
    private final AtomicBoolean going = new AtomicBoolean();
    private @Nullable ServiceRegistration<NodeStanding> service;
    private int ranking;

    /**
     * Takes up what was ordered last.
     *
     * @param folder the agent's own
     * @param executor for what waits
     * @param inFlight what clients wait for
     */
    public OrderedStanding(BundleContext context, Path folder, Executor executor, Supplier<List<String>> inFlight) {
        this.context = context;
        this.executor = executor;
        keeper = new StandingKeeper(new StandingFile(folder), inFlight, InstantSource.system(), System::nanoTime);
    }

    /** What is ordered. */
    public StandingKeeper keeper() {
        return keeper;
    }

    /**
     * Publishes how it is, and from now on what changes.
     *
     * @param drained called when it is to be told how far a drain is
     */
    public void begin(Runnable drained) {
        keeper.onChange(new StandingKeeper.Listener() {
            @Override
            public void standing(NodeStanding now) {
                publish(now);
            }

            @Override
            public void drain() {
                drained.run();
            }
        });
        goOn();
    }

    /** The newer first, so that there is always one. */
    private synchronized void publish(NodeStanding now) {
        ServiceRegistration<NodeStanding> before = service;
        service = context.registerService(
                NodeStanding.class, now, FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, ++ranking)));
        if (before != null) {
            before.unregister();
        }
    }

    /** Something was ordered that may take its time. */
    public void goOn() {
        if (going.compareAndSet(false, true)) {
            later(Duration.ZERO);
        }
    }

    private void later(Duration pause) {
        try {
            CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, executor)
                    .execute(this::step);
        } catch (RejectedExecutionException e) {
            LOG.debug("the node stops", e);
        }
    }

    /** What fails once must not leave a drain where it is for ever. */
    private Optional<Duration> next() {
        try {
            return keeper.step();
        } catch (RuntimeException e) {
            LOG.error("this node's standing cannot be told; trying again in {} s", RETRY.toSeconds(), e);
            return Optional.of(RETRY);
        }
    }

    private void step() {
        // What is ordered from here on begins anew.
        going.set(false);
        next().ifPresent(pause -> {
            if (going.compareAndSet(false, true)) {
                later(pause);
            }
        });
    }
}
