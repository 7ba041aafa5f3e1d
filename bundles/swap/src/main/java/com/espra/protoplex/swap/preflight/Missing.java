package com.espra.protoplex.swap.preflight;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/**
 * A requirement that nothing meets, in words: what it is, the nearest thing that there is, and what to do.
 *
 * @param requirement what is required
 * @param offer all that there is
 */
record Missing(Requirement requirement, List<Capability> offer) {

    private static final String EXECUTION_ENVIRONMENT = "osgi.ee";

    private static final Map<String, String> KINDS = Map.of(
            PackageNamespace.PACKAGE_NAMESPACE,
            "the package ",
            BundleNamespace.BUNDLE_NAMESPACE,
            "the bundle ",
            HostNamespace.HOST_NAMESPACE,
            "the host bundle ",
            "osgi.contract",
            "the contract ",
            "osgi.extender",
            "the extender ",
            "osgi.service",
            "the service ");

    String describe() {
        String namespace = requirement.getNamespace();
        String filter =
                Objects.requireNonNullElse(requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE), "");
        if (namespace.equals(EXECUTION_ENVIRONMENT)) {
            return "Java " + value(filter, "version").orElse(filter) + ", and this node runs Java "
                    + Runtime.version().feature() + ". Compile it for this version, or give the node a newer Java";
        }
        String name = name(namespace, filter);
        String range = range(filter);
        return KINDS.getOrDefault(namespace, namespace + " ")
                + name
                + (range.isEmpty() ? "" : " " + range)
                + near(name)
                + remedy(namespace, name);
    }

    private static String name(String namespace, String filter) {
        String key = namespace.equals("osgi.service") ? "objectClass" : namespace;
        return value(filter, key).orElse(filter.isEmpty() ? "(any)" : filter);
    }

    private static Optional<String> value(String filter, String key) {
        Matcher matcher = Pattern.compile("\\(" + Pattern.quote(key) + "[>:*]?=([^)]*)\\)")
                .matcher(filter);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** {@code [1.0,2)} from a filter's bounds. */
    private static String range(String filter) {
        Matcher bounds =
                Pattern.compile("(!?)\\(((?:bundle-)?version)>=([^)]*)\\)").matcher(filter);
        String low = "";
        String high = "";
        while (bounds.find()) {
            if (bounds.group(1).isEmpty()) {
                low = bounds.group(3);
            } else {
                high = bounds.group(3);
            }
        }
        if (low.isEmpty()) {
            return value(filter, "version").orElse("");
        }
        return high.isEmpty() ? low + " or newer" : "[" + low + "," + high + ")";
    }

    private String near(String name) {
        List<String> versions = offer.stream()
                .filter(capability -> capability.getNamespace().equals(requirement.getNamespace()))
                .filter(capability -> name.equals(capability.getAttributes().get(requirement.getNamespace())))
                .flatMap(Missing::versions)
                .sorted()
                .distinct()
                .toList();
        if (!versions.isEmpty()) {
            return " (there is " + String.join(", ", versions) + ")";
        }
        return names().filter(other -> distance(name, other) <= Math.max(2, name.length() / 5))
                .min(Comparator.comparingInt(other -> distance(name, other)))
                .map(other -> " (the nearest is " + other + ")")
                .orElse("");
    }

    private Stream<String> names() {
        return offer.stream()
                .filter(capability -> capability.getNamespace().equals(requirement.getNamespace()))
                .map(capability -> capability.getAttributes().get(requirement.getNamespace()))
                .flatMap(value -> value instanceof Collection<?> many ? many.stream() : Stream.of(value))
                .filter(Objects::nonNull)
                .map(Object::toString);
    }

    private static Stream<String> versions(Capability capability) {
        Object version = capability
                .getAttributes()
                .getOrDefault("version", capability.getAttributes().get("bundle-version"));
        return switch (version) {
            case null -> Stream.of(Version.emptyVersion.toString());
            case Collection<?> many -> many.stream().map(Object::toString);
            default -> Stream.of(version.toString());
        };
    }

    private static String remedy(String namespace, String name) {
        if (name.startsWith("javax.servlet")) {
            return ". This is the servlet API of before Jakarta EE 9: move the bundle to jakarta.servlet";
        }
        return switch (namespace) {
            case PackageNamespace.PACKAGE_NAMESPACE ->
                ". Push a bundle that exports it together with this one, or make the import optional";
            case BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE -> ". Push it together with this one";
            default -> ". Push a bundle that provides it, or remove the requirement from the manifest";
        };
    }

    /** Levenshtein's distance, blind to case. */
    private static int distance(String one, String two) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = two.toLowerCase(Locale.ROOT);
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
