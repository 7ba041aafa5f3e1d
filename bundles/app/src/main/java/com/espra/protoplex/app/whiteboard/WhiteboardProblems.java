package com.espra.protoplex.app.whiteboard;

import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.servlet.runtime.dto.DTOConstants;
import org.osgi.service.servlet.runtime.dto.FailedErrorPageDTO;
import org.osgi.service.servlet.runtime.dto.FailedFilterDTO;
import org.osgi.service.servlet.runtime.dto.FailedListenerDTO;
import org.osgi.service.servlet.runtime.dto.FailedPreprocessorDTO;
import org.osgi.service.servlet.runtime.dto.FailedResourceDTO;
import org.osgi.service.servlet.runtime.dto.FailedServletContextDTO;
import org.osgi.service.servlet.runtime.dto.FailedServletDTO;
import org.osgi.service.servlet.runtime.dto.RuntimeDTO;
import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/** Says in words why whiteboard services of a generation are not served. */
final class WhiteboardProblems {

    private final Generation generation;

    WhiteboardProblems(Generation generation) {
        this.generation = generation;
    }

    List<Problem> of(RuntimeDTO state) {
        List<@Nullable Problem> problems = new ArrayList<>();
        for (FailedServletDTO dto : state.failedServletDTOs) {
            problems.add(problem("servlet" + at(dto.patterns), dto.serviceId, dto.failureReason));
        }
        for (FailedFilterDTO dto : state.failedFilterDTOs) {
            problems.add(problem("filter" + at(dto.patterns), dto.serviceId, dto.failureReason));
        }
        for (FailedResourceDTO dto : state.failedResourceDTOs) {
            problems.add(problem("resource" + at(dto.patterns), dto.serviceId, dto.failureReason));
        }
        for (FailedListenerDTO dto : state.failedListenerDTOs) {
            problems.add(problem("listener", dto.serviceId, dto.failureReason));
        }
        for (FailedErrorPageDTO dto : state.failedErrorPageDTOs) {
            problems.add(problem("error page", dto.serviceId, dto.failureReason));
        }
        for (FailedPreprocessorDTO dto : state.failedPreprocessorDTOs) {
            problems.add(problem("preprocessor", dto.serviceId, dto.failureReason));
        }
        for (FailedServletContextDTO dto : state.failedServletContextDTOs) {
            problems.add(problem("servlet context '" + dto.name + "'", dto.serviceId, dto.failureReason));
        }
        return problems.stream()
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .distinct()
                .toList();
    }

    private static String at(String @Nullable [] patterns) {
        return patterns == null || patterns.length == 0 ? "" : " at " + String.join(", ", patterns);
    }

    private @Nullable Problem problem(String what, long serviceId, int reason) {
        ServiceReference<?> reference = reference(serviceId);
        String who = what + (reference == null ? "" : " of " + bundle(reference) + component(reference));
        String cause = FailureCauses.of(serviceId);
        String because = cause.isEmpty() ? "" : ": " + cause;
        return switch (reason) {
            // One service in front of another of a lower ranking is how the whiteboard replaces one.
            case DTOConstants.FAILURE_REASON_SHADOWED_BY_OTHER_SERVICE -> null;
            case DTOConstants.FAILURE_REASON_NO_SERVLET_CONTEXT_MATCHING ->
                new Problem(
                        false,
                        who + " waits for a servlet context that matches " + selection(reference),
                        "Register a ServletContextHelper that matches, or correct "
                                + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT + ".");
            case DTOConstants.FAILURE_REASON_EXCEPTION_ON_INIT ->
                new Problem(true, who + " failed in init" + because, "Correct what init does and push again.");
            case DTOConstants.FAILURE_REASON_SERVICE_NOT_GETTABLE ->
                new Problem(
                        true,
                        who + " could not be got from the service registry" + because,
                        "Look at its activation, and at which jakarta.servlet package its bundle is wired to.");
            case DTOConstants.FAILURE_REASON_VALIDATION_FAILED ->
                new Problem(
                        true,
                        who + " has a service property that is not valid: " + properties(reference),
                        "Patterns are /exact, /prefix/*, *.extension, / or the empty string.");
            case DTOConstants.FAILURE_REASON_SERVLET_CONTEXT_FAILURE ->
                new Problem(true, who + ": its servlet context failed" + because, "");
            case DTOConstants.FAILURE_REASON_SERVICE_IN_USE ->
                new Problem(true, who + " is registered twice with one service object", "Use prototype scope.");
            default -> new Problem(true, who + " cannot be served" + because, "");
        };
    }

    private @Nullable ServiceReference<?> reference(long serviceId) {
        try {
            ServiceReference<?>[] found = generation
                    .context()
                    .getAllServiceReferences(null, "(" + Constants.SERVICE_ID + "=" + serviceId + ")");
            return found == null ? null : found[0];
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String bundle(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return bundle == null ? "a stopped bundle" : bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    private static String component(ServiceReference<?> reference) {
        Object name = reference.getProperty("component.name");
        return name == null ? "" : " (component " + name + ")";
    }

    private static String selection(@Nullable ServiceReference<?> reference) {
        Object selected = reference == null
                ? null
                : reference.getProperty(HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_SELECT);
        return selected == null ? "the default context" : String.valueOf(selected);
    }

    private static String properties(@Nullable ServiceReference<?> reference) {
        if (reference == null) {
            return "it is gone";
        }
        return String.join(
                ", ",
                Arrays.stream(reference.getPropertyKeys())
                        .filter(key -> key.startsWith("osgi.http.whiteboard."))
                        .map(key -> key + "=" + text(reference.getProperty(key)))
                        .toList());
    }

    private static String text(Object value) {
        return value instanceof Object[] several ? Arrays.toString(several) : String.valueOf(value);
    }
}
