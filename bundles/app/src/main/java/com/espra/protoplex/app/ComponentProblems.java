package com.espra.protoplex.app;

import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * The components of a generation that are to serve requests and wait for a configuration. What a component waits for otherwise, the
 * engine tells; one without a configuration may be meant to be off, unless it is what the app answers with.
 */
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

    /** The property of a component that may wait for ever, and the extension of a feature that names such components. */
    private static final String OPTIONAL = "protoplex.optional";

    private static final String RESOURCE_PATTERN = "osgi.http.whiteboard.resource.pattern";

    private final Generation generation;

    ComponentProblems(Generation generation) {
        this.generation = generation;
    }

    List<Problem> of(ServiceComponentRuntime runtime) {
        List<Problem> problems = new ArrayList<>();
        for (ComponentDescriptionDTO component :
                runtime.getComponentDescriptionDTOs(generation.bundles().toArray(Bundle[]::new))) {
            if (serves(component)
                    && !isOptional(component)
                    && runtime.isComponentEnabled(component)
                    && isUnconfigured(component, runtime.getComponentConfigurationDTOs(component))) {
                problems.add(new Problem(
                        false,
                        "the component " + component.name + " of " + component.bundle.symbolicName
                                + " waits for a configuration of " + String.join(", ", component.configurationPid),
                        "Put the configuration into the build's feature, or name the component in its extension "
                                + OPTIONAL + " if it may be missing."));
            }
        }
        return problems;
    }

    private boolean isOptional(ComponentDescriptionDTO component) {
        return generation.optionalComponents().contains(component.name)
                || Boolean.parseBoolean(String.valueOf(component.properties.get(OPTIONAL)));
    }

    private static boolean serves(ComponentDescriptionDTO component) {
        return Arrays.stream(component.serviceInterfaces).anyMatch(SERVING::contains)
                || component.properties.containsKey(RESOURCE_PATTERN);
    }

    private static boolean isUnconfigured(
            ComponentDescriptionDTO component, Collection<ComponentConfigurationDTO> configurations) {
        return configurations.isEmpty()
                ? "require".equals(component.configurationPolicy)
                : configurations.stream()
                        .anyMatch(each -> each.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION);
    }
}
