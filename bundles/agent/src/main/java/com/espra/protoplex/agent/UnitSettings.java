package com.espra.protoplex.agent;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.config.UnitKey;
import com.espra.protoplex.fleet.config.UnitKeys;
import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What this node says of its units: {@code units.<unit>.<key>} in node.json, which counts where the Seed says nothing, and
 * {@code PROTOPLEX_UNITS_<UNIT>_<KEY>} in the environment, which counts whatever the Seed says.
 */
final class UnitSettings {

    private static final String PREFIX = "PROTOPLEX_UNITS_";

    private final Map<String, Map<String, Object>> file = new TreeMap<>();
    private final Map<String, String> variables = new TreeMap<>();

    /**
     * @param units the section, as JSON
     * @param variables name to value, as JSON
     * @throws IllegalArgumentException if a unit in the section is no object
     */
    UnitSettings(String units, String variables) {
        try {
            PlainJson.parse(units.getBytes(StandardCharsets.UTF_8))
                    .forEach((unit, keys) -> file.put(unit, keys(unit, keys)));
            PlainJson.parse(variables.getBytes(StandardCharsets.UTF_8))
                    .forEach((name, value) -> this.variables.put(name, String.valueOf(value)));
        } catch (IOException e) {
            throw new IllegalArgumentException("the configuration of units is no JSON: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> keys(String unit, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("node.json: units." + unit + " is no object: write {\"units\": {\""
                    + unit + "\": {\"key\": \"value\"}}}");
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        map.forEach((key, each) -> keys.put(String.valueOf(key), each));
        return keys;
    }

    /** Whether nothing is said of a unit, so that nobody has to look into its bundles. */
    boolean isSilent(String unit) {
        return !file.containsKey(unit) && variables.keySet().stream().noneMatch(name -> isOf(name, unit));
    }

    private static String prefix(String unit) {
        return PREFIX + word(unit) + "_";
    }

    private static boolean isOf(String variable, String unit) {
        return variable.startsWith(prefix(unit));
    }

    /** As the host does for the node's own keys. */
    private static String word(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9]", "_")
                .toUpperCase(Locale.ROOT);
    }

    /**
     * What node.json says of a unit.
     *
     * @throws BuildException if its build has no such key, or the value is not of its type
     */
    Map<UnitKey, Object> inFile(Build build, UnitKeys keys) throws BuildException {
        Map<UnitKey, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Object> each :
                file.getOrDefault(build.unit(), Map.of()).entrySet()) {
            UnitKey key = known(keys, each.getKey());
            put(
                    values,
                    key,
                    key.text(each.getValue()),
                    "units." + build.unit() + "." + each.getKey() + " of node.json");
        }
        return values;
    }

    private static UnitKey known(UnitKeys keys, String typed) throws BuildException {
        try {
            return keys.find(typed);
        } catch (BuildException e) {
            throw new BuildException("node.json: " + e.getMessage(), e.remedy(), e);
        }
    }

    /**
     * What the environment says of a unit.
     *
     * @param others the names of the other units here: a variable may be meant for one whose name begins like this one's
     * @throws BuildException if its build has no such key, or the value is not of its type
     */
    Map<UnitKey, Object> inEnvironment(Build build, UnitKeys keys, Collection<String> others) throws BuildException {
        Map<UnitKey, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : variables.entrySet()) {
            String name = each.getKey();
            if (!isOf(name, build.unit())) {
                continue;
            }
            Optional<UnitKey> key = keys.all().stream()
                    .filter(known -> name.equals(prefix(build.unit()) + word(keys.shortest(known))))
                    .findFirst();
            boolean forAnother = others.stream()
                    .anyMatch(other -> other.length() > build.unit().length() && isOf(name, other));
            if (key.isPresent()) {
                put(values, key.get(), each.getValue(), "the variable " + name);
            } else if (!forAnother) {
                throw unknown(name, build, keys);
            }
        }
        return values;
    }

    private static BuildException unknown(String name, Build build, UnitKeys keys) {
        List<String> known = keys.all().stream()
                .map(key -> prefix(build.unit()) + word(keys.shortest(key)))
                .toList();
        return new BuildException(
                build.unit() + " " + build.version() + " has no key for the environment variable " + name
                        + UnitKeys.nearest(name, known),
                "take it out of the environment of this node, or correct it, and start the node again");
    }

    /** Who can read node.json, or look at a process, must find no secret there. */
    private static void put(Map<UnitKey, Object> values, UnitKey key, String text, String where) throws BuildException {
        if (key.secret()) {
            throw new BuildException(
                    where + " is a secret, and others can read it there",
                    "take it out, and give it to the Seed: ./protoplex secret set");
        }
        try {
            values.put(key, key.parse(text));
        } catch (BuildException e) {
            throw new BuildException(where + ": " + e.getMessage(), e.remedy(), e);
        }
    }
}
