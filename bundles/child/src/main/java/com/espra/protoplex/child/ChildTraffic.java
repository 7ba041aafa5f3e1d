package com.espra.protoplex.child;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.control.TopicHandlers;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.control.TrafficMap;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Tells the parent what became of this child's requests. */
@Component(
        service = {},
        immediate = true)
public final class ChildTraffic {

    /** So that an answer fits into a frame. */
    private static final int MOST = 512;

    private final TopicHandlers handlers;

    @Reference(
            target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Dispatcher world;

    @Activate
    public ChildTraffic(BundleContext context) {
        handlers = new TopicHandlers(context);
        handlers.on(Topics.TRAFFIC, body -> CompletableFuture.completedFuture(told()));
    }

    private Map<String, Object> told() {
        Dispatcher present = world;
        List<UnitTraffic> traffic = present == null ? List.of() : present.traffic();
        return Map.of(
                Topics.UNITS,
                traffic.stream()
                        .sorted(Comparator.comparing(UnitTraffic::unit))
                        .limit(MOST)
                        .map(TrafficMap::map)
                        .toList());
    }

    @Deactivate
    void close() {
        handlers.close();
    }
}
