package com.espra.protoplex.agent;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.TypedProperties;
import com.espra.protoplex.fleet.config.UnitKey;
import com.espra.protoplex.fleet.config.UnitSeal;
import com.espra.protoplex.fleet.config.UnitValues;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The configurations that a unit gets here, PID to properties: what is more particular wins, key by key. */
final class ReleaseProperties {

    private final Map<String, Map<String, Object>> properties = new TreeMap<>();

    /** Those that the build has in its feature. */
    ReleaseProperties(Build build) throws BuildException {
        addAll(build.configurations());
    }

    /**
     * What is set at the Seed.
     *
     * @param seal opens its secrets; empty when their key is not here
     */
    void add(UnitValues values, Optional<UnitSeal> seal) throws BuildException {
        addAll(values.values());
        for (Map.Entry<String, Map<String, String>> pid : values.secrets().entrySet()) {
            for (Map.Entry<String, String> secret : pid.getValue().entrySet()) {
                UnitSeal opener = seal.orElseThrow(() -> new BuildException(
                        "the key of the secrets of " + values.unit() + " is not on this node",
                        "it comes when the Seed speaks again"));
                of(pid.getKey()).put(secret.getKey(), opener.open(pid.getKey(), secret.getKey(), secret.getValue()));
            }
        }
    }

    /** Values of single keys. */
    void add(Map<UnitKey, Object> values) throws BuildException {
        for (Map.Entry<UnitKey, Object> each : values.entrySet()) {
            UnitKey key = each.getKey();
            addAll(Map.of(key.pid(), Map.of(key.property(), each.getValue())));
        }
    }

    private void addAll(Map<String, Map<String, Object>> plain) throws BuildException {
        for (Map.Entry<String, Map<String, Object>> pid : plain.entrySet()) {
            of(pid.getKey()).putAll(TypedProperties.of(pid.getKey(), pid.getValue()));
        }
    }

    private Map<String, Object> of(String pid) {
        return properties.computeIfAbsent(pid, any -> new TreeMap<>());
    }

    Map<String, Map<String, Object>> all() {
        return properties;
    }
}
