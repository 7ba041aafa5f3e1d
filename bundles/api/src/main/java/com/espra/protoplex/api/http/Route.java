package com.espra.protoplex.api.http;

import java.util.Locale;

/**
 * A claim on requests: a host and a path pattern; or on the connections of a {@linkplain #stream stream listener}.
 *
 * <p>Which of several routes gets a request: an exact host before a wildcard host (the longest first) before {@code *}; within
 * that, the rules of Jakarta Servlet 6.1, section 12.1: exact path, longest prefix, extension, default.
 *
 * @param listener the stream listener, of whose connections all are claimed; empty for requests, on every HTTP listener of the group
 * @param host a lower-case host name without port, {@code *.suffix}, or {@code *} for every host
 * @param context the context path that the pattern is relative to: empty, or {@code /a} with no slash at its end. It matters
 *     to extension patterns and the default pattern, which hold below their context only
 * @param pattern a servlet pattern: {@code /exact}, {@code /prefix/*}, {@code *.extension}, {@code /} (default), or the
 *     empty string (the context's root exactly)
 * @param group the group of listeners on which requests are claimed: {@link Dispatcher#PUBLIC}, or one that node.json names
 */
public record Route(String listener, String host, String context, String pattern, String group) {

    /** Every host. */
    public static final String ANY_HOST = "*";

    /**
     * Checks and normalises the parts.
     *
     * @throws IllegalArgumentException if a part has not the form described above
     */
    public Route {
        host = host.toLowerCase(Locale.ROOT);
        if (host.isEmpty() || (host.indexOf('*') >= 0 && !host.equals(ANY_HOST) && !host.matches("\\*\\.[^*]+"))) {
            throw new IllegalArgumentException("host '" + host + "': use a name, *.name or *");
        }
        if (!context.isEmpty() && (!context.startsWith("/") || context.endsWith("/"))) {
            throw new IllegalArgumentException(
                    "context '" + context + "': use nothing, or /name with no slash at its end");
        }
        boolean path = pattern.startsWith("/")
                && (pattern.indexOf('*') < 0
                        || (pattern.endsWith("/*") && pattern.indexOf('*') == pattern.length() - 1));
        boolean extension = pattern.length() > 2
                && pattern.startsWith("*.")
                && pattern.indexOf('/') < 0
                && pattern.indexOf('*', 1) < 0;
        if (!pattern.isEmpty() && !path && !extension) {
            throw new IllegalArgumentException("pattern '" + pattern + "': use /exact, /prefix/*, *.extension or /");
        }
    }

    /** A claim on requests. */
    public Route(String host, String context, String pattern) {
        this("", host, context, pattern, Dispatcher.PUBLIC);
    }

    /** The same claim on the listeners of another group. */
    public Route on(String otherGroup) {
        return new Route(listener, host, context, pattern, otherGroup);
    }

    /** A claim on the connections of a stream listener. */
    public static Route stream(String listener) {
        if (listener.isEmpty()) {
            throw new IllegalArgumentException("a stream listener has a name");
        }
        return new Route(listener, ANY_HOST, "", "", Dispatcher.PUBLIC);
    }

    /** Whether it is a claim on connections, and not on requests. */
    public boolean isStream() {
        return !listener.isEmpty();
    }

    /** A route on every host, at the root context. */
    public static Route of(String pattern) {
        return new Route(ANY_HOST, "", pattern);
    }

    @Override
    public String toString() {
        if (isStream()) {
            return "stream:" + listener;
        }
        return (group.equals(Dispatcher.PUBLIC) ? "" : group + ":")
                + (host.equals(ANY_HOST) ? "" : host)
                + context
                + pattern;
    }
}
