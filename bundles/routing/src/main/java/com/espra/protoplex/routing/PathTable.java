package com.espra.protoplex.routing;

import com.espra.protoplex.api.http.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host: exact path, longest prefix, extension, default (Jakarta Servlet 6.1, section 12.1). Immutable; a
 * match walks over the path once and allocates nothing.
 */
final class PathTable<T> {

    private final SubstringMap<T> exact;
    private final SubstringMap<T> prefixes;
    private final SubstringMap<T> defaults;
    private final SubstringMap<List<InContext<T>>> extensions;
    private final boolean hasExtensions;

    /** A target that holds below a context only. */
    private record InContext<T>(String context, T target) {

        boolean holds(String path) {
            return path.startsWith(context)
                    && (path.length() == context.length() || path.charAt(context.length()) == '/');
        }
    }

    PathTable(Map<Route, T> routes) {
        Map<String, T> exactPaths = new HashMap<>();
        Map<String, T> prefixPaths = new HashMap<>();
        Map<String, T> defaultContexts = new HashMap<>();
        Map<String, List<InContext<T>>> byExtension = new HashMap<>();
        routes.forEach((route, target) -> {
            String pattern = route.pattern();
            if (pattern.isEmpty()) {
                exactPaths.put(route.context() + "/", target);
                exactPaths.putIfAbsent(route.context(), target);
            } else if (pattern.equals("/")) {
                defaultContexts.put(route.context(), target);
            } else if (pattern.endsWith("/*")) {
                prefixPaths.put(route.context() + pattern.substring(0, pattern.length() - 2), target);
            } else if (pattern.startsWith("*.")) {
                byExtension
                        .computeIfAbsent(pattern.substring(2), extension -> new ArrayList<>())
                        .add(new InContext<>(route.context(), target));
            } else {
                exactPaths.put(route.context() + pattern, target);
            }
        });
        Comparator<InContext<T>> longestFirst =
                Comparator.comparingInt(scoped -> -scoped.context().length());
        byExtension.values().forEach(list -> list.sort(longestFirst));
        exact = new SubstringMap<>(exactPaths);
        prefixes = new SubstringMap<>(prefixPaths);
        defaults = new SubstringMap<>(defaultContexts);
        extensions = new SubstringMap<>(byExtension);
        hasExtensions = !byExtension.isEmpty();
    }

    @Nullable
    T match(String path) {
        int length = path.length();
        int hash = SubstringMap.SEED;
        T prefix = null;
        T fallback = null;
        // Boundaries come shortest first, so what is found last is the longest.
        for (int i = 0; i <= length; i++) {
            if (i == length || path.charAt(i) == '/') {
                T found = prefixes.get(path, 0, i, hash);
                prefix = found != null ? found : prefix;
                found = defaults.get(path, 0, i, hash);
                fallback = found != null ? found : fallback;
            }
            if (i < length) {
                hash = SubstringMap.extend(hash, path.charAt(i));
            }
        }
        T target = exact.get(path, 0, length, hash);
        if (target != null) {
            return target;
        }
        if (prefix != null) {
            return prefix;
        }
        target = hasExtensions ? extension(path) : null;
        return target != null ? target : fallback;
    }

    /** The longest extension of the last segment wins, so that {@code *.tar.gz} goes before {@code *.gz}. */
    private @Nullable T extension(String path) {
        int length = path.length();
        for (int dot = path.indexOf('.', path.lastIndexOf('/') + 1); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            List<InContext<T>> candidates = extensions.get(path, dot + 1, length);
            if (candidates != null) {
                for (InContext<T> candidate : candidates) {
                    if (candidate.holds(path)) {
                        return candidate.target();
                    }
                }
            }
        }
        return null;
    }
}
