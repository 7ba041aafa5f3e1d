package com.espra.protoplex.node;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.lang.reflect.Array;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;

/**
 * The effective configuration of this node. The host has checked its keys and filled in every default.
 *
 * @param members the JSON object: maps, lists, strings, numbers and booleans
 * @param listeners the names of the listeners that the node has when it serves, whichever of its processes opens them
 * @param child whether this process is a child
 */
record EffectiveConfiguration(Map<String, Object> members, Set<String> listeners, boolean child) {

    /** Framework property: the JSON text of the effective configuration. */
    static final String CONFIG = "protoplex.config";

    /** Framework property: the node's data folder. */
    static final String DATA = "protoplex.data";

    /**
     * Framework property: the names of all listeners of the node, separated by commas, where children open some of them. When it is
     * missing, this process opens all that there are.
     */
    static final String LISTENERS = "protoplex.listeners";

    /** Framework property: what this process is. */
    static final String PROCESS = "protoplex.process";

    /** The protocol of listeners whose connections roles serve. */
    private static final String STREAM = "stream";

    private static final String PREFIX = "com.espra.protoplex.";

    /** Sections whose keys are the properties of one PID, as they stand. */
    private static final Map<String, String> SECTIONS = Map.of("limits", "http", "swap", "swap", "shell", "shell");

    private static final String SEED = "seed";

    /** The configuration of a node that opens all of its listeners itself. */
    EffectiveConfiguration(Map<String, Object> members) {
        this(members, object(members.getOrDefault("listeners", Map.of())).keySet(), false);
    }

    /** Keys of the section {@code log}, and the properties of the listeners' PID that they become. */
    private static final Map<String, String> ACCESS_LOG = Map.of("fileBytes", "logFileBytes", "files", "logFiles");

    /**
     * Reads the framework properties that the host has set.
     *
     * @throws IllegalStateException if they are missing, or no JSON
     */
    static EffectiveConfiguration of(BundleContext context) {
        String text = context.getProperty(CONFIG);
        if (text == null) {
            throw new IllegalStateException("the framework property " + CONFIG
                    + " is missing: start the node with its launcher, which sets it");
        }
        try {
            EffectiveConfiguration own =
                    new EffectiveConfiguration(PlainJson.parse(text.getBytes(StandardCharsets.UTF_8)));
            String names = context.getProperty(LISTENERS);
            return new EffectiveConfiguration(
                    own.members,
                    names == null ? own.listeners : names(names),
                    "child".equals(context.getProperty(PROCESS)));
        } catch (IOException e) {
            throw new IllegalStateException("the framework property " + CONFIG + " is not JSON: " + e.getMessage(), e);
        }
    }

    private static Set<String> names(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The node's name. */
    String name() {
        return text("name", "node");
    }

    /** The node's region. */
    String region() {
        return text("region", "local");
    }

    /** The node's roles. */
    Set<String> roles() {
        Set<String> roles = new LinkedHashSet<>();
        if (members.get("roles") instanceof List<?> list) {
            list.forEach(role -> roles.add(String.valueOf(role)));
        }
        return roles;
    }

    /**
     * The configurations of the node's components: a PID, or {@code factoryPid~name}, to its properties. A PID in the free-form
     * section {@code configurations} adds to the ones that the other sections make, and wins over them.
     *
     * @throws IllegalArgumentException if a property holds an object, which no component can read
     */
    Map<String, Map<String, Object>> configurations() {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        all.put(
                PREFIX + "node",
                Map.of(
                        "name", name(),
                        "region", region(),
                        "roles", roles().toArray(String[]::new),
                        "listeners", listeners.toArray(String[]::new)));
        // Always there: a node with no Seed still brings up what it ran before.
        all.put(PREFIX + "agent", agent());
        SECTIONS.forEach((key, pid) -> {
            if (members.containsKey(key)) {
                all.put(PREFIX + pid, properties(key, section(key)));
            }
        });
        // The access log is bounded as the node's own log is.
        all.computeIfPresent(PREFIX + "http", (pid, http) -> {
            Map<String, Object> log = section("log");
            ACCESS_LOG.forEach((key, property) -> {
                Object value = log.get(key);
                if (value != null) {
                    http.put(property, plain(value));
                }
            });
            return http;
        });
        // The engine waits for the adapters that every node has: of handlers and servlets, of meters, and of streams.
        // And for all groups of listeners: a role may be served on any.
        Map<String, Object> swap = all.computeIfAbsent(PREFIX + "swap", pid -> new LinkedHashMap<>());
        swap.put("adapters.cardinality.minimum", 3);
        swap.put("Group.cardinality.minimum", groups().size());
        if (child) {
            forChild(all);
        } else if (section("seedServer").get("tokenFile") instanceof String token && !token.isEmpty()) {
            // The Seed is a unit; its commands are the kernel's, for an operator on its node.
            all.put(PREFIX + "gogo.seed", Map.of("tokenFile", token));
        }
        section("listeners").forEach((name, value) -> {
            Map<String, Object> listener = properties("listeners." + name, object(value));
            listener.putIfAbsent("name", name);
            // Which process has it is decided.
            listener.remove("process");
            String protocol = STREAM.equals(listener.remove("protocol")) ? STREAM : "http";
            all.put(PREFIX + protocol + ".listener~" + name, listener);
        });
        all.put(PREFIX + STREAM, streams());
        section("configurations")
                .forEach((pid, value) -> all.computeIfAbsent(pid, key -> new LinkedHashMap<>())
                        .putAll(properties("configurations." + pid, object(value))));
        return all;
    }

    /**
     * A child waits for its swap engine, which needs the table that leads to units: a child without a listener has one, too. What units cannot
     * claim there is known by name.
     */
    private void forChild(Map<String, Map<String, Object>> all) {
        all.put(PREFIX + "child", Map.of("engine.cardinality.minimum", 1));
        all.computeIfAbsent(PREFIX + "http", pid -> new LinkedHashMap<>())
                .put("groups", new String[] {Dispatcher.PUBLIC});
        if (!opensHttp()) {
            all.put(PREFIX + "app", new LinkedHashMap<>(elsewhere("http")));
        }
    }

    private boolean opensHttp() {
        return section("listeners").values().stream()
                .map(EffectiveConfiguration::object)
                .anyMatch(listener -> Dispatcher.PUBLIC.equals(listener.getOrDefault("group", Dispatcher.PUBLIC))
                        && !STREAM.equals(listener.get("protocol")));
    }

    /** The public listeners of this protocol that other processes of the node have, and which processes those are. */
    private Map<String, Object> elsewhere(String protocol) {
        Map<String, Object> section = section("elsewhere");
        List<String> names = new ArrayList<>();
        object(section.getOrDefault("listeners", Map.of())).forEach((name, spoken) -> {
            if (protocol.equals(spoken)) {
                names.add(name);
            }
        });
        return Map.of(
                "elsewhere",
                names.toArray(String[]::new),
                "elsewhereProcess",
                String.valueOf(section.getOrDefault("process", "")));
    }

    /** The limits of streams, and which listeners of this process are streams. It is always there: the adapter of streams is. */
    private Map<String, Object> streams() {
        List<String> names = new ArrayList<>();
        List<String> others = new ArrayList<>();
        section("listeners")
                .forEach((name, listener) ->
                        (STREAM.equals(object(listener).get("protocol")) ? names : others).add(name));
        Map<String, Object> streams = properties("streams", section("streams"));
        streams.put("listeners", names.toArray(String[]::new));
        streams.put("others", others.toArray(String[]::new));
        if (child) {
            streams.putAll(elsewhere(STREAM));
        }
        return streams;
    }

    /** The groups of the listeners of HTTP. */
    private Set<String> groups() {
        return section("listeners").values().stream()
                .map(EffectiveConfiguration::object)
                .filter(listener -> !STREAM.equals(listener.get("protocol")))
                .map(listener -> String.valueOf(listener.getOrDefault("group", Dispatcher.PUBLIC)))
                .collect(Collectors.toSet());
    }

    private Map<String, Object> agent() {
        Map<String, Object> agent = properties("seed", section("seed"));
        agent.putAll(properties("trust", section("trust")));
        String address = address();
        if (!address.isEmpty()) {
            agent.put("reachedBy", address);
        }
        if (members.containsKey("unitVariables")) {
            agent.put("unitVariables", json(section("unitVariables")));
        }
        Map<String, Object> units = new LinkedHashMap<>(section("units"));
        // A section of its own, for the Seed is older than units are. It takes builds of the authors whose builds the
        // nodes run.
        if (members.containsKey("seedServer")) {
            Map<String, Object> seed = new LinkedHashMap<>(section("trust"));
            seed.putAll(section("seedServer"));
            // What is not set is not said: a Seed that was built before a key was there does not know it.
            seed.values().removeIf(""::equals);
            units.put(SEED, seed);
        }
        if (!units.isEmpty()) {
            agent.put("units", json(units));
        }
        return agent;
    }

    /** By what others reach this node. It ends up in URLs, which the whole fleet reads. */
    private String address() {
        Object address = members.getOrDefault("address", "");
        if (address instanceof String text && (text.isEmpty() || isHost(text))) {
            return text;
        }
        throw new IllegalArgumentException("configuration address: '" + address
                + "' is no host: use a name or an IP address such as web-3.example.net, without a scheme or a port");
    }

    private static boolean isHost(String text) {
        if (!text.matches("[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+|\\[[0-9A-Fa-f:.]+]")) {
            return false;
        }
        try {
            return new URI("http://" + (text.indexOf(':') >= 0 && !text.startsWith("[") ? "[" + text + "]" : text)
                                    + ":1")
                            .getHost()
                    != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** A section whose keys are not the node's to know, as text. */
    private static String json(Map<String, Object> section) {
        try {
            return PlainJson.write(section);
        } catch (IOException e) {
            throw new IllegalStateException("JSON cannot be written to memory", e);
        }
    }

    private String text(String key, String otherwise) {
        return members.get(key) instanceof String text ? text : otherwise;
    }

    private Map<String, Object> section(String key) {
        return object(members.getOrDefault(key, Map.of()));
    }

    private static Map<String, Object> object(Object value) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> object.put(String.valueOf(key), member));
        }
        return object;
    }

    private static Map<String, Object> properties(String where, Map<String, Object> section) {
        Map<String, Object> properties = new LinkedHashMap<>();
        section.forEach((key, value) -> {
            if (value instanceof Map) {
                throw new IllegalArgumentException("configuration " + where + "." + key
                        + " is an object: use a string, a number, true, false, or a list of them");
            }
            properties.put(key, value instanceof List<?> list ? array(list) : plain(value));
        });
        return properties;
    }

    /** A whole number as the smaller type that it fits, as components expect it. */
    private static Object plain(Object value) {
        return value instanceof Long number && number == number.intValue() ? (Object) number.intValue() : value;
    }

    /** An array of the type that all elements have. If their types differ, of strings, which components convert. */
    private static Object array(List<?> list) {
        Set<Class<?>> types = new LinkedHashSet<>();
        list.forEach(element -> types.add(plain(element).getClass()));
        if (types.size() != 1) {
            return list.stream().map(String::valueOf).toArray(String[]::new);
        }
        Object array = Array.newInstance(types.iterator().next(), list.size());
        for (int i = 0; i < list.size(); i++) {
            Array.set(array, i, plain(list.get(i)));
        }
        return array;
    }
}
