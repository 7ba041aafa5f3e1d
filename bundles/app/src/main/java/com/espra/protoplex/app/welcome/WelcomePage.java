package com.espra.protoplex.app.welcome;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.node.Node;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Answers what no app claims: a page about this node on {@code /}, and 404 below it. */
@Component(service = WelcomePage.class, immediate = true)
public final class WelcomePage {

    private final Dispatcher dispatcher;
    private final Backend backend;

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
        WelcomeHandler handler = new WelcomeHandler(node.name(), dispatcher::claims);
        backend.start(handler);
        dispatcher.fallback(handler);
    }

    @Deactivate
    void deactivate() {
        dispatcher.fallback(null);
        backend.close();
    }
}
