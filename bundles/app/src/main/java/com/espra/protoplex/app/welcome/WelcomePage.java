package com.espra.protoplex.app.welcome;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Answers what no app claims: a page about this node on {@code /}, and 404 below it. */
@Component(service = WelcomePage.class, immediate = true)
public final class WelcomePage {

    private final Dispatcher dispatcher;
    private final Backend backend;
    private final WelcomeAudience audience = new WelcomeAudience();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable SwapEngine engine;

    /**
     * Called by the component runtime.
     *
     * @throws Exception if the handler does not start
     */
    @Activate
    public WelcomePage(
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher dispatcher,
            @Reference Node node)
            throws Exception {
        this.dispatcher = dispatcher;
        backend = dispatcher.open("welcome", "welcome");
        WelcomeHandler handler = new WelcomeHandler(
                audience::includes, () -> new WelcomeText(node.name(), dispatcher.claims(), versions()));
        backend.start(handler);
        dispatcher.fallback(handler);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(Listener listener, Map<String, Object> properties) {
        audience.add(properties);
    }

    void removeListener(Listener listener, Map<String, Object> properties) {
        audience.remove(properties);
    }

    /** By generation. */
    private Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        SwapEngine present = engine;
        if (present != null) {
            for (UnitStatus unit : present.units()) {
                for (GenerationStatus generation : unit.generations()) {
                    versions.put(generation.id(), generation.version());
                }
            }
        }
        return versions;
    }

    @Deactivate
    void deactivate() {
        dispatcher.fallback(null);
        backend.close();
    }
}
