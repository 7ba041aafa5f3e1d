package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What keeps the components of a generation from being ready. */
final class Components {

    /** A component with this property, set to true, may wait for its references for ever. */
    private static final String OPTIONAL = "protoplex.optional";

    private final ServiceComponentRuntime runtime;

    Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /** @param optional names of components that may wait */
    List<Problem> problems(Collection<Bundle> bundles, Set<String> packages, Set<String> optional) {
        List<Problem> problems = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundles.toArray(Bundle[]::new))) {
            for (ComponentConfigurationDTO configuration : runtime.getComponentConfigurationDTOs(component)) {
                if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    problems.add(failed(component, configuration, packages));
                } else if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                        && !optional.contains(component.name)
                        && !isOptional(component)
                        && !waitsToBeLive(configuration)) {
                    problems.add(waiting(component, configuration));
                }
            }
        }
        return problems;
    }

    private static boolean isOptional(ComponentDescriptionDTO component) {
        return Boolean.parseBoolean(String.valueOf(component.properties.get(OPTIONAL)));
    }

    /** It is activated when its generation is live, so readiness cannot wait for it. */
    private static boolean waitsToBeLive(ComponentConfigurationDTO configuration) {
        return Arrays.stream(configuration.unsatisfiedReferences)
                .allMatch(reference -> Generation.LIVE.equals(reference.target));
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
                .map((ReferenceDTO reference) -> "the service " + reference.interfaceName + target)
                .findFirst()
                .orElse("its reference " + unsatisfied.name);
    }

    private static String label(ComponentDescriptionDTO component) {
        return "the component " + component.name + " of " + component.bundle.symbolicName;
    }
}
