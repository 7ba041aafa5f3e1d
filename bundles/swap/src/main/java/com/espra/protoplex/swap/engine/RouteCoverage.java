package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which requests a set of routes takes that another one does not. */
final class RouteCoverage {

    private static final String ALL_BELOW = "/*";

    private RouteCoverage() {}

    static Set<Route> routes(List<Endpoint> endpoints) {
        return endpoints.stream()
                .flatMap(endpoint -> endpoint.routes().stream())
                .collect(Collectors.toSet());
    }

    /** The routes of the first set whose requests no route of the second takes, in the order of their texts. */
    static List<Route> lost(Set<Route> before, Set<Route> after) {
        return before.stream()
                .filter(route -> after.stream().noneMatch(other -> covers(other, route)))
                .sorted(Comparator.comparing(Route::toString))
                .toList();
    }

    private static boolean covers(Route wide, Route narrow) {
        boolean elsewhere =
                !wide.listener().equals(narrow.listener()) || !wide.group().equals(narrow.group());
        if (elsewhere || !coversHost(wide.host(), narrow.host())) {
            return false;
        }
        boolean same = wide.context().equals(narrow.context()) && wide.pattern().equals(narrow.pattern());
        return same
                || allBelow(wide)
                        .filter(path -> (least(narrow) + "/").startsWith(path + "/"))
                        .isPresent();
    }

    private static boolean coversHost(String wide, String narrow) {
        return wide.equals(Route.ANY_HOST)
                || wide.equals(narrow)
                || (wide.startsWith("*.") && narrow.endsWith(wide.substring(1)));
    }

    /** The path below which a route takes everything, if it is of that kind. */
    private static Optional<String> allBelow(Route route) {
        String pattern = route.pattern();
        if (pattern.equals("/")) {
            return Optional.of(route.context());
        }
        return pattern.endsWith(ALL_BELOW) ? Optional.of(route.context() + withoutEnd(pattern)) : Optional.empty();
    }

    /** The path that all paths of a route begin with. */
    private static String least(Route route) {
        String pattern = route.pattern();
        if (pattern.equals("/") || pattern.startsWith("*.")) {
            return route.context();
        }
        return route.context() + (pattern.endsWith(ALL_BELOW) ? withoutEnd(pattern) : pattern);
    }

    private static String withoutEnd(String pattern) {
        return pattern.substring(0, pattern.length() - ALL_BELOW.length());
    }
}
