package com.espra.protoplex.meta;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Streams;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.meta.MetaPort.Answer;
import com.espra.protoplex.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;

/**
 * The metrics and the health of a child, which has no Meta port: its parent asks for them. When a health check with the tag
 * {@code live} fails, the child asks to be replaced.
 */
@Component(service = SwapListener.class, immediate = true)
public final class ChildMeta implements SwapListener {

    static final String METRICS = "metrics";
    static final String HEALTH = "health";

    private static final long LOOK_SECONDS = 5;

    private final Peer parent;
    private final Metrics metrics;
    private final Health health;
    private final List<ServiceRegistration<?>> answering;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("liveness").factory());

    private volatile @Nullable Condition restored;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable SwapEngine engine;

    @Reference(
            target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Dispatcher world;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Streams streams;

    /** @param parent asks the process that supervises this one */
    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // it looks as long as it lives
    public ChildMeta(
            BundleContext context,
            @Reference Node node,
            @Reference HealthCheckExecutor checks,
            @Reference UnitMeters meters,
            @Reference(target = "(" + Peer.NAME + "=" + Peer.PARENT + ")") Peer parent) {
        this.parent = parent;
        this.metrics = new Metrics(node, this::units, () -> world, () -> streams, meters);
        this.health = new Health(checks);
        Peer answers = (topic, body) -> CompletableFuture.completedFuture(answer(topic));
        this.answering = List.of(context.registerService(
                Peer.class, answers, FrameworkUtil.asDictionary(Map.of(Peer.TOPIC, new String[] {METRICS, HEALTH}))));
        watch.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private List<SwapEngine.UnitStatus> units() {
        SwapEngine now = engine;
        return now == null ? List.of() : now.units();
    }

    private Map<String, Object> answer(String topic) {
        if (topic.equals(METRICS)) {
            return Map.of("text", metrics.answer().body());
        }
        Answer live = health.live();
        Answer ready = health.ready(Health.standing(restored != null, null));
        return Map.of(
                "live", live.status() == HttpStatus.OK_200,
                "ready", ready.status() == HttpStatus.OK_200,
                "text", ready.body());
    }

    private void look() {
        Answer live = health.live();
        if (live.status() != HttpStatus.OK_200) {
            var _ = parent.ask("unwell", Map.of("reason", live.body().strip()));
        }
    }

    /** Registered when the parent says that the listeners may open. */
    @Reference(
            target = "(" + Condition.CONDITION_ID + "=protoplex.restored)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void setRestored(Condition condition) {
        restored = condition;
    }

    void unsetRestored(Condition condition) {
        restored = null;
    }

    @Deactivate
    void close() {
        watch.shutdownNow();
        answering.forEach(ServiceRegistration::unregister);
    }

    @Override
    public void swapped(SwapEvent event) {
        metrics.count(event);
    }
}
