package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.swap.GenerationAdapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * What adapters do for a generation is registered by its anchor. So that has what a specification asks of the bundle that registers it, such
 * as OSGi Compendium 140.11 for the whiteboard: the implementations and services that the adapters' own bundles provide.
 */
final class AdapterCapabilities {

    private static final List<String> NAMESPACES = List.of("osgi.implementation", "osgi.service");

    private AdapterCapabilities() {}

    /** As in a manifest; empty if there are none. */
    static String of(BundleContext context) {
        return adapters(context).stream()
                .map(ServiceReference::getBundle)
                .filter(Objects::nonNull)
                .distinct()
                .map(bundle -> bundle.adapt(BundleRevision.class))
                .filter(Objects::nonNull)
                .flatMap(revision ->
                        NAMESPACES.stream().flatMap(namespace -> revision.getDeclaredCapabilities(namespace).stream()))
                .map(AdapterCapabilities::clause)
                .distinct()
                .collect(Collectors.joining(","));
    }

    private static List<ServiceReference<GenerationAdapter>> adapters(BundleContext context) {
        try {
            return List.copyOf(context.getServiceReferences(GenerationAdapter.class, null));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter that could be wrong", e);
        }
    }

    /** Without directives: what one of these uses is no package of the anchor's. */
    private static String clause(BundleCapability capability) {
        List<String> parts = new ArrayList<>(List.of(capability.getNamespace()));
        for (Map.Entry<String, Object> each : new TreeMap<>(capability.getAttributes()).entrySet()) {
            Object value = each.getValue();
            String type = switch (value) {
                case Version _ -> ":Version";
                case List<?> _ -> ":List<String>";
                default -> "";
            };
            String text = value instanceof List<?> list
                    ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                    : value instanceof Object[] array ? Arrays.toString(array) : String.valueOf(value);
            parts.add(each.getKey() + type + "=\"" + text + "\"");
        }
        return String.join(";", parts);
    }
}
