package com.espra.protoplex.app.whiteboard;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import jakarta.servlet.ServletContextListener;
import java.io.File;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.http.base.internal.HttpServiceController;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.servlet.SessionHandler;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;
import org.osgi.service.servlet.runtime.dto.RuntimeDTO;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servlet whiteboard of one generation, on a servlet context of its own. Services are initialised on the thread that registers
 * them, so what a generation registers at its start is ready when its bundles have started.
 */
public final class Whiteboard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Whiteboard.class);

    private final Generation generation;
    private final Backend backend;
    private final ServletContextHandler handler;
    private final HttpServiceController controller;
    private final HttpServiceRuntime runtime;
    private final ServiceReference<HttpServiceRuntime> runtimeReference;
    private final ServiceListener changes;
    private volatile @Nullable State last;

    /**
     * Starts a whiteboard.
     *
     * @param sessions the sessions of its servlet context
     * @param loader the thread context class loader of its requests
     * @param changed called when its routes or its failures may have changed; returns quickly
     * @throws Exception if the servlet context does not start
     */
    public Whiteboard(
            Generation generation, Backend backend, SessionHandler sessions, ClassLoader loader, Runnable changed)
            throws Exception {
        this.generation = generation;
        this.backend = backend;
        controller = new HttpServiceController(OwnServices.of(generation));
        handler = servletContext(sessions, loader);
        backend.start(handler);
        giveTemporaryFolders();
        giveDefaultContext();
        register();
        runtimeReference = generation.context().getServiceReferences(HttpServiceRuntime.class, null).stream()
                .filter(generation::owns)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the whiteboard of " + generation.id()
                        + " has no HttpServiceRuntime: does a service hook hide it from its own context?"));
        runtime = generation.context().getService(runtimeReference);
        changes = event -> {
            if (event.getType() == ServiceEvent.MODIFIED
                    && event.getServiceReference().equals(runtimeReference)) {
                changed.run();
            }
        };
        generation.context().addServiceListener(changes, "(objectClass=" + HttpServiceRuntime.class.getName() + ")");
    }

    /** The framework takes the service back with the anchor. */
    private void giveTemporaryFolders() {
        File data = generation.context().getDataFile("");
        if (data != null) {
            generation
                    .context()
                    .registerService(
                            ServletContextListener.class,
                            new TemporaryFolders(data.toPath()),
                            FrameworkUtil.asDictionary(Map.of(
                                    OwnServices.OURS,
                                    "temporary folders",
                                    HttpWhiteboardConstants.HTTP_WHITEBOARD_LISTENER,
                                    "true",
                                    HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT,
                                    "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=*)")));
        }
    }

    /** The servlet context that services are in which select none, as a service (OSGi Compendium, section 140.2). */
    private void giveDefaultContext() {
        ServiceFactory<ServletContextHelper> each = new ServiceFactory<>() {
            @Override
            public ServletContextHelper getService(
                    Bundle bundle, ServiceRegistration<ServletContextHelper> registration) {
                return new ServletContextHelper(bundle) {};
            }

            @Override
            public void ungetService(
                    Bundle bundle, ServiceRegistration<ServletContextHelper> registration, ServletContextHelper one) {}
        };
        generation
                .context()
                .registerService(
                        ServletContextHelper.class,
                        each,
                        FrameworkUtil.asDictionary(Map.of(
                                OwnServices.OURS,
                                OwnServices.FOR_APPS,
                                Constants.SERVICE_RANKING,
                                Integer.MIN_VALUE,
                                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME,
                                HttpWhiteboardConstants.HTTP_WHITEBOARD_DEFAULT_CONTEXT_NAME,
                                HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_PATH,
                                "/")));
    }

    @SuppressWarnings("JdkObsolete") // The library asks for a Hashtable.
    private void register() {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT, List.of("/"));
        controller.register(handler.getServletContext(), properties);
    }

    private ServletContextHandler servletContext(SessionHandler sessions, ClassLoader loader) {
        ServletContextHandler context = new GenerationContext();
        context.setDisplayName(generation.id());
        // Jetty would have one for each generation, and no logger is ever collected.
        context.setLogger(LoggerFactory.getLogger(ServletContextHandler.class.getName() + "." + generation.unit()));
        context.setClassLoader(loader);
        context.setSessionHandler(sessions);
        context.setErrorHandler(new FailedRequests());
        File temporary = generation.context().getDataFile("tmp");
        if (temporary != null) {
            context.setTempDirectory(temporary);
            // It goes with the generation's anchor. Jetty would have the JVM delete it at its exit, which never forgets
            // it either.
            context.setTempDirectoryPersistent(true);
        }
        ServletHolder dispatcher = new ServletHolder("whiteboard", controller.createDispatcherServlet());
        dispatcher.setAsyncSupported(true);
        dispatcher.setInitOrder(0);
        context.addServlet(dispatcher, "/*");
        context.addEventListener((EventListener) controller.getEventDispatcher());
        controller.getEventDispatcher().setActive(true);
        return context;
    }

    /** What failed to be registered, now. */
    public List<Problem> problems() {
        return new WhiteboardProblems(generation).of(state());
    }

    /**
     * The servlet context, when a pattern leads to it. Preprocessors see what nobody claims, too (OSGi Compendium, section 140.8): it is as a
     * second endpoint, without a route.
     */
    public List<Endpoint> endpoints() {
        RuntimeDTO state = state();
        List<Endpoint> endpoints = new ArrayList<>();
        Set<Route> routes = WhiteboardRoutes.of(state);
        if (!routes.isEmpty()) {
            endpoints.add(new Endpoint(routes, handler));
        }
        if (state.preprocessorDTOs.length > 0) {
            endpoints.add(new Endpoint(Set.of(), handler));
        }
        return endpoints;
    }

    /** Of a flip, the problems and the routes ask for it: it is put together once for each change. */
    private RuntimeDTO state() {
        // Before the state is read: a state that is newer than its count is read again, and one that is older never
        // kept.
        Object count = runtimeReference.getProperty(Constants.SERVICE_CHANGECOUNT);
        State known = last;
        if (known == null || !known.count().equals(count)) {
            known = new State(count, runtime.getRuntimeDTO());
            last = known;
        }
        return known.content();
    }

    /**
     * What the library knew.
     *
     * @param count that of its changes (OSGi Compendium, section 140.9)
     */
    private record State(Object count, RuntimeDTO content) {}

    /**
     * Destroys what is registered, while its bundles still run. When the node stops they went before, and the framework has taken back
     * what was theirs (OSGi Core R8, section 4.4.3).
     */
    @Override
    public void close() {
        try {
            if (stillRuns()) {
                generation.context().removeServiceListener(changes);
                generation.context().ungetService(runtimeReference);
                controller.unregister();
            }
        } finally {
            backend.stop(handler);
        }
    }

    private boolean stillRuns() {
        try {
            return generation.context().getBundle() != null;
        } catch (IllegalStateException stopped) {
            LOG.debug("{} had stopped before its whiteboard", generation.id(), stopped);
            return false;
        }
    }
}
