package com.espra.protoplex.child;

import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.control.TopicHandlers;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's life, as its parent leads it: it says that it takes swaps, is brought to what the node runs, opens its listeners when it is told
 * to, and closes them first when the framework stops. The framework starts this bundle last, and so stops it first.
 *
 * <p>That a child must have an engine is configured ({@code engine.cardinality.minimum}).
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "com.espra.protoplex.child",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ChildLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ChildLifecycle.class);

    /** The {@link Condition#CONDITION_ID} at which public listeners open. */
    private static final String RESTORED = "protoplex.restored";

    private final BundleContext context;
    private final Peer parent;
    private final ChildStanding standing;
    private final Announcements announcements;
    private final TopicHandlers handlers;
    private @Nullable ServiceRegistration<SwapListener> listening;
    private @Nullable EventUplink events;
    private @Nullable ServiceRegistration<Condition> restored;
    private boolean ended;

    @Activate
    public ChildLifecycle(
            BundleContext context,
            @Reference(target = "(" + Peer.NAME + "=" + Peer.PARENT + ")") Peer parent,
            @Reference ChildStanding standing,
            @Reference(name = "engine", cardinality = ReferenceCardinality.OPTIONAL) @Nullable SwapEngine engine) {
        this.context = context;
        this.parent = parent;
        this.standing = standing;
        this.announcements = new Announcements(this.parent);
        this.handlers = new TopicHandlers(context);
        handlers.on(Topics.RESTORED, body -> this.parent.ask(Topics.PREPARED, Map.of()));
        handlers.on(Topics.SERVE, body -> serve());
        handlers.on(Topics.REPLACE, body -> this.parent.ask(Topics.UNWELL, body));
        if (engine != null) {
            takeSwaps(engine);
        }
        announcements.announce(Topics.READY, Map.of(Topics.SWAPS, engine != null));
    }

    private void takeSwaps(SwapEngine engine) {
        EventUplink uplink = new EventUplink(parent);
        events = uplink;
        listening = context.registerService(SwapListener.class, uplink, null);
        SwapTopics topics = new SwapTopics(engine, uplink);
        handlers.on(Topics.SWAP, topics::swap);
        handlers.on(Topics.CHECK, topics::check);
        handlers.on(Topics.REMOVE, topics::remove);
        handlers.on(Topics.UNITS, topics::units);
        handlers.on(Topics.HISTORY, topics::history);
    }

    private CompletionStage<Map<String, Object>> serve() {
        try {
            standing.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(new IOException("interrupted before the listeners opened", e));
        }
        synchronized (this) {
            if (ended) {
                return CompletableFuture.failedFuture(new IOException("this child ends"));
            }
            if (restored == null) {
                restored = context.registerService(
                        Condition.class,
                        Condition.INSTANCE,
                        FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, RESTORED)));
            }
        }
        Map<String, Object> failed;
        try {
            failed = new InheritedListeners(context).await();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(new IOException("interrupted while the listeners opened", e));
        }
        announcements.announce(Topics.SERVING, Map.of(Topics.FAILED, failed));
        return CompletableFuture.completedFuture(Map.of());
    }

    /** The listeners first: they end what they have begun. */
    @Deactivate
    void deactivate() {
        ServiceRegistration<Condition> condition;
        synchronized (this) {
            ended = true;
            condition = restored;
        }
        announcements.close();
        if (condition != null) {
            condition.unregister();
        }
        handlers.close();
        if (listening != null) {
            listening.unregister();
        }
        if (events != null) {
            events.close();
        }
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() != Bundle.STOPPING) {
            LOG.error("this child cannot take swaps any more, and asks to be replaced");
            var _ = parent.ask(Topics.UNWELL, Map.of(Topics.REASON, "its swap engine or its configuration went away"));
        }
    }
}
