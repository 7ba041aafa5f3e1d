package com.espra.protoplex.fleet.config;

import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a unit is configured with at the Seed, as one document: the same values are always the same bytes. Secrets are in it as
 * {@link UnitSeal} seals them, each time with another nonce: so neither the document nor its digest tells what they are.
 *
 * @param unit the app or role
 * @param values PID to name and type ({@link UnitKey#property}) to a text or a list of texts
 * @param secrets PID to name to the sealed text
 */
public record UnitValues(
        String unit, Map<String, Map<String, Object>> values, Map<String, Map<String, String>> secrets) {

    /** The largest document, in bytes. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final int FORMAT = 1;

    /** Keeps copies, in the order of the names. */
    public UnitValues {
        values = sorted(values);
        secrets = sorted(secrets);
    }

    private static <V> Map<String, Map<String, V>> sorted(Map<String, Map<String, V>> all) {
        Map<String, Map<String, V>> sorted = new TreeMap<>();
        all.forEach((pid, properties) -> {
            if (!properties.isEmpty()) {
                sorted.put(pid, new TreeMap<>(properties));
            }
        });
        return sorted;
    }

    /** Nothing is set. */
    public static UnitValues none(String unit) {
        return new UnitValues(unit, Map.of(), Map.of());
    }

    /** Whether nothing is set. */
    public boolean isEmpty() {
        return values.isEmpty() && secrets.isEmpty();
    }

    /** The same with a value for a key; what was there before goes. */
    public UnitValues with(UnitKey key, Object value) {
        UnitValues next = without(key);
        next.values.computeIfAbsent(key.pid(), pid -> new TreeMap<>()).put(key.property(), value);
        return next;
    }

    /** The same with a sealed secret for a key; what was there before goes. */
    public UnitValues withSecret(UnitKey key, String sealed) {
        UnitValues next = without(key);
        next.secrets.computeIfAbsent(key.pid(), pid -> new TreeMap<>()).put(key.name(), sealed);
        return next;
    }

    /** The same without anything for a key, whatever its type was. */
    public UnitValues without(UnitKey key) {
        return without(key.pid(), key.name());
    }

    private UnitValues without(String pid, String name) {
        Map<String, Map<String, Object>> left = new TreeMap<>();
        values.forEach((each, properties) -> {
            Map<String, Object> kept = new TreeMap<>(properties);
            kept.keySet()
                    .removeIf(property -> each.equals(pid) && name(property).equals(name));
            left.put(each, kept);
        });
        Map<String, Map<String, String>> sealed = new TreeMap<>();
        secrets.forEach((each, properties) -> {
            Map<String, String> kept = new TreeMap<>(properties);
            kept.keySet().removeIf(property -> each.equals(pid) && property.equals(name));
            sealed.put(each, kept);
        });
        return new UnitValues(unit, left, sealed);
    }

    /** The name in a name and a type. */
    public static String name(String property) {
        int colon = property.lastIndexOf(':');
        return colon < 0 ? property : property.substring(0, colon);
    }

    /** What it is named by. */
    public static String digest(byte[] document) {
        return Sha256.of(document);
    }

    /**
     * The document.
     *
     * @throws BuildException if it would have more than {@link #MAX_BYTES}
     */
    public byte[] write() throws BuildException {
        Map<String, Object> root = new TreeMap<>();
        root.put("format", FORMAT);
        root.put("unit", unit);
        root.put("values", values);
        root.put("secrets", secrets);
        try {
            byte[] document = Json.MAPPER.writeValueAsBytes(root);
            if (document.length > MAX_BYTES) {
                throw new BuildException(
                        "all values of " + unit + " have " + document.length + " bytes; " + MAX_BYTES + " are allowed",
                        "put what is large into the build, or into a store that the unit reads");
            }
            return document;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values can always be written", e);
        }
    }

    /**
     * Reads a document.
     *
     * @throws BuildException if it is none
     */
    public static UnitValues read(byte[] document) throws BuildException {
        try {
            JsonNode root = Json.MAPPER.readTree(document);
            if (root.path("format").asInt() != FORMAT
                    || !root.path("unit").isTextual()
                    || !root.path("values").isObject()
                    || !root.path("secrets").isObject()) {
                throw damaged(null);
            }
            Map<String, Map<String, Object>> values = new TreeMap<>();
            for (Map.Entry<String, JsonNode> pid : root.path("values").properties()) {
                Map<String, Object> properties = new TreeMap<>();
                for (Map.Entry<String, JsonNode> property : pid.getValue().properties()) {
                    properties.put(property.getKey(), value(property.getValue()));
                }
                values.put(pid.getKey(), properties);
            }
            Map<String, Map<String, String>> secrets = new TreeMap<>();
            for (Map.Entry<String, JsonNode> pid : root.path("secrets").properties()) {
                Map<String, String> properties = new TreeMap<>();
                for (Map.Entry<String, JsonNode> property : pid.getValue().properties()) {
                    properties.put(property.getKey(), property.getValue().asText());
                }
                secrets.put(pid.getKey(), properties);
            }
            return new UnitValues(root.path("unit").asText(), values, secrets);
        } catch (JsonProcessingException e) {
            throw damaged(e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    private static Object value(JsonNode node) {
        return node.isArray() ? node.valueStream().map(JsonNode::asText).toList() : node.asText();
    }

    private static BuildException damaged(@org.jspecify.annotations.Nullable Exception cause) {
        String what = "these are no values of a unit, or of a newer Protoplex";
        String remedy = "upgrade Protoplex here, or set them again with ./protoplex config set";
        return cause == null ? new BuildException(what, remedy) : new BuildException(what, remedy, cause);
    }

    /** Says of what it is, and nothing of what is in it. */
    @Override
    public String toString() {
        return "values of " + unit;
    }
}
