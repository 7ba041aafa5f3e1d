package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.proxy.RouteHandler;
import com.espra.protoplex.proxy.server.config.RouteText;
import com.espra.protoplex.routing.RouteTable;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A handler of another role, and the requests for which it is asked, as its service properties say. Immutable. */
public final class HandlerMatch {

    private static final int MOST_PATTERNS = 1000;

    private final RouteHandler handler;
    private final String name;
    private final int ranking;
    private final @Nullable RouteTable<Boolean> paths;
    private final Set<String> methods;
    private final List<String> headers;
    private final List<String> cookies;
    private final Set<String> fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * @param name whose it is, for people
     * @throws IllegalArgumentException if a property is none
     */
    public HandlerMatch(RouteHandler handler, String name, Map<String, ?> properties) {
        this.handler = handler;
        this.name = name;
        this.ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
        this.paths = paths(texts(properties, RouteHandler.HOST), texts(properties, RouteHandler.PATH));
        this.methods = Set.copyOf(texts(properties, RouteHandler.METHOD).stream()
                .map(method -> method.toUpperCase(Locale.ROOT))
                .toList());
        this.headers = texts(properties, RouteHandler.HEADER);
        this.cookies = texts(properties, RouteHandler.COOKIE);
        fields.addAll(texts(properties, RouteHandler.FIELDS));
        headers.forEach(header -> fields.add(before(header)));
        if (!cookies.isEmpty()) {
            fields.add("Cookie");
        }
    }

    private static @Nullable RouteTable<Boolean> paths(List<String> hosts, List<String> patterns) {
        if (hosts.isEmpty() && patterns.isEmpty()) {
            return null;
        }
        if ((long) Math.max(1, hosts.size()) * Math.max(1, patterns.size()) > MOST_PATTERNS) {
            throw new IllegalArgumentException("more than " + MOST_PATTERNS + " hosts and paths");
        }
        Map<Route, Boolean> routes = new HashMap<>();
        for (String host : hosts.isEmpty() ? List.of(Route.ANY_HOST) : hosts) {
            for (String pattern : patterns.isEmpty() ? List.of("/") : patterns) {
                Route path = RouteText.read(pattern);
                routes.put(RouteTable.claim(new Route(host, path.context(), path.pattern())), Boolean.TRUE);
            }
        }
        return new RouteTable<>(routes);
    }

    private static List<String> texts(Map<String, ?> properties, String key) {
        Object value = properties.get(key);
        if (value instanceof String text) {
            return List.of(text);
        } else if (value instanceof String[] texts) {
            return List.copyOf(Arrays.asList(texts));
        } else if (value instanceof Collection<?> texts) {
            return texts.stream().map(String::valueOf).toList();
        }
        return List.of();
    }

    boolean matches(Asked asked) {
        return (methods.isEmpty() || methods.contains(asked.request().method()))
                && (paths == null || paths.match(asked.host(), asked.path()) != null)
                && headers.stream().allMatch(header -> hasHeader(asked, header))
                && cookies.stream().allMatch(cookie -> hasCookie(asked, cookie));
    }

    private static boolean hasHeader(Asked asked, String wanted) {
        List<String> values = asked.request().headers(before(wanted));
        return wanted.indexOf('=') < 0 ? !values.isEmpty() : values.contains(after(wanted));
    }

    private static boolean hasCookie(Asked asked, String wanted) {
        String value = RouteStep.Cookies.value(asked.request(), before(wanted));
        return value != null && (wanted.indexOf('=') < 0 || value.equals(after(wanted)));
    }

    private static String before(String text) {
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    private static String after(String text) {
        return text.substring(text.indexOf('=') + 1);
    }

    RouteHandler handler() {
        return handler;
    }

    /** Whose it is. */
    public String name() {
        return name;
    }

    int ranking() {
        return ranking;
    }

    Set<String> fields() {
        return fields;
    }

    /** Whether it stands for this service. */
    public boolean isOf(RouteHandler other) {
        return handler.equals(other);
    }
}
