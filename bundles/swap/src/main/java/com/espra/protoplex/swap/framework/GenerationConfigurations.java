package com.espra.protoplex.swap.framework;

import com.espra.protoplex.swap.isolation.GenerationKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Config Admin as a bundle of a generation finds it: it reads and changes the configurations of its generation, and no other ones. What it
 * makes is for its generation alone, and goes with it: a PID becomes a targeted one (OSGi Compendium, 104.3.2), the instance of a factory is
 * bound to the bundle.
 */
final class GenerationConfigurations implements ConfigurationAdmin {

    private static final String ANY_LOCATION = "?";

    private final ConfigurationAdmin all;
    private final GenerationKey key;
    private final Bundle bundle;

    /**
     * @param all the node's, as the bundle would find it
     * @param key the generation of the bundle
     */
    GenerationConfigurations(ConfigurationAdmin all, GenerationKey key, Bundle bundle) {
        this.all = all;
        this.key = key;
        this.bundle = bundle;
    }

    /** Those of a generation. */
    static List<Configuration> of(GenerationKey key, ConfigurationAdmin all, @Nullable String filter)
            throws IOException, InvalidSyntaxException {
        return Stream.ofNullable(all.listConfigurations(filter))
                .flatMap(Arrays::stream)
                .filter(configuration -> isOf(key, configuration))
                .toList();
    }

    private static boolean isOf(GenerationKey key, Configuration configuration) {
        String pid = configuration.getPid();
        String location = configuration.getBundleLocation();
        return pid.substring(pid.lastIndexOf('|') + 1).startsWith(key.prefix())
                || (location != null && location.startsWith(key.prefix()));
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid) throws IOException {
        return all.createFactoryConfiguration(factoryPid, bundle.getLocation());
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid, @Nullable String location) throws IOException {
        return createFactoryConfiguration(factoryPid);
    }

    @Override
    public Configuration getConfiguration(String pid) throws IOException {
        String plain = pid.split("\\|", 2)[0];
        try {
            for (Configuration own : of(key, all, null)) {
                if (own.getFactoryPid() == null && own.getPid().startsWith(plain + "|")) {
                    return own;
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter", e);
        }
        String target = plain + "|" + bundle.getSymbolicName() + "|" + bundle.getVersion() + "|" + bundle.getLocation();
        return all.getConfiguration(target, ANY_LOCATION);
    }

    @Override
    public Configuration getConfiguration(String pid, @Nullable String location) throws IOException {
        return getConfiguration(pid);
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name) throws IOException {
        String location = bundle.getLocation();
        return all.getFactoryConfiguration(factoryPid, TargetedConfigurations.unique(location, name), location);
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name, @Nullable String location)
            throws IOException {
        return getFactoryConfiguration(factoryPid, name);
    }

    @Override
    public Configuration @Nullable [] listConfigurations(@Nullable String filter)
            throws IOException, InvalidSyntaxException {
        List<Configuration> own = of(key, all, filter);
        return own.isEmpty() ? null : own.toArray(Configuration[]::new);
    }
}
