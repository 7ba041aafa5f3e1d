package com.espra.protoplex.child;

import com.espra.protoplex.api.standing.InFlight;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.control.StandingMap;
import com.espra.protoplex.control.TopicHandlers;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this child is to serve, as its parent says: a service for what serves here. */
@Component(service = ChildStanding.class, immediate = true)
public final class ChildStanding {

    private static final Logger LOG = LoggerFactory.getLogger(ChildStanding.class);

    private static final long PATIENCE_SECONDS = 2;

    private final BundleContext context;
    private final Peer parent;
    private final TopicHandlers handlers;
    private @Nullable ServiceRegistration<NodeStanding> service;
    private int ranking;
    private long number = -1;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<InFlight> inFlight = List.of();

    /** @param parent knows how this node is to serve */
    @Activate
    public ChildStanding(
            BundleContext context, @Reference(target = "(" + Peer.NAME + "=" + Peer.PARENT + ")") Peer parent) {
        this.context = context;
        this.parent = parent;
        this.handlers = new TopicHandlers(context);
        handlers.on(Topics.STANDING, body -> {
            take(body);
            return CompletableFuture.completedFuture(Map.of());
        });
        handlers.on(
                Topics.IN_FLIGHT,
                body -> CompletableFuture.completedFuture(Map.of(
                        Topics.LINES,
                        inFlight.stream().flatMap(each -> each.lines().stream()).toList())));
    }

    /** Asks the parent, before anybody is let in; one of an older version, or one that does not answer, has nothing to say. */
    void ask() throws InterruptedException {
        try {
            Map<String, Object> answer = parent.ask(Topics.STANDING, Map.of()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            take(answer);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.debug("the parent does not say how this child is to serve", e);
        }
    }

    private synchronized void take(Map<String, Object> said) {
        if (StandingMap.number(said) > number) {
            number = StandingMap.number(said);
            publish(StandingMap.of(said));
        }
    }

    /** The newer first, so that there is always one. */
    private void publish(NodeStanding now) {
        ServiceRegistration<NodeStanding> before = service;
        service = context.registerService(
                NodeStanding.class, now, FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, ++ranking)));
        if (before != null) {
            before.unregister();
        }
    }

    @Deactivate
    void close() {
        handlers.close();
    }
}
