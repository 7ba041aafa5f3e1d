package com.espra.protoplex.parent;

import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.control.TopicHandlers;
import com.espra.protoplex.control.Topics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Tells the children of the fleet, when they ask. */
@Component(
        service = {},
        immediate = true)
public final class FleetForChildren {

    private final Directory directory;
    private final FleetRows rows = new FleetRows(System.currentTimeMillis());
    private final TopicHandlers handlers;

    @Activate
    public FleetForChildren(BundleContext context, @Reference Directory directory) {
        this.directory = directory;
        this.handlers = new TopicHandlers(context);
        handlers.on(Topics.DIRECTORY, this::answer);
    }

    private CompletionStage<Map<String, Object>> answer(Map<String, Object> body) {
        return CompletableFuture.completedFuture(rows.since(
                        directory.snapshot().orElse(null),
                        directory.isCurrent(),
                        body.get("start") instanceof Long start ? start : 0,
                        body.get("number") instanceof Long number ? number : 0)
                .map());
    }

    @Deactivate
    void deactivate() {
        handlers.close();
    }
}
