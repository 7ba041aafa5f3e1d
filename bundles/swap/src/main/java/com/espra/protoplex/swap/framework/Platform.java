package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.swap.unload.ServiceUsageLeak;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * What generations stand on.
 *
 * @param context installs their bundles
 * @param configurations holds their configurations
 * @param components tells of their components
 * @param adapters connect them to what they serve; asked anew for each
 * @param leak mends the framework
 */
record Platform(
        BundleContext context,
        ConfigurationAdmin configurations,
        Components components,
        Supplier<List<GenerationAdapter>> adapters,
        ServiceUsageLeak leak) {}
