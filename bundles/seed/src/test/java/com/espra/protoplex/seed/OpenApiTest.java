package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.yaml.snakeyaml.Yaml;

/** What docs/openapi.yaml says, as a parser of YAML reads it. */
public class OpenApiTest {

    private static final Set<String> SCHEMA = Set.of(
            "$ref",
            "type",
            "format",
            "pattern",
            "description",
            "properties",
            "additionalProperties",
            "required",
            "items",
            "enum",
            "const",
            "examples",
            "default",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "oneOf",
            "anyOf",
            "allOf",
            "contentEncoding");

    private static Object document() throws Exception {
        try (Reader in = Files.newBufferedReader(Path.of("../../docs/openapi.yaml"))) {
            return new Yaml().load(in);
        }
    }

    /** An unquoted comma cuts a flow map: what follows it is a key without a value. */
    @Test
    public void nothingIsCutByAComma() throws Exception {
        List<String> cut = new ArrayList<>();
        walk(document(), "", (path, value) -> {
            if (value == null) {
                cut.add(path);
            }
        });
        assertEquals(List.of(), cut);
    }

    /** What a comma cuts off may look like a member: then it is one that no schema has. */
    @Test
    public void aSchemaHasTheWordsOfSchemas() throws Exception {
        List<String> unknown = new ArrayList<>();
        walk(document(), "", (path, value) -> {
            if (path.endsWith("/schema") || path.matches("/components/schemas/[^/]+")) {
                schema(value, path, unknown);
            }
        });
        assertEquals(List.of(), unknown);
    }

    private static void schema(Object node, String path, List<String> unknown) {
        if (!(node instanceof Map<?, ?> schema)) {
            return;
        }
        schema.forEach((word, value) -> {
            if (!SCHEMA.contains(word)) {
                unknown.add(path + "/" + word);
            }
            if (value instanceof Map<?, ?> map && word.equals("properties")) {
                map.forEach((name, each) -> schema(each, path + "/" + name, unknown));
            } else if (value instanceof List<?> list) {
                list.forEach(each -> schema(each, path + "/" + word, unknown));
            } else {
                schema(value, path + "/" + word, unknown);
            }
        });
    }

    @Test
    public void whatIsReferredToIsThere() throws Exception {
        Object document = document();
        walk(document, "", (path, value) -> {
            if (path.endsWith("/$ref")) {
                Object target = document;
                for (String part : String.valueOf(value).substring(2).split("/")) {
                    target = target instanceof Map<?, ?> map ? map.get(part) : null;
                }
                assertNotNull(path + ": " + value, target);
            }
        });
    }

    private interface Visitor {

        void visit(String path, Object value);
    }

    private static void walk(Object node, String path, Visitor visitor) {
        visitor.visit(path, node);
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> walk(value, path + "/" + key, visitor));
        } else if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                walk(list.get(i), path + "/" + i, visitor);
            }
        }
    }
}
