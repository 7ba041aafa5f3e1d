package com.espra.protoplex.routing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import com.espra.protoplex.api.http.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

/** The match rules: by example, and against a reference that tries every route. */
public class RouteTableTest {

    private static final List<String> HOSTS =
            List.of("*", "*", "*", "a.com", "www.a.com", "*.a.com", "*.www.a.com", "*.com", "b.org");
    private static final List<String> CONTEXTS = List.of("", "", "", "/a", "/a/b", "/c");
    private static final List<String> PATTERNS =
            List.of("/", "", "/*", "/a", "/a/", "/a/*", "/a/b/*", "/b", "/b/*", "/ab/*", "*.a", "*.b", "*.a.b", "/a.a");
    private static final List<String> SEGMENTS = List.of("a", "b", "c", "ab", "a.a", "x.b", "x.a.b", ".a", "", "a.");
    private static final List<String> ASKED = List.of(
            "a.com", "www.a.com", "x.www.a.com", "y.x.a.com", "b.org", "A.com.", "x.com", "com", "c.net", ".a.com");

    @Test
    public void exactGoesBeforePrefixBeforeExtensionBeforeDefault() {
        RouteTable<String> table = table("/", "*.png", "/a/*", "/a/b/*", "/a/b/c.png");

        assertEquals("/a/b/c.png", table.match(null, "/a/b/c.png"));
        assertEquals("/a/b/*", table.match(null, "/a/b/d.png"));
        assertEquals("/a/b/*", table.match(null, "/a/b"));
        assertEquals("/a/*", table.match(null, "/a/bc"));
        assertEquals("*.png", table.match(null, "/ab/c.png"));
        assertEquals("/", table.match(null, "/"));
        assertEquals("/", table.match(null, "/a.png/x"));
    }

    @Test
    public void nothingMatchesWithoutADefault() {
        assertNull(table("/a").match(null, "/"));
        assertNull(table().match("a.com", "/a"));
    }

    @Test
    public void aHostWithoutTheMatchingPathLeavesItToALessSpecificOne() {
        Map<Route, String> routes = new HashMap<>();
        routes.put(new Route("www.a.com", "", "/x"), "name");
        routes.put(new Route("*.a.com", "", "/y"), "wildcard");
        routes.put(new Route("*", "", "/"), "any");
        RouteTable<String> table = new RouteTable<>(routes);

        assertEquals("name", table.match("WWW.a.com", "/x"));
        assertEquals("wildcard", table.match("www.a.com.", "/y"));
        assertEquals("any", table.match("www.a.com", "/z"));
        assertEquals("any", table.match("a.com", "/y"));
    }

    @Test
    public void extensionsAndDefaultsHoldBelowTheirContextOnly() {
        Map<Route, String> routes = new HashMap<>();
        routes.put(new Route("*", "/a", "*.png"), "a's images");
        routes.put(new Route("*", "/a", "/"), "a's default");
        routes.put(new Route("*", "", "*.png"), "images");
        RouteTable<String> table = new RouteTable<>(routes);

        assertEquals("a's images", table.match(null, "/a/x.png"));
        assertEquals("images", table.match(null, "/ab/x.png"));
        assertEquals("a's default", table.match(null, "/a"));
        assertEquals("a's default", table.match(null, "/a/x"));
        assertNull(table.match(null, "/ab"));
    }

    @Test
    public void everyMatchIsThatOfTheReference() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            Map<Route, Route> routes = new HashMap<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                Route route = new Route(pick(HOSTS, random), pick(CONTEXTS, random), pick(PATTERNS, random));
                if (routes.keySet().stream()
                        .noneMatch(known -> RouteTable.claim(known).equals(RouteTable.claim(route)))) {
                    routes.put(route, route);
                }
            }
            RouteTable<Route> table = new RouteTable<>(routes);
            for (int i = 0; i < 50; i++) {
                String host = pick(ASKED, random);
                StringBuilder path = new StringBuilder();
                for (int segments = random.nextInt(4); segments >= 0; segments--) {
                    path.append('/').append(pick(SEGMENTS, random));
                }
                assertEquals(
                        host + path + " of " + routes.keySet(),
                        reference(routes.keySet(), host, path.toString()),
                        table.match(host, path.toString()));
            }
        }
    }

    /** Tries every route, and takes the best of those that match. */
    private static Route reference(Iterable<Route> routes, String host, String path) {
        String name = host.toLowerCase().replaceAll("\\.$", "");
        List<Route> matching = new ArrayList<>();
        for (Route route : routes) {
            if (hostMatches(route, name) && rank(route, path) >= 0) {
                matching.add(route);
            }
        }
        return matching.stream()
                .min(Comparator.comparing((Route route) -> hostRank(route))
                        .thenComparing(route -> rank(route, path))
                        .thenComparing(route -> -weight(route, path)))
                .orElse(null);
    }

    private static boolean hostMatches(Route route, String host) {
        return switch (hostRank(route)) {
            case 0 -> host.equals(route.host());
            case Integer.MAX_VALUE -> true;
            default ->
                host.endsWith(route.host().substring(1))
                        && host.length() > route.host().length() - 1;
        };
    }

    private static int hostRank(Route route) {
        if (route.host().equals("*")) {
            return Integer.MAX_VALUE;
        }
        return route.host().startsWith("*") ? 1000 - route.host().length() : 0;
    }

    /** 0 exact, 1 prefix, 2 extension, 3 default, -1 no match. */
    private static int rank(Route route, String path) {
        String pattern = route.pattern();
        String context = route.context();
        boolean below = path.equals(context) || path.startsWith(context + "/");
        if (pattern.isEmpty()) {
            return path.equals(context) || path.equals(context + "/") ? 0 : -1;
        } else if (pattern.equals("/")) {
            return below ? 3 : -1;
        } else if (pattern.endsWith("/*")) {
            String prefix = context + pattern.substring(0, pattern.length() - 2);
            return path.equals(prefix) || path.startsWith(prefix + "/") ? 1 : -1;
        } else if (pattern.startsWith("*")) {
            String segment = path.substring(path.lastIndexOf('/') + 1);
            return below && segment.endsWith(pattern.substring(1)) ? 2 : -1;
        }
        return path.equals(context + pattern) ? 0 : -1;
    }

    /** Within one rank: the longest prefix, extension or context. */
    private static int weight(Route route, String path) {
        return switch (rank(route, path)) {
            case 0 -> route.pattern().isEmpty() && path.equals(route.context()) ? 0 : 1;
            case 1 -> route.context().length() + route.pattern().length();
            case 2 -> route.pattern().length() * 100 + route.context().length();
            default -> route.context().length();
        };
    }

    private static RouteTable<String> table(String... patterns) {
        Map<Route, String> routes = new HashMap<>();
        for (String pattern : patterns) {
            routes.put(Route.of(pattern), pattern);
        }
        return new RouteTable<>(routes);
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
