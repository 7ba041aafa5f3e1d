package com.espra.protoplex.swap;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.swap.engine.Engine;
import com.espra.protoplex.swap.engine.SwapPolicy;
import com.espra.protoplex.swap.framework.FelixGenerations;
import com.espra.protoplex.swap.framework.OwnConfigurations;
import com.espra.protoplex.swap.isolation.Isolation;
import com.espra.protoplex.swap.kernel.Niceness;
import com.espra.protoplex.swap.traffic.GroupedDispatcher;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine of this node. While it is active, generations are kept apart; when it ends, it leaves none behind. */
@Component(service = SwapEngine.class, configurationPid = "com.espra.protoplex.swap", immediate = true)
@Designate(ocd = SwapConfiguration.class)
public final class SwapComponent implements SwapEngine {

    private static final Logger LOG = LoggerFactory.getLogger(SwapComponent.class);

    private static final long TICK_MILLIS = 1000;

    /** The start is over by then: nothing that can wait is to delay it. */
    private static final long BIND_MILLIS = 3000;

    private final Isolation isolation;
    private final OwnConfigurations ownConfigurations;
    private final Map<String, Dispatcher> groups = new ConcurrentHashMap<>();
    private final Engine engine;
    private final ScheduledExecutorService ticks;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<GenerationAdapter> adapters = List.of();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<SwapListener> listeners = List.of();

    /** For Declarative Services. */
    @Activate
    public SwapComponent(
            BundleContext context,
            SwapConfiguration configuration,
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher dispatcher,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components) {
        Niceness niceness = new Niceness();
        this.isolation = new Isolation(context);
        this.ownConfigurations = new OwnConfigurations(context);
        this.engine = new Engine(
                new FelixGenerations(context, configurations, components, () -> adapters),
                new GroupedDispatcher(dispatcher, groups),
                Clock.systemUTC(),
                policy(configuration),
                this::publish,
                niceness);
        this.ticks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("swap tick").factory());
        var _ = ticks.schedule(niceness::bind, BIND_MILLIS, TimeUnit.MILLISECONDS);
        var _ = ticks.scheduleWithFixedDelay(engine::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addGroup(Dispatcher dispatcher, Map<String, Object> properties) {
        groups.put(String.valueOf(properties.get(Dispatcher.GROUP)), dispatcher);
    }

    void removeGroup(Dispatcher dispatcher, Map<String, Object> properties) {
        groups.remove(String.valueOf(properties.get(Dispatcher.GROUP)), dispatcher);
    }

    /** A change of the configuration must not take the generations down. */
    @Modified
    void modified(SwapConfiguration configuration) {
        engine.apply(policy(configuration));
    }

    private static SwapPolicy policy(SwapConfiguration configuration) {
        return SwapPolicy.keeping(configuration.restKeep(), Duration.ofSeconds(configuration.restSeconds()));
    }

    @Deactivate
    void deactivate() {
        ticks.shutdownNow();
        engine.close();
        ownConfigurations.close();
        isolation.close();
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
        return engine.swap(release);
    }

    @Override
    public CompletableFuture<String> check(Release release) {
        return engine.check(release);
    }

    @Override
    public CompletableFuture<Outcome> remove(String unit) {
        return engine.remove(unit);
    }

    @Override
    public List<UnitStatus> units() {
        return engine.units();
    }

    @Override
    public List<SwapRecord> history() {
        return engine.history();
    }

    @Override
    public void tell(SwapEvent event) {
        engine.tell(event);
    }
}
