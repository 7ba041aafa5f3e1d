package com.espra.protoplex.host.node;

import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The framework properties by which bundles know where they are: see docs/ARCHITECTURE.md, "Configuration of a node". */
final class Properties {

    private Properties() {}

    /** Those of a process: {@code node}, {@code parent} or {@code child}. */
    static Map<String, String> of(
            Path data, NodeConfiguration configuration, Distribution distribution, String process) {
        Map<String, String> properties = new HashMap<>();
        properties.put("protoplex.config", configuration.json());
        properties.put("protoplex.home", distribution.home().toString());
        properties.put("protoplex.data", data.toString());
        properties.put("protoplex.process", process);
        properties.put("ds.loglevel", "1");
        return properties;
    }
}
