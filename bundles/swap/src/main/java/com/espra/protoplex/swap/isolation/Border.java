package com.espra.protoplex.swap.isolation;

import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.api.swap.Release;
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
 * <p>A unit finds what other units {@linkplain OfferProperties#OFFER offer}: {@link #OFFERABLE}, and of roles all of {@link #API} that is not
 * the {@link #KERNEL}'s. It finds a proxy that the platform registers; an app does not find those {@link #AMONG_ROLES}.
 *
 * <p>A generation finds its own services, and of the platform's those in {@link #OFFERED}, a role's also those in
 * {@link #OFFERED_TO_ROLES}. The platform finds nothing of a generation but {@link #CONFIGURED}, and what {@code LiveServices} shows of it
 * while it is live: {@link #SHOWN}, and of a role {@link #SHOWN_OF_ROLES}. What a generation serves its clients with the adapters take from
 * its own context: of any unit servlets, handlers and receivers of channels, and of a role alone stream handlers.
 */
public final class Border {

    /**
     * What any unit finds of the platform. A name that ends with a dot stands for all types of that package. Config Admin is among them
     * because Declarative Services looks for the one that a component's bundle finds; it is the unit's {@linkplain #OWN_CONFIGURATIONS own}.
     */
    private static final List<String> OFFERED = List.of(
            "com.espra.protoplex.api.capability.Capabilities",
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

    /** What a role finds besides. */
    private static final List<String> OFFERED_TO_ROLES = List.of(
            "com.espra.protoplex.api.call.FleetCalls",
            "com.espra.protoplex.api.directory.Directory",
            "com.espra.protoplex.api.node.",
            "com.espra.protoplex.api.http.Listener",
            "com.espra.protoplex.api.owner.Owners",
            "com.espra.protoplex.api.relay.NodeDoors",
            "org.apache.felix.hc.api.execution.HealthCheckExecutor",
            "org.osgi.service.component.runtime.ServiceComponentRuntime");

    /** By these a generation is given its configuration, before it is live: Config Admin calls them (OSGi Compendium, chapter 104). */
    private static final Set<String> CONFIGURED =
            Set.of("org.osgi.service.cm.ManagedService", "org.osgi.service.cm.ManagedServiceFactory");

    /** What the platform finds of any unit while it is live, by type. Of several generations it finds one. */
    private static final Set<String> SHOWN =
            Set.of("org.apache.felix.hc.api.HealthCheck", "org.osgi.service.event.EventHandler");

    /** What it finds besides of a live role: roles may extend the platform, for all units. */
    private static final Set<String> SHOWN_OF_ROLES = Set.of(
            "com.espra.protoplex.api.directory.DirectoryListener",
            "com.espra.protoplex.api.owner.SlotHolder",
            "com.espra.protoplex.api.relay.Director",
            "com.espra.protoplex.api.swap.GenerationAdapter",
            "com.espra.protoplex.api.swap.SwapListener");

    /** What any unit may offer to the others. */
    private static final List<String> OFFERABLE = List.of("java.util.concurrent.Callable", "java.util.function.");

    /** What roles may offer besides: interfaces that every unit takes from the platform. */
    private static final List<String> API = List.of("com.espra.protoplex.api.");

    /** What no app finds, whoever offers it: roles say to each other what no app may say. */
    private static final List<String> AMONG_ROLES = List.of("com.espra.protoplex.api.call.");

    /** What the kernel alone answers: whoever looks for these must not get a unit. */
    private static final List<String> KERNEL = List.of(
            "com.espra.protoplex.api.call.FleetCalls",
            "com.espra.protoplex.api.capability.",
            "com.espra.protoplex.api.directory.",
            "com.espra.protoplex.api.fleet.",
            "com.espra.protoplex.api.http.",
            "com.espra.protoplex.api.node.",
            "com.espra.protoplex.api.offer.",
            "com.espra.protoplex.api.owner.",
            "com.espra.protoplex.api.relay.",
            "com.espra.protoplex.api.standing.",
            "com.espra.protoplex.api.stream.",
            "com.espra.protoplex.api.swap.");

    /** The service property that makes any object a shell command, whatever its type. */
    private static final String COMMAND = "osgi.command.scope";

    /** The property of the Config Admin that generations find, and the platform does not: the node's is for the platform alone. */
    public static final String OWN_CONFIGURATIONS = "protoplex.configurations.own";

    private static final String CONFIGURATIONS = "org.osgi.service.cm.ConfigurationAdmin";

    /** A filter that matches all that may be shown of a live generation, and perhaps more: see {@link #shown}. */
    public static final String SHOWN_FILTER = filter();

    private Border() {}

    private static String filter() {
        StringBuilder filter = new StringBuilder("(|(").append(COMMAND).append("=*)");
        Stream.concat(SHOWN.stream(), SHOWN_OF_ROLES.stream())
                .sorted()
                .forEach(type -> filter.append("(objectClass=").append(type).append(')'));
        return filter.append(')').toString();
    }

    /** The types under which the platform finds this service while its generation is live; empty: under none. */
    public static List<String> shown(Release.Kind kind, ServiceReference<?> reference) {
        List<String> types = types(reference)
                .filter(type -> SHOWN.contains(type) || (kind == Release.Kind.ROLE && SHOWN_OF_ROLES.contains(type)))
                .toList();
        boolean command = types.isEmpty() && reference.getProperty(COMMAND) != null;
        return command ? List.of(Object.class.getName()) : types;
    }

    /** The types of a service of an app that the platform finds of roles alone; empty if there are none. */
    public static List<String> ofRolesAlone(ServiceReference<?> reference) {
        return types(reference).filter(SHOWN_OF_ROLES::contains).toList();
    }

    /** Whether a bundle of this generation, or of the platform when there is none, finds the service. */
    static boolean finds(Optional<GenerationKey> seeker, ServiceReference<?> reference) {
        Bundle source = reference.getBundle();
        if (source == null) {
            return false;
        }
        Optional<GenerationKey> owner = GenerationKey.of(source);
        if (owner.isEmpty() && types(reference).anyMatch(CONFIGURATIONS::equals)) {
            return seeker.isPresent() == (reference.getProperty(OWN_CONFIGURATIONS) != null);
        }
        if (owner.equals(seeker)) {
            return true;
        }
        if (owner.isEmpty() && reference.getProperty(OfferProperties.OFFER) != null) {
            // The unit itself finds the service, and not its proxy.
            Object offering = reference.getProperty(OfferProperties.UNIT);
            return seeker.isPresent()
                    && !seeker.get().unit().equals(offering)
                    && (seeker.get().kind() == Release.Kind.ROLE
                            || types(reference).noneMatch(type -> isIn(AMONG_ROLES, type)));
        }
        if (owner.isEmpty()) {
            Release.Kind kind = seeker.map(GenerationKey::kind).orElse(Release.Kind.APP);
            return types(reference).anyMatch(type -> isOffered(kind, type));
        }
        return seeker.isEmpty() && types(reference).anyMatch(CONFIGURED::contains);
    }

    /** Whether a unit of this kind may offer the interface to other units, if it has it from the platform or the JDK. */
    public static boolean mayOffer(Release.Kind kind, String type) {
        return isIn(OFFERABLE, type) || (kind == Release.Kind.ROLE && isIn(API, type) && !isIn(KERNEL, type));
    }

    /** Whether this is a service of the platform that a role finds, and an app does not. */
    public static boolean findsAsRoleAlone(String type) {
        return isOffered(Release.Kind.ROLE, type) && !isOffered(Release.Kind.APP, type);
    }

    private static boolean isOffered(Release.Kind kind, String type) {
        return isIn(OFFERED, type) || (kind == Release.Kind.ROLE && isIn(OFFERED_TO_ROLES, type));
    }

    private static boolean isIn(List<String> names, String type) {
        return names.stream().anyMatch(name -> name.endsWith(".") ? type.startsWith(name) : type.equals(name));
    }

    private static Stream<String> types(ServiceReference<?> reference) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS));
    }
}
