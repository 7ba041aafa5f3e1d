package com.espra.protoplex.proxy.server.config;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Route;
import java.util.Optional;

/** Routes as they are written: host, context and pattern in one, without blanks. */
public final class RouteText {

    private RouteText() {}

    /**
     * Reads one. {@code /a/} is the default pattern below {@code /a}, and {@code *.x} every path with this extension: what else could be meant
     * is less.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Route read(String text) {
        int slash = text.indexOf('/');
        int star = text.lastIndexOf('*');
        int path = slash >= 0 ? slash : Math.max(star, 0);
        if (slash < 0 && star < 0) {
            path = text.length();
        }
        String host = text.substring(0, path);
        String rest = text.substring(path);
        return host(host, rest);
    }

    private static Route host(String host, String path) {
        String name = host.isEmpty() ? Route.ANY_HOST : withoutFinalDot(host);
        int star = path.lastIndexOf('*');
        if (star > 0 && path.startsWith("*.", star)) {
            String context = path.substring(0, star);
            return new Route(
                    name,
                    context.endsWith("/") ? context.substring(0, context.length() - 1) : context,
                    path.substring(star));
        }
        if (path.length() > 1 && path.endsWith("/")) {
            return new Route(name, path.substring(0, path.length() - 1), "/");
        }
        return new Route(name, "", path);
    }

    /** A pattern as operators write it: a host alone means all of it. */
    public static Route pattern(String text) {
        if (!text.isEmpty() && text.indexOf('/') < 0 && !text.startsWith("*.") && text.indexOf('*') < 0) {
            return new Route(withoutFinalDot(text), "", "/");
        }
        return read(text);
    }

    /** A route of the directory; empty if it is none of the public listeners, or none that is known here. */
    public static Optional<Route> ofDirectory(String text) {
        int colon = text.indexOf(':');
        int slash = text.indexOf('/');
        if (colon >= 0 && (slash < 0 || colon < slash)) {
            // stream:NAME, or of another group of listeners.
            return Optional.empty();
        }
        try {
            return Optional.of(read(text)).filter(route -> route.group().equals(Dispatcher.PUBLIC));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
