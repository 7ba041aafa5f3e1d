package com.espra.protoplex.parent;

import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.control.TopicHandlers;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.peer.Peer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The health of the children, as the host tells it: asked for again whenever the host says that it has changed. */
@Component(
        service = {},
        immediate = true)
public final class ChildrenHealth implements NodeHealth {

    private final Peer host;
    private final TopicHandlers handlers;
    private final ServiceRegistration<NodeHealth> service;
    private volatile Health health = Health.GOOD;
    private long change;

    @Activate
    public ChildrenHealth(
            BundleContext context, @Reference(target = "(" + Peer.NAME + "=" + Peer.HOST + ")") Peer host) {
        this.host = host;
        this.service = context.registerService(NodeHealth.class, this, FrameworkUtil.asDictionary(Map.of(CHANGE, 0L)));
        this.handlers = new TopicHandlers(context);
        handlers.on(Topics.HEALTH, body -> look());
        var _ = look();
    }

    private CompletableFuture<Map<String, Object>> look() {
        return host.ask(Topics.CHILDREN, Map.of()).thenApply(answer -> {
            take(answer);
            return Map.of();
        });
    }

    private synchronized void take(Map<String, Object> answer) {
        Health now = new Health(
                text(answer, "health", Health.GOOD.state()),
                text(answer, "reason", ""),
                text(answer, "crash", ""),
                answer.get("crashedMillis") instanceof Long millis ? Instant.ofEpochMilli(millis) : Instant.EPOCH);
        if (!now.equals(health)) {
            health = now;
            service.setProperties(FrameworkUtil.asDictionary(Map.of(CHANGE, ++change)));
        }
    }

    private static String text(Map<String, Object> answer, String name, String otherwise) {
        return answer.get(name) instanceof String text ? text : otherwise;
    }

    @Override
    public Health now() {
        return health;
    }

    @Deactivate
    void deactivate() {
        handlers.close();
        service.unregister();
    }
}
