package com.espra.protoplex.swap.framework;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** The properties of a service that is registered a second time, by the platform. */
final class ServiceProperties {

    /** Those that a framework sets by itself. */
    private static final Set<String> OF_THE_FRAMEWORK =
            Set.of(Constants.OBJECTCLASS, Constants.SERVICE_ID, Constants.SERVICE_BUNDLEID, Constants.SERVICE_SCOPE);

    private ServiceProperties() {}

    /** Those of the service, without what the framework sets. */
    static Map<String, Object> of(ServiceReference<?> reference) {
        Map<String, Object> properties = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            if (!OF_THE_FRAMEWORK.contains(key)) {
                properties.put(key, reference.getProperty(key));
            }
        }
        return properties;
    }
}
