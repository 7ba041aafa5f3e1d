package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.yaml.snakeyaml.Yaml;

/** What docs/openapi.yaml says, as a parser of YAML reads it. */
public class OpenApiTest {

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
