package com.espra.protoplex.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** JSON as trees: binding it to classes would take longer than most commands. */
public final class JsonTree {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

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
        return MAPPER.createObjectNode();
    }

    /**
     * Reads a text.
     *
     * @throws IOException if it is not JSON; the message has line and column
     */
    public static JsonNode parse(byte[] text) throws IOException {
        return MAPPER.readTree(text);
    }

    /** Reads a text; it gives {@code MissingNode} for what is not JSON. */
    public static JsonNode parseLeniently(String text) {
        try {
            return MAPPER.readTree(text);
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
            return MAPPER.readTree(Files.readAllBytes(file));
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
        return MAPPER.writeValueAsBytes(value);
    }

    /** Replaces a file as a whole: a reader sees the old one or the new one. */
    public static void write(Path file, JsonNode tree) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, pretty(tree) + System.lineSeparator());
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
