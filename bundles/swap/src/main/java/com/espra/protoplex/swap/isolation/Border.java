package com.espra.protoplex.swap.isolation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * Which services cross the border between a generation and the platform: the one place that says so. docs/swap.md shows it as a table.
 *
 * <p>A generation finds its own services, and of the platform's those in {@link #OFFERED}. The platform finds nothing of a generation but
 * {@link #CONFIGURED}, and what {@code LiveServices} shows of it while it is live: {@link #SHOWN}.
 */
public final class Border {

    /**
     * What an app finds of the platform. A name that ends with a dot stands for all types of that package. Config Admin is among them because
     * Declarative Services looks for the one that a component's bundle finds.
     */
    private static final List<String> OFFERED = List.of(
            "com.espra.protoplex.api.node.Node",
            "org.osgi.service.cm.ConfigurationAdmin",
            "org.osgi.service.condition.Condition",
            "org.osgi.service.event.EventAdmin",
            "org.osgi.service.log.",
            "org.osgi.service.metatype.MetaTypeService",
            "org.osgi.service.servlet.context.",
            "org.osgi.service.servlet.runtime.",
            "org.osgi.service.packageadmin.PackageAdmin",
            "org.osgi.service.startlevel.StartLevel",
            "org.osgi.service.resolver.Resolver");

    /** By these a generation is given its configuration, before it is live: Config Admin calls them (OSGi Compendium, chapter 104). */
    private static final Set<String> CONFIGURED =
            Set.of("org.osgi.service.cm.ManagedService", "org.osgi.service.cm.ManagedServiceFactory");

    /** What the platform finds of an app while it is live, by type. Of several generations it finds one. */
    private static final Set<String> SHOWN =
            Set.of("org.apache.felix.hc.api.HealthCheck", "org.osgi.service.event.EventHandler");

    /** The service property that makes any object a shell command, whatever its type. */
    private static final String COMMAND = "osgi.command.scope";

    /** A filter that matches all that may be shown of a live generation, and perhaps more: see {@link #shown}. */
    public static final String SHOWN_FILTER = filter();

    private Border() {}

    private static String filter() {
        StringBuilder filter = new StringBuilder("(|(").append(COMMAND).append("=*)");
        SHOWN.stream()
                .sorted()
                .forEach(type -> filter.append("(objectClass=").append(type).append(')'));
        return filter.append(')').toString();
    }

    /** The types under which the platform finds this service while its generation is live; empty: under none. */
    public static List<String> shown(ServiceReference<?> reference) {
        List<String> types = types(reference).filter(SHOWN::contains).toList();
        boolean command = types.isEmpty() && reference.getProperty(COMMAND) != null;
        return command ? List.of(Object.class.getName()) : types;
    }

    /** Whether a bundle of this generation, or of the platform when there is none, finds the service. */
    static boolean finds(Optional<GenerationKey> seeker, ServiceReference<?> reference) {
        Bundle source = reference.getBundle();
        if (source == null) {
            return false;
        }
        Optional<GenerationKey> owner = GenerationKey.of(source);
        if (owner.equals(seeker)) {
            return true;
        }
        if (owner.isEmpty()) {
            return types(reference).anyMatch(Border::isOffered);
        }
        return seeker.isEmpty() && types(reference).anyMatch(CONFIGURED::contains);
    }

    private static boolean isOffered(String type) {
        return OFFERED.stream()
                .anyMatch(offered -> offered.endsWith(".") ? type.startsWith(offered) : type.equals(offered));
    }

    private static Stream<String> types(ServiceReference<?> reference) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS));
    }
}
