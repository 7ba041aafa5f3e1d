package com.espra.protoplex.app;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.app.handler.HandlerServices;
import com.espra.protoplex.app.session.GenerationSessions;
import com.espra.protoplex.app.session.Sessions;
import com.espra.protoplex.app.whiteboard.Whiteboard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One generation of an app: its whiteboard, its handlers and its sessions. */
final class AppBinding implements GenerationAdapter.Binding {

    private static final Logger LOG = LoggerFactory.getLogger(AppBinding.class);

    private final Generation generation;
    private final Unreached unreached;
    private final Supplier<Optional<ServiceComponentRuntime>> components;
    private final ChangeSignal changes;
    private final GenerationSessions sessions;
    private final Whiteboard whiteboard;
    private final HandlerServices handlers;

    AppBinding(
            Generation generation,
            Backend backend,
            Sessions allSessions,
            Unreached unreached,
            Supplier<Optional<ServiceComponentRuntime>> components)
            throws Exception {
        this.generation = generation;
        this.unreached = unreached;
        this.components = components;
        changes = new ChangeSignal(generation.id());
        GenerationLoader loader = new GenerationLoader(generation);
        sessions = allSessions.open(generation.unit(), generation.id(), loader);
        try {
            whiteboard = new Whiteboard(generation, backend, sessions.handler(), loader, changes::raise);
        } catch (Exception failed) {
            sessions.close();
            throw failed;
        }
        handlers = new HandlerServices(generation, backend, changes::raise);
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(whiteboard.problems());
        problems.addAll(handlers.problems());
        components.get().ifPresent(runtime -> problems.addAll(new ComponentProblems(generation).of(runtime)));
        unreached.problem(generation.unit(), endpoints()).ifPresent(problems::add);
        return problems;
    }

    @Override
    public List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>(whiteboard.endpoints());
        endpoints.addAll(handlers.endpoints());
        return endpoints;
    }

    @Override
    public void onChange(Runnable listener) {
        changes.listener(listener);
    }

    @Override
    public void rested() {
        sessions.rested();
    }

    /** What an app throws at its end is its own: all else is given back. */
    @Override
    public void close() {
        closeAll(
                generation.id(),
                List.of(changes::close, handlers::close, sessions::rested, whiteboard::close, sessions::close));
    }

    static void closeAll(String generation, List<Runnable> steps) {
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException | Error failed) {
                LOG.warn(
                        "{}: something of it did not stop as it should; all else of it is stopped", generation, failed);
            }
        }
    }
}
