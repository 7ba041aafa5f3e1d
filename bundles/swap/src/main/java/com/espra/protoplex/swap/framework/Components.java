package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.swap.isolation.Border;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What keeps the components of a generation from being ready. */
final class Components {

    /** A component with this property, set to true, may wait for its references for ever. */
    private static final String OPTIONAL = "protoplex.optional";

    /** What the cardinality of a reference begins with that must be satisfied. */
    private static final String MANDATORY = "1";

    /** Nobody tells when a component that another thread deactivates is inactive. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);

    private final ServiceComponentRuntime runtime;

    Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * @param optional names of components that may wait
     * @param opensLater whether the generation takes over: what waits for what it will open then may wait
     */
    List<Problem> problems(Collection<Bundle> bundles, Set<String> packages, Set<String> optional, boolean opensLater) {
        List<Problem> problems = new ArrayList<>();
        List<Waiting> waiting = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundles.toArray(Bundle[]::new))) {
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(component)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    problems.add(failed(component, configuration, packages));
                } else if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                    waiting.add(new Waiting(component, configuration));
                }
            }
        }
        removeThoseForLive(waiting, opensLater);
        waiting.stream()
                .filter(one -> !optional.contains(one.component().name) && !isOptional(one.component()))
                .forEach(one -> problems.add(waiting(one.component(), one.configuration())));
        return problems;
    }

    private record Waiting(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {

        /** Whether it waits for nothing but its generation to be live, or for services that come with that. */
        boolean isFor(Set<String> services) {
            return Arrays.stream(configuration.unsatisfiedReferences)
                    .allMatch(unsatisfied -> Generation.LIVE.equals(unsatisfied.target)
                            || Arrays.stream(component.references)
                                    .anyMatch(reference -> reference.name.equals(unsatisfied.name)
                                            && services.contains(reference.interfaceName)));
        }
    }

    /** They are activated when their generation is live, so readiness cannot wait for them. */
    private static void removeThoseForLive(List<Waiting> waiting, boolean transitively) {
        Set<String> services = new HashSet<>();
        boolean more = true;
        while (more) {
            List<Waiting> found =
                    waiting.stream().filter(one -> one.isFor(services)).toList();
            waiting.removeAll(found);
            found.forEach(one -> services.addAll(List.of(one.component().serviceInterfaces)));
            more = transitively && !found.isEmpty();
        }
    }

    /**
     * Has all components that refer to {@link Generation#LIVE} activated, also those that wait until somebody asks for them: what they open
     * must not fail when the first request comes.
     *
     * @param context asks for them, and holds them until they are deactivated
     * @return what is not active for all that
     */
    List<Problem> activateThoseForLive(Collection<Bundle> bundles, BundleContext context) {
        List<Problem> problems = new ArrayList<>();
        for (ComponentDescriptionDTO component : thoseForLive(bundles)) {
            runtime.getComponentConfigurationDTOs(component).stream()
                    .filter(configuration -> configuration.state == ComponentConfigurationDTO.SATISFIED)
                    .forEach(configuration -> activate(configuration, context));
            boolean inactive = runtime.getComponentConfigurationDTOs(component).stream()
                    .anyMatch(configuration -> configuration.state == ComponentConfigurationDTO.SATISFIED);
            if (inactive) {
                problems.add(new Problem(false, label(component) + " is not active", ""));
            }
        }
        return problems;
    }

    private static void activate(ComponentConfigurationDTO configuration, BundleContext context) {
        try {
            ServiceReference<?>[] found =
                    context.getServiceReferences((String) null, "(component.id=" + configuration.id + ")");
            if (found != null) {
                context.getService(found[0]);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns when no component is active that refers to {@link Generation#LIVE}, or when it is interrupted. */
    void awaitInactive(Collection<Bundle> bundles) {
        try {
            while (thoseForLive(bundles).stream()
                    .flatMap(component -> runtime.getComponentConfigurationDTOs(component).stream())
                    .anyMatch(configuration -> configuration.state == ComponentConfigurationDTO.ACTIVE)) {
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ComponentDescriptionDTO> thoseForLive(Collection<Bundle> bundles) {
        return runtime.getComponentDescriptionDTOs(bundles.toArray(Bundle[]::new)).stream()
                .filter(component -> Arrays.stream(component.references)
                        .anyMatch(reference -> Generation.LIVE.equals(reference.target)
                                && reference.cardinality.startsWith(MANDATORY)))
                .toList();
    }

    private static boolean isOptional(ComponentDescriptionDTO component) {
        return Boolean.parseBoolean(String.valueOf(component.properties.get(OPTIONAL)));
    }

    private static Problem failed(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, Set<String> packages) {
        String failure = Objects.requireNonNullElse(configuration.failure, "it gives no reason");
        return new Problem(true, label(component) + " failed to activate: " + FailureText.of(failure, packages), "");
    }

    private static Problem waiting(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        String services = Arrays.stream(configuration.unsatisfiedReferences)
                .map(reference -> service(component, reference))
                .distinct()
                .collect(Collectors.joining(", "));
        return new Problem(
                false,
                label(component) + " waits for " + services,
                "Push a bundle that provides it, or set the component's property " + OPTIONAL
                        + "=true if it may be missing, or name it in the feature's extension " + OPTIONAL);
    }

    private static String service(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO unsatisfied) {
        String target = unsatisfied.target == null || unsatisfied.target.isEmpty() ? "" : " with " + unsatisfied.target;
        return Arrays.stream(component.references)
                .filter(reference -> reference.name.equals(unsatisfied.name))
                .map((ReferenceDTO reference) -> "the service " + reference.interfaceName + target
                        + (Border.findsAsRoleAlone(reference.interfaceName) ? ", which is for roles" : ""))
                .findFirst()
                .orElse("its reference " + unsatisfied.name);
    }

    private static String label(ComponentDescriptionDTO component) {
        return "the component " + component.name + " of " + component.bundle.symbolicName;
    }
}
