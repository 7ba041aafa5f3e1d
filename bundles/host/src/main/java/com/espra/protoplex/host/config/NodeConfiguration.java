package com.espra.protoplex.host.config;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.json.Nearest;
import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The configuration of a node in effect: node.json, what the environment overrides, and the defaults of the rest. */
public final class NodeConfiguration {

    /** Variables of other parts of Protoplex that share the prefix. */
    private static final Set<String> RESERVED = Set.of(
            "PROTOPLEX_DIR",
            "PROTOPLEX_HOME",
            "PROTOPLEX_DEBUG",
            "PROTOPLEX_JAVA",
            "PROTOPLEX_CHECKOUT",
            "PROTOPLEX_TOKEN");

    /** What begins so is the key of a unit: whoever has its build knows it. */
    private static final String UNITS = "PROTOPLEX_UNITS_";

    private static final String PROCESS = ".process";
    private static final String ONE = "one";
    private static final String EACH = "each";

    private final Map<String, Object> values;

    private NodeConfiguration(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Reads and checks the configuration.
     *
     * @param file node.json
     * @param environment the process's environment
     * @throws StartException if the file cannot be read, a key is unknown, or a value does not fit
     */
    public static NodeConfiguration read(Path file, Map<String, String> environment) throws StartException {
        Map<String, Object> given = load(file);
        Map<String, Object> flat = new LinkedHashMap<>();
        flatten("", given, flat, file);
        addListeners(flat);
        override(flat, environment);
        fillIn(flat);
        checkListeners(flat);
        checkStreams(flat);
        return new NodeConfiguration(flat);
    }

    /** Where the others are is no choice: the Seed's in the one process, the fleet's in the parent. */
    private static void checkListeners(Map<String, Object> flat) throws StartException {
        for (String name : listenerNames(flat)) {
            String path = "listeners." + name;
            if (ONE.equals(flat.get(path + PROCESS)) && !"public".equals(flat.get(path + ".group"))) {
                throw new StartException(path + ".process is for public listeners, and " + path + ".group is "
                        + flat.get(path + ".group") + ": leave the process out");
            }
        }
    }

    /** Roles, which serve them, are where the public listeners are; and the table that leads to roles comes with a listener of HTTP. */
    private static void checkStreams(Map<String, Object> flat) throws StartException {
        boolean streams = false;
        boolean http = false;
        for (String name : listenerNames(flat)) {
            String path = "listeners." + name;
            boolean open = "public".equals(flat.get(path + ".group"));
            boolean stream = "stream".equals(flat.get(path + ".protocol"));
            if (stream && !open) {
                throw new StartException(path + ".group is " + flat.get(path + ".group")
                        + ", and a listener whose protocol is stream must be public: leave the group out");
            }
            streams |= stream;
            http |= open && !stream;
        }
        if (streams && !http) {
            throw new StartException("there is a listener whose protocol is stream, and no public one of HTTP: add"
                    + " \"http\": {\"port\": 8080} to listeners, on 127.0.0.1 if nobody else should reach it");
        }
    }

    /**
     * Reads what {@link #json} wrote: nothing is added, and the environment has no say.
     *
     * @throws StartException if the file cannot be read
     */
    public static NodeConfiguration readEffective(Path file) throws StartException {
        Map<String, Object> flat = new LinkedHashMap<>();
        flatten("", load(file), flat, file);
        return new NodeConfiguration(flat);
    }

    /** The same without the keys that the test refuses. */
    public NodeConfiguration keep(Predicate<String> paths) {
        Map<String, Object> kept = new LinkedHashMap<>(values);
        kept.keySet().removeIf(paths.negate());
        return new NodeConfiguration(kept);
    }

    /** The same with another value of one key. */
    public NodeConfiguration with(String path, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(path, value);
        return new NodeConfiguration(changed);
    }

    /** The names of all listeners. */
    public List<String> listeners() {
        return List.copyOf(listenerNames(values));
    }

    /** The names of the listeners of a group. */
    public List<String> listeners(String group) {
        return listeners().stream()
                .filter(name -> group.equals(values.get("listeners." + name + ".group")))
                .toList();
    }

    /** The names of the public listeners that each process has that serves, or that the one has for units that are placed in one. */
    public List<String> publicListeners(boolean inOne) {
        return listeners("public").stream()
                .filter(name -> inOne == ONE.equals(values.get("listeners." + name + PROCESS)))
                .toList();
    }

    /** The same with the public listeners of the node's other processes: those that serve, or the one. */
    public NodeConfiguration withElsewhere(boolean inOne, NodeConfiguration node) {
        Map<String, Object> protocols = new LinkedHashMap<>();
        node.publicListeners(inOne).forEach(name -> protocols.put(name, node.text("listeners." + name + ".protocol")));
        Map<String, Object> elsewhere = new LinkedHashMap<>();
        elsewhere.put("process", inOne ? ONE : EACH);
        elsewhere.put("listeners", protocols);
        return with(Keys.ELSEWHERE, elsewhere);
    }

    /** The value of a flag. */
    public boolean flag(String path) {
        return (Boolean) value(path);
    }

    /** The value of a count; "cores" is what the caller says. */
    public int count(String path, int cores) {
        return value(path) instanceof Long number ? number.intValue() : cores;
    }

    /** The value of a text key. */
    public String text(String path) {
        return (String) value(path);
    }

    /** The value of a number key. */
    public long number(String path) {
        return (Long) value(path);
    }

    /** The value of a key that lists texts. */
    public List<String> texts(String path) {
        return ((List<?>) value(path)).stream().map(String.class::cast).toList();
    }

    /** The value of a key that is an object. */
    public Map<String, String> map(String path) {
        Map<String, String> map = new LinkedHashMap<>();
        ((Map<?, ?>) value(path)).forEach((key, item) -> map.put(String.valueOf(key), String.valueOf(item)));
        return map;
    }

    /** All of it, as JSON of the form of node.json. */
    public String json() {
        Map<String, Object> tree = new LinkedHashMap<>();
        values.forEach((path, value) -> put(tree, path, value));
        try {
            return PlainJson.write(tree);
        } catch (IOException e) {
            throw new IllegalStateException("JSON cannot be written to memory", e);
        }
    }

    private Object value(String path) {
        Object value = values.get(path);
        if (value == null) {
            throw new IllegalArgumentException("no key " + path);
        }
        return value;
    }

    private static Map<String, Object> load(Path file) throws StartException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            return PlainJson.read(file);
        } catch (IOException e) {
            throw new StartException(file + " cannot be read: " + firstLine(e), e);
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static void flatten(String prefix, Map<?, ?> object, Map<String, Object> flat, Path file)
            throws StartException {
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            String path = prefix + entry.getKey();
            Object value = entry.getValue();
            Key key = find(path);
            if (key != null) {
                flat.put(path, key.check(value, file + ": " + path));
            } else if (value instanceof Map<?, ?> map && isPrefix(path)) {
                flatten(path + ".", map, flat, file);
            } else {
                throw unknown(file + ": unknown key '" + path + "'", path, known());
            }
        }
    }

    /** A node that says nothing of listeners has the usual ones. */
    private static void addListeners(Map<String, Object> flat) {
        if (flat.keySet().stream().anyMatch(path -> path.startsWith("listeners."))) {
            return;
        }
        flat.put("listeners.http.port", 8080L);
        flat.put("listeners.https.port", 8443L);
        flat.put("listeners.https.tls", true);
        if (flat.get("roles") instanceof List<?> roles && roles.contains("seed")) {
            flat.put("listeners.seed.port", 8060L);
            flat.put("listeners.seed.group", "seed");
            flat.put("listeners.seed.host", "127.0.0.1");
        }
    }

    private static void override(Map<String, Object> flat, Map<String, String> environment) throws StartException {
        Map<String, String> paths = new LinkedHashMap<>();
        for (String path : concrete(flat)) {
            paths.put(Key.variable(path), path);
        }
        Map<String, String> unitVariables = new TreeMap<>();
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String variable = entry.getKey();
            if (!variable.startsWith("PROTOPLEX_") || RESERVED.contains(variable)) {
                continue;
            }
            if (variable.startsWith(UNITS)) {
                unitVariables.put(variable, entry.getValue());
                continue;
            }
            String path = paths.get(variable);
            Key key = path == null ? null : find(path);
            if (path == null || key == null) {
                throw unknown("unknown environment variable " + variable, variable, List.copyOf(paths.keySet()));
            }
            flat.put(path, key.parse(entry.getValue(), variable));
        }
        if (!unitVariables.isEmpty()) {
            flat.put(Keys.UNIT_VARIABLES, unitVariables);
        }
    }

    private static void fillIn(Map<String, Object> flat) {
        for (String path : concrete(flat)) {
            Key key = find(path);
            if (key != null) {
                flat.putIfAbsent(path, isPrivateHost(path, flat) ? "127.0.0.1" : key.standard());
            }
        }
    }

    /** Only the public listeners are for the world, unless the configuration says so. */
    private static boolean isPrivateHost(String path, Map<String, Object> flat) {
        return path.startsWith("listeners.")
                && path.endsWith(".host")
                && !"public".equals(flat.getOrDefault(path.replaceFirst("host$", "group"), "public"));
    }

    /** The paths of all keys, with the names that the user chose in the place of stars. */
    private static List<String> concrete(Map<String, Object> flat) {
        Set<String> listeners = listenerNames(flat);
        List<String> paths = new ArrayList<>();
        for (Key key : Keys.ALL) {
            if (key.path().contains("*")) {
                listeners.forEach(name -> paths.add(key.path().replace("*", name)));
            } else {
                paths.add(key.path());
            }
        }
        return paths;
    }

    private static Set<String> listenerNames(Map<String, Object> flat) {
        Set<String> listeners = new TreeSet<>();
        for (String path : flat.keySet()) {
            if (path.startsWith("listeners.")) {
                listeners.add(path.split("\\.", 3)[1]);
            }
        }
        return listeners;
    }

    private static @Nullable Key find(String path) {
        for (Key key : Keys.ALL) {
            if (matches(key.path().split("\\."), path.split("\\."), true)) {
                return key;
            }
        }
        return null;
    }

    private static boolean isPrefix(String path) {
        return Keys.ALL.stream().anyMatch(key -> matches(key.path().split("\\."), path.split("\\."), false));
    }

    private static boolean matches(String[] pattern, String[] path, boolean whole) {
        if (whole ? pattern.length != path.length : pattern.length <= path.length) {
            return false;
        }
        for (int i = 0; i < path.length; i++) {
            if (!pattern[i].equals("*") && !pattern[i].equals(path[i])) {
                return false;
            }
        }
        return true;
    }

    private static List<String> known() {
        return Keys.ALL.stream().map(Key::path).toList();
    }

    private static StartException unknown(String what, String name, List<String> known) {
        String nearest = Nearest.of(name, known, Integer.MAX_VALUE).orElseThrow();
        return new StartException(what + ". Did you mean '" + nearest + "'?");
    }

    private static void put(Map<String, Object> tree, String path, Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            tree.put(path, value);
            return;
        }
        @SuppressWarnings("unchecked") // only this method puts anything at an inner path
        Map<String, Object> child =
                (Map<String, Object>) tree.computeIfAbsent(path.substring(0, dot), name -> new LinkedHashMap<>());
        put(child, path.substring(dot + 1), value);
    }
}
