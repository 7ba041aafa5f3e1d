package com.espra.protoplex.node;

import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the node's configuration to Config Admin once, when the framework starts. Configurations that are there already stay. */
@Component(
        service = {},
        immediate = true)
public final class ConfigurationWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWriter.class);

    private final ConfigurationAdmin admin;

    @Activate
    public ConfigurationWriter(@Reference ConfigurationAdmin admin, BundleContext context) throws IOException {
        this(admin);
        int written = write(EffectiveConfiguration.of(context).configurations());
        LOG.debug("{} configurations written", written);
    }

    ConfigurationWriter(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** Returns how many were written. */
    int write(Map<String, Map<String, Object>> configurations) throws IOException {
        int written = 0;
        for (var entry : configurations.entrySet()) {
            Configuration configuration = open(entry.getKey());
            if (!same(configuration.getProperties(), entry.getValue())) {
                configuration.update(FrameworkUtil.asDictionary(entry.getValue()));
                written++;
            }
        }
        return written;
    }

    private Configuration open(String pid) throws IOException {
        int name = pid.indexOf('~');
        return name < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, name), pid.substring(name + 1), "?");
    }

    private static boolean same(@Nullable Dictionary<String, Object> there, Map<String, Object> wanted) {
        if (there == null) {
            return false;
        }
        int own = 0;
        for (String key : Collections.list(there.keys())) {
            boolean addedByConfigAdmin = key.startsWith("service.");
            own += addedByConfigAdmin ? 0 : 1;
        }
        return own == wanted.size()
                && wanted.entrySet().stream()
                        .allMatch(entry -> Objects.deepEquals(there.get(entry.getKey()), entry.getValue()));
    }
}
