package com.espra.protoplex.cli;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** JSON as trees: binding it to classes would take longer than most commands. */
public final class JsonTree {

    private static final ObjectReader READER = Json.MAPPER.reader().with(JsonReadFeature.ALLOW_JAVA_COMMENTS);

    private JsonTree() {}

    /**
     * Makes the first use of JSON quick. That takes some 50 ms in a JVM that has just started, about as long as picocli takes with the
     * command line: with a second processor both are done at once.
     */
    static void prepare() {
        parseLeniently("{}");
    }

    /** A new, empty object. */
    public static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }

    /**
     * Reads a text.
     *
     * @throws IOException if it is not JSON; the message has line and column
     */
    public static JsonNode parse(byte[] text) throws IOException {
        return READER.readTree(text);
    }

    /** Reads a text; it gives {@code MissingNode} for what is not JSON. */
    public static JsonNode parseLeniently(String text) {
        try {
            return READER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /**
     * Reads a file.
     *
     * @return {@code MissingNode} if there is no such file
     */
    public static JsonNode read(Path file) throws IOException {
        try {
            return READER.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw CliException.usage(
                    file + " is not JSON: " + e.getOriginalMessage() + ", line "
                            + e.getLocation().getLineNr(),
                    "correct it, or move it away");
        }
    }

    /** For people and for files that people edit. */
    public static String pretty(JsonNode tree) {
        return tree.toPrettyString();
    }

    /** On one line, and always the same for the same tree. */
    public static byte[] bytes(Object value) throws IOException {
        return Json.MAPPER.writeValueAsBytes(value);
    }

    /** Replaces a file as a whole: a reader sees the old one or the new one. */
    public static void write(Path file, JsonNode tree) throws IOException {
        Disk.replace(file, (pretty(tree) + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    }
}
