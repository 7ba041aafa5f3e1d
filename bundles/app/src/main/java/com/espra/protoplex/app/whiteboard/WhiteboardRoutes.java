package com.espra.protoplex.app.whiteboard;

import com.espra.protoplex.api.http.Route;
import java.util.LinkedHashSet;
import java.util.Set;
import org.osgi.service.servlet.runtime.dto.ResourceDTO;
import org.osgi.service.servlet.runtime.dto.RuntimeDTO;
import org.osgi.service.servlet.runtime.dto.ServletContextDTO;
import org.osgi.service.servlet.runtime.dto.ServletDTO;

/** The routes that lead to a whiteboard: the patterns of its servlets and resources. */
final class WhiteboardRoutes {

    private WhiteboardRoutes() {}

    static Set<Route> of(RuntimeDTO state) {
        Set<Route> routes = new LinkedHashSet<>();
        for (ServletContextDTO context : state.servletContextDTOs) {
            String path = contextPath(context);
            for (ServletDTO servlet : context.servletDTOs) {
                add(routes, path, servlet.patterns);
            }
            for (ResourceDTO resource : context.resourceDTOs) {
                add(routes, path, resource.patterns);
            }
            // A context below the root answers unknown paths too when it has an answer of its own.
            if (!path.isEmpty() && context.errorPageDTOs.length > 0) {
                add(routes, path, "/");
            }
        }
        return routes;
    }

    private static String contextPath(ServletContextDTO context) {
        String path = context.contextPath == null ? "" : context.contextPath;
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static void add(Set<Route> routes, String contextPath, String... patterns) {
        for (String pattern : patterns) {
            routes.add(new Route(Route.ANY_HOST, contextPath, pattern));
        }
    }
}
