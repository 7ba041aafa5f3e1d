package com.espra.protoplex.app.whiteboard;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.dto.ListenerDTO;
import org.osgi.service.servlet.runtime.dto.RequestInfoDTO;
import org.osgi.service.servlet.runtime.dto.RuntimeDTO;
import org.osgi.service.servlet.runtime.dto.ServletContextDTO;

/** What a whiteboard serves, as an app is to see it (OSGi Compendium, section 140.9): without the listeners that are ours. */
final class AppRuntime implements HttpServiceRuntime {

    private final HttpServiceRuntime library;
    private final BundleContext context;

    AppRuntime(HttpServiceRuntime library, BundleContext context) {
        this.library = library;
        this.context = context;
    }

    @Override
    public RuntimeDTO getRuntimeDTO() {
        RuntimeDTO state = library.getRuntimeDTO();
        Set<Long> ours = ours();
        for (ServletContextDTO each : state.servletContextDTOs) {
            each.listenerDTOs = Arrays.stream(each.listenerDTOs)
                    .filter(listener -> !ours.contains(listener.serviceId))
                    .toArray(ListenerDTO[]::new);
        }
        return state;
    }

    private Set<Long> ours() {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, "(" + OwnServices.OURS + "=*)");
            return Stream.of(found == null ? new ServiceReference<?>[0] : found)
                    .map(reference -> (Long) reference.getProperty(Constants.SERVICE_ID))
                    .collect(Collectors.toSet());
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public RequestInfoDTO calculateRequestInfoDTO(String path) {
        return library.calculateRequestInfoDTO(path);
    }
}
