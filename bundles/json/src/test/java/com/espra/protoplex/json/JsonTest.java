package com.espra.protoplex.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class JsonTest {

    record Event(String name, Instant at) {}

    @Test
    public void whatIsReadIsBounded() {
        refused("[".repeat(65) + "]".repeat(65));
        refused("{\"" + "k".repeat(5_000) + "\": 1}");
        refused("\"" + "x".repeat((1 << 20) + 1) + "\"");
        refused("{\"a\": 1, \"a\": 2}");
        refused("{} {}");
        refused("{} /* said by hand */");
    }

    @Test
    public void timesAreTexts() throws IOException {
        Event event = new Event("start", Instant.parse("2026-01-02T03:04:05Z"));

        String text = Json.MAPPER.writeValueAsString(event);

        assertEquals("{\"name\":\"start\",\"at\":\"2026-01-02T03:04:05Z\"}", text);
        assertEquals(event, Json.MAPPER.readValue(text, Event.class));
        assertThrows(
                JsonProcessingException.class,
                () -> Json.MAPPER.readValue(text.replace("03:04:05Z", "noon"), Event.class));
    }

    @Test
    public void anotherVersionMaySayMore() throws IOException {
        String text = "{\"name\": \"start\", \"since\": 3}";

        assertThrows(JsonProcessingException.class, () -> Json.MAPPER.readValue(text, Event.class));
        assertEquals("start", Json.OTHER_VERSION.readValue(text, Event.class).name());
    }

    @Test
    public void plainMapsComeBackAsTheyWere() throws IOException {
        Map<String, Object> object = Map.of("text", "ä", "number", 7L, "list", List.of(1.5, true, Map.of("a", "b")));

        assertEquals(object, PlainJson.parse(PlainJson.write(object).getBytes(UTF_8)));

        for (String text : List.of("[]", "{} {}", "{\"a\": null}", "{\"a\": 1, \"a\": 2}", "{\"a\"")) {
            assertThrows(text, IOException.class, () -> PlainJson.parse(text.getBytes(UTF_8)));
        }
    }

    private static void refused(String text) {
        assertThrows(text, JsonProcessingException.class, () -> read(text));
    }

    private static JsonNode read(String text) throws JsonProcessingException {
        return Json.MAPPER.readTree(text);
    }
}
