package com.espra.protoplex.agent;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.config.UnitKey;
import com.espra.protoplex.fleet.config.UnitKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Test;

public class UnitSettingsTest {

    private static final Build BUILD = new Build(
            1,
            "hello",
            "1.0.0",
            Instant.EPOCH,
            "0123456789abcdef",
            List.of(),
            Map.of("pid", Map.of("greeting", "Hello", "pageSize:Integer", 3, "names", List.of("a"))),
            60,
            30);

    private static Map<String, Object> byName(Map<UnitKey, Object> values) {
        Map<String, Object> names = new TreeMap<>();
        values.forEach((key, value) -> names.put(key.name(), value));
        return names;
    }

    private static Map<String, Object> inFile(String units) throws Exception {
        return byName(new UnitSettings(units, "{}").inFile(BUILD, UnitKeys.of(BUILD, file -> null)));
    }

    private static Map<String, Object> inEnvironment(String variables, String... others) throws Exception {
        return byName(new UnitSettings("{}", variables)
                .inEnvironment(BUILD, UnitKeys.of(BUILD, file -> null), List.of(others)));
    }

    private static String refusal(org.junit.function.ThrowingRunnable call) {
        return String.valueOf(assertThrows(BuildException.class, call).getMessage());
    }

    @Test
    public void theFileNamesKeysAsTheyAre() throws Exception {
        assertEquals(
                Map.of("greeting", "Hi", "names", List.of("b", "c,d"), "pageSize", "5"),
                inFile("{\"hello\": {\"greeting\": \"Hi\", \"pid/pageSize\": 5, \"names\": [\"b\", \"c,d\"]}}"));
        assertEquals(Map.of(), inFile("{\"other\": {\"greeting\": \"Hi\"}}"));
    }

    @Test
    public void theEnvironmentNamesThemAsOtherKeys() throws Exception {
        assertEquals(
                Map.of("greeting", "Hi", "pageSize", "5"),
                inEnvironment(
                        "{\"PROTOPLEX_UNITS_HELLO_GREETING\": \"Hi\", \"PROTOPLEX_UNITS_HELLO_PAGE_SIZE\": \"5\"}"));
    }

    @Test
    public void whatIsUnknownOrWrongIsRefusedWithWhereItStands() {
        assertEquals(
                "node.json: hello 1.0.0 has no key 'greting'; did you mean 'greeting'?",
                refusal(() -> inFile("{\"hello\": {\"greting\": \"Hi\"}}")));
        assertTrue(refusal(() -> inFile("{\"hello\": {\"pageSize\": \"many\"}}"))
                .startsWith("units.hello.pageSize of node.json: 'many' cannot be the value"));
        assertTrue(refusal(() -> inEnvironment("{\"PROTOPLEX_UNITS_HELLO_PAGESIZE\": \"5\"}"))
                .endsWith("PROTOPLEX_UNITS_HELLO_PAGESIZE; did you mean 'PROTOPLEX_UNITS_HELLO_PAGE_SIZE'?"));
        assertThrows(IllegalArgumentException.class, () -> new UnitSettings("{\"hello\": 3}", "{}"));
    }

    @Test
    public void aVariableMayBeMeantForAUnitWhoseNameBeginsSo() throws Exception {
        String variables = "{\"PROTOPLEX_UNITS_HELLO_WORLD_SIZE\": \"5\"}";

        assertEquals(Map.of(), inEnvironment(variables, "hello", "hello-world"));
        assertTrue(refusal(() -> inEnvironment(variables, "hello")).contains("has no key"));
    }

    @Test
    public void whoSaysNothingIsSilent() {
        UnitSettings settings = new UnitSettings("{\"a\": {\"b\": 1}}", "{\"PROTOPLEX_UNITS_MY_APP_SIZE\": \"5\"}");

        assertFalse(settings.isSilent("a"));
        assertFalse(settings.isSilent("my-app"));
        assertTrue(settings.isSilent("hello"));
    }
}
