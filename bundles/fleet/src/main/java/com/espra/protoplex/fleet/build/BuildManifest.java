package com.espra.protoplex.fleet.build;

import com.espra.protoplex.fleet.build.Build.File;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The JSON form of a {@link Build}. The bytes that {@link #write} makes are what is signed and hashed; nobody writes a manifest anew
 * that he has read.
 */
public final class BuildManifest {

    /** The only format that there is. */
    public static final int FORMAT = 1;

    /** The largest manifest, in bytes. */
    public static final int MAX_BYTES = 1024 * 1024;

    private static final Set<String> KEYS = Set.of(
            "format",
            "unit",
            "version",
            "created",
            "author",
            "bundles",
            "configurations",
            "readySeconds",
            "drainSeconds",
            "dropRoutes",
            "optionalComponents",
            "kind",
            "takeOver",
            "needs",
            "offers",
            "placement");
    private static final Set<String> FILE_KEYS = Set.of("name", "sha256", "size");

    private BuildManifest() {}

    /** The digest of a build: the sha256 of its manifest. */
    public static String digest(byte[] manifest) {
        return Sha256.of(manifest);
    }

    /**
     * Writes a manifest.
     *
     * @throws BuildException if the build is not as {@link Build} says it must be
     */
    public static byte[] write(Build build) throws BuildException {
        BuildRules.check(build);
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("format", build.format());
        root.put("unit", build.unit());
        root.put("version", build.version());
        root.put("created", build.created().toString());
        root.put("author", build.author());
        for (File file : build.bundles()) {
            root.withArray("bundles")
                    .addObject()
                    .put("name", file.name())
                    .put("sha256", file.sha256())
                    .put("size", file.size());
        }
        Map<String, Map<String, Object>> sorted = new TreeMap<>();
        build.configurations().forEach((pid, properties) -> sorted.put(pid, new TreeMap<>(properties)));
        root.set("configurations", Json.MAPPER.valueToTree(sorted));
        root.put("readySeconds", build.readySeconds());
        root.put("drainSeconds", build.drainSeconds());
        if (build.dropRoutes()) {
            root.put("dropRoutes", true);
        }
        if (!build.optionalComponents().isEmpty()) {
            root.set("optionalComponents", Json.MAPPER.valueToTree(new TreeSet<>(build.optionalComponents())));
        }
        if (build.kind() != Build.Kind.APP) {
            root.put("kind", build.kind().word());
        }
        if (build.takeOver()) {
            root.put("takeOver", true);
        }
        if (!build.needs().isEmpty()) {
            root.set("needs", Json.MAPPER.valueToTree(new TreeSet<>(build.needs())));
        }
        if (!build.offers().isEmpty()) {
            root.set("offers", Json.MAPPER.valueToTree(new TreeSet<>(build.offers())));
        }
        // What goes without saying is not said: a Protoplex that knows no placement reads it, too.
        if (build.placement() != Build.Placement.standard(build.takeOver())) {
            root.put("placement", build.placement().word());
        }
        try {
            byte[] manifest = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
            if (manifest.length > MAX_BYTES) {
                throw tooLarge(manifest.length);
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can always be written", e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws BuildException if it is not one, or the build is not as {@link Build} says it must be
     */
    public static Build read(byte[] manifest) throws BuildException {
        if (manifest.length > MAX_BYTES) {
            throw tooLarge(manifest.length);
        }
        JsonNode root = tree(manifest);
        int format = (int) number(root, "format");
        if (format != FORMAT) {
            throw new BuildException(
                    "the manifest's format is " + format + "; this Protoplex reads " + FORMAT,
                    "upgrade Protoplex on this node, or push with an older one");
        }
        onlyKeys(root, KEYS, "the manifest");
        Build build = new Build(
                format,
                text(root, "unit"),
                text(root, "version"),
                instant(root),
                text(root, "author"),
                files(root),
                configurations(root),
                (int) number(root, "readySeconds"),
                (int) number(root, "drainSeconds"),
                root.path("dropRoutes").asBoolean(),
                names(root.path("optionalComponents")),
                kind(root),
                root.path("takeOver").asBoolean(),
                names(root.path("needs")),
                names(root.path("offers")),
                placement(root));
        BuildRules.check(build);
        return build;
    }

    private static Build.Kind kind(JsonNode root) throws BuildException {
        String word = root.path("kind").asText(Build.Kind.APP.word());
        for (Build.Kind kind : Build.Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw wrong("there is no kind of unit '" + word + "'");
    }

    private static Build.Placement placement(JsonNode root) throws BuildException {
        boolean takeOver = root.path("takeOver").asBoolean();
        String word =
                root.path("placement").asText(Build.Placement.standard(takeOver).word());
        for (Build.Placement placement : Build.Placement.values()) {
            if (placement.word().equals(word)) {
                return placement;
            }
        }
        throw wrong("there is no placement '" + word + "'");
    }

    private static JsonNode tree(byte[] manifest) throws BuildException {
        try {
            JsonNode root = Json.MAPPER.readTree(manifest);
            if (!root.isObject()) {
                throw wrong("it is not a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new BuildException("the manifest is not well-formed JSON: " + e.getOriginalMessage(), REMEDY, e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    private static List<File> files(JsonNode root) throws BuildException {
        JsonNode array = root.path("bundles");
        if (!array.isArray()) {
            throw wrong("'bundles' is not an array");
        }
        List<File> files = new ArrayList<>();
        for (JsonNode file : array) {
            if (!file.isObject()) {
                throw wrong("an element of 'bundles' is not an object");
            }
            onlyKeys(file, FILE_KEYS, "a file of the manifest");
            files.add(new File(text(file, "name"), text(file, "sha256"), number(file, "size")));
        }
        return files;
    }

    private static Set<String> names(JsonNode array) {
        Set<String> names = new TreeSet<>();
        array.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static Map<String, Map<String, Object>> configurations(JsonNode root) throws BuildException {
        JsonNode object = root.path("configurations");
        if (!object.isObject()) {
            throw wrong("'configurations' is not an object");
        }
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> pid : object.properties()) {
            configurations.put(pid.getKey(), properties(pid.getKey(), pid.getValue()));
        }
        return configurations;
    }

    private static Map<String, Object> properties(String pid, JsonNode node) throws BuildException {
        if (!node.isObject()) {
            throw wrong("configuration '" + pid + "' is not an object");
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (property.getValue().isNull()) {
                throw wrong("configuration '" + pid + "': '" + property.getKey() + "' is null");
            }
            properties.put(property.getKey(), Json.MAPPER.convertValue(property.getValue(), Object.class));
        }
        return properties;
    }

    private static String text(JsonNode node, String key) throws BuildException {
        JsonNode value = node.path(key);
        if (!value.isTextual()) {
            throw wrong("'" + key + "' is not there, or not a string");
        }
        return value.textValue();
    }

    private static long number(JsonNode node, String key) throws BuildException {
        JsonNode value = node.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong("'" + key + "' is not there, or not a whole number");
        }
        long number = value.longValue();
        if (!key.equals("size") && number != (int) number) {
            throw wrong("'" + key + "' is out of range: " + number);
        }
        return number;
    }

    private static Instant instant(JsonNode root) throws BuildException {
        try {
            return Instant.parse(text(root, "created"));
        } catch (DateTimeException e) {
            throw new BuildException(
                    "the manifest is wrong: 'created' is not a time such as 2026-01-31T12:00:00Z", REMEDY, e);
        }
    }

    private static void onlyKeys(JsonNode node, Set<String> known, String where) throws BuildException {
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!known.contains(property.getKey())) {
                throw wrong(where + " has the unknown key '" + property.getKey() + "'");
            }
        }
    }

    private static final String REMEDY = "make the build again with ./protoplex push";

    private static BuildException wrong(String what) {
        return new BuildException("the manifest is wrong: " + what, REMEDY);
    }

    private static BuildException tooLarge(int length) {
        return new BuildException(
                "the manifest has " + length + " bytes; " + MAX_BYTES + " are allowed",
                "use fewer bundles or smaller configurations");
    }
}
