package com.espra.protoplex.routing;

import com.espra.protoplex.api.http.Route;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All routes: by host (exact, then wildcard with the longest first, then any), then by path. A host without a matching path
 * leaves the request to the next, less specific one. Immutable.
 *
 * <p>Threads: safe from any.
 *
 * @param <T> what a route leads to
 */
public final class RouteTable<T> {

    private final boolean hostsMatter;
    private final SubstringMap<PathTable<T>> hosts;
    private final SubstringMap<PathTable<T>> suffixes;
    private final PathTable<T> any;

    /** @param routes no two of one {@link #claim}, and none of a stream listener; the group of listeners counts for nothing */
    public RouteTable(Map<Route, T> routes) {
        Map<String, Map<Route, T>> byHost = new HashMap<>();
        routes.forEach((route, target) ->
                byHost.computeIfAbsent(route.host(), host -> new HashMap<>()).put(route, target));
        Map<Route, T> everywhere = byHost.remove(Route.ANY_HOST);
        any = new PathTable<>(everywhere == null ? Map.of() : everywhere);
        Map<String, PathTable<T>> names = new HashMap<>();
        Map<String, PathTable<T>> wildcards = new HashMap<>();
        byHost.forEach((host, its) -> {
            if (host.startsWith("*")) {
                wildcards.put(host.substring(1), new PathTable<>(its));
            } else {
                names.put(host, new PathTable<>(its));
            }
        });
        hosts = new SubstringMap<>(names);
        suffixes = new SubstringMap<>(wildcards);
        hostsMatter = !byHost.isEmpty();
    }

    /** Whether a match needs the request's host. */
    public boolean hostsMatter() {
        return hostsMatter;
    }

    /**
     * What the request's route leads to.
     *
     * @param host the name that the request asked for, without port; may be null when there is none, or when no route names one
     * @param path the canonical path
     * @return null when no route matches
     */
    public @Nullable T match(@Nullable String host, String path) {
        if (host != null && hostsMatter) {
            T target = named(withoutFinalDot(host.toLowerCase(Locale.ROOT)), path);
            if (target != null) {
                return target;
            }
        }
        return any.match(path);
    }

    private @Nullable T named(String host, String path) {
        PathTable<T> table = hosts.get(host, 0, host.length());
        T target = table == null ? null : table.match(path);
        for (int dot = host.indexOf('.'); target == null && dot >= 0; dot = host.indexOf('.', dot + 1)) {
            table = dot == 0 ? null : suffixes.get(host, dot, host.length());
            target = table == null ? null : table.match(path);
        }
        return target;
    }

    private static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** One form for routes that mean the same: the context matters to extension and default patterns only. */
    public static Route claim(Route route) {
        String pattern = route.pattern();
        boolean contextMatters = pattern.equals("/") || pattern.startsWith("*.");
        if (route.isStream() || contextMatters || route.context().isEmpty()) {
            return route;
        }
        return new Route(route.host(), "", route.context() + (pattern.isEmpty() ? "/" : pattern)).on(route.group());
    }
}
