package com.espra.protoplex.app;

import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** The declarative-service components of a generation that are to serve requests, and do not yet. */
final class ComponentProblems {

    private static final Set<String> SERVING = Set.of(
            "jakarta.servlet.Servlet",
            "jakarta.servlet.Filter",
            "jakarta.servlet.ServletContextListener",
            "jakarta.servlet.ServletContextAttributeListener",
            "jakarta.servlet.ServletRequestListener",
            "jakarta.servlet.ServletRequestAttributeListener",
            "jakarta.servlet.http.HttpSessionListener",
            "jakarta.servlet.http.HttpSessionAttributeListener",
            "jakarta.servlet.http.HttpSessionIdListener",
            "org.eclipse.jetty.server.Handler",
            "org.osgi.service.servlet.context.ServletContextHelper",
            "org.osgi.service.servlet.whiteboard.Preprocessor");

    private static final String RESOURCE_PATTERN = "osgi.http.whiteboard.resource.pattern";

    private final Generation generation;

    ComponentProblems(Generation generation) {
        this.generation = generation;
    }

    List<Problem> of(ServiceComponentRuntime runtime) {
        Collection<ComponentDescriptionDTO> components =
                runtime.getComponentDescriptionDTOs(generation.bundles().toArray(Bundle[]::new));
        List<Problem> problems = new ArrayList<>();
        for (ComponentDescriptionDTO component : components) {
            if (serves(component) && runtime.isComponentEnabled(component)) {
                problems.addAll(problems(component, runtime.getComponentConfigurationDTOs(component)));
            }
        }
        return problems;
    }

    private static boolean serves(ComponentDescriptionDTO component) {
        return Arrays.stream(component.serviceInterfaces).anyMatch(SERVING::contains)
                || component.properties.containsKey(RESOURCE_PATTERN);
    }

    private List<Problem> problems(
            ComponentDescriptionDTO component, Collection<ComponentConfigurationDTO> configurations) {
        String who = "component " + component.name + " of " + component.bundle.symbolicName;
        if (configurations.isEmpty()) {
            return "require".equals(component.configurationPolicy) ? List.of(unconfigured(who, component)) : List.of();
        }
        List<Problem> problems = new ArrayList<>();
        for (ComponentConfigurationDTO configuration : configurations) {
            Problem problem = problem(who, component, configuration);
            if (problem != null) {
                problems.add(problem);
            }
        }
        return problems;
    }

    private static @Nullable Problem problem(
            String who, ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION -> unconfigured(who, component);
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                String waited = Arrays.stream(configuration.unsatisfiedReferences)
                        .map(reference -> reference(component, reference))
                        .collect(Collectors.joining(" and "));
                yield new Problem(
                        false,
                        who + " waits for " + waited,
                        "Put a bundle that provides it into the same build, or make the reference optional.");
            }
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                new Problem(
                        true,
                        who + " failed to activate: " + firstLines(configuration.failure),
                        "Correct its constructor or activate method and push again.");
            default -> null;
        };
    }

    private static Problem unconfigured(String who, ComponentDescriptionDTO component) {
        return new Problem(
                false,
                who + " waits for a configuration of " + String.join(", ", component.configurationPid),
                "Put the configuration into the build's feature.");
    }

    private static String reference(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO unsatisfied) {
        for (ReferenceDTO reference : component.references) {
            if (reference.name.equals(unsatisfied.name)) {
                String target = unsatisfied.target == null ? "" : " with " + unsatisfied.target;
                return "a service " + reference.interfaceName + target + " (its reference " + reference.name + ")";
            }
        }
        return "its reference " + unsatisfied.name;
    }

    /** The exception and its causes, without their stacks. */
    private static String firstLines(@Nullable String failure) {
        if (failure == null) {
            return "no cause is known";
        }
        return failure.lines()
                .filter(line -> !line.startsWith("\t") && !line.isBlank())
                .limit(4)
                .collect(Collectors.joining(", "));
    }
}
