package com.espra.protoplex.parent;

import com.espra.protoplex.api.standing.InFlight;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.control.StandingMap;
import com.espra.protoplex.control.TopicHandlers;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.parent.ConnectedChildren.Connected;
import com.espra.protoplex.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the children how the node is to serve: at every change, and when they ask; and asks them what their clients wait for. */
@Component(service = InFlight.class, immediate = true)
public final class StandingForChildren implements InFlight {

    private static final Logger LOG = LoggerFactory.getLogger(StandingForChildren.class);

    private static final long PATIENCE_MILLIS = 1000;

    private final ConnectedChildren children;
    private final TopicHandlers handlers;
    private NodeStanding standing = NodeStanding.USUAL;

    /** A child that asks and is told at once takes the later word. */
    private long number;

    @Activate
    public StandingForChildren(BundleContext context) {
        children = new ConnectedChildren(context, child -> {});
        children.open();
        handlers = new TopicHandlers(context);
        handlers.on(Topics.STANDING, body -> CompletableFuture.completedFuture(said()));
    }

    private synchronized Map<String, Object> said() {
        return StandingMap.map(standing, number);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setStanding(NodeStanding now) {
        standing = now;
        number++;
        for (Connected child : children.all()) {
            var _ = child.peer().ask(Topics.STANDING, said()).whenComplete((answer, failure) -> {
                if (failure != null) {
                    LOG.debug(
                            "child {} does not hear how it is to serve: it ends, or asks when it is up",
                            child.id(),
                            failure);
                }
            });
        }
    }

    void unsetStanding(NodeStanding before) {
        // The next one is there already, or the node stops.
    }

    /** A child that does not answer has something in flight: nobody knows what. */
    @Override
    public List<String> lines() {
        record Asked(Connected child, CompletableFuture<Map<String, Object>> answer) {}
        List<Asked> asked = children.all().stream()
                .map(child -> new Asked(child, child.peer().ask(Topics.IN_FLIGHT, Map.of())))
                .toList();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        List<String> lines = new ArrayList<>();
        for (Asked each : asked) {
            try {
                Map<String, Object> answer =
                        each.answer().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (answer.get(Topics.LINES) instanceof List<?> its) {
                    its.forEach(line -> lines.add(line + " (" + each.child().id() + ")"));
                }
            } catch (ExecutionException | TimeoutException e) {
                if (isServing(each.child())) {
                    lines.add(each.child().id() + " does not say");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return lines;
            }
        }
        return lines;
    }

    private static boolean isServing(Connected child) {
        return child.group().equals(Peer.SERVING);
    }

    @Deactivate
    void deactivate() {
        handlers.close();
        children.close();
    }
}
