package com.espra.protoplex.live.server.select;

import com.espra.protoplex.json.PlainJson;
import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Update;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of selectors, updates and answers. What is wrong is an {@link IllegalArgumentException} that says what would be right. */
public final class SelectorText {

    /** For a subscription that begins with what is kept. */
    public static final String EARLIEST = "earliest";

    private SelectorText() {}

    /** Reads an object. */
    public static Map<String, Object> object(String text) {
        return object(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads an object. */
    public static Map<String, Object> object(byte[] text) {
        try {
            return PlainJson.parse(text);
        } catch (IOException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "this is no JSON object: " + firstLine(String.valueOf(e.getMessage())), e);
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Writes an object. */
    public static String text(Map<String, ?> object) {
        try {
            return PlainJson.write(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A text of an object, or the other one. */
    public static String string(Map<String, Object> object, String name, String otherwise) {
        Object value = object.getOrDefault(name, otherwise);
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("'" + name + "' is a text, \"" + name + "\": \"...\"");
    }

    /** A list of texts of an object; empty if there is none. */
    public static List<String> strings(Map<String, Object> object, String name) {
        Object value = object.getOrDefault(name, List.of());
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            list.forEach(each -> texts.add((String) each));
            return texts;
        }
        throw new IllegalArgumentException("'" + name + "' is a list of texts, \"" + name + "\": [\"...\"]");
    }

    private static boolean flag(Map<String, Object> object, String name) {
        Object value = object.getOrDefault(name, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new IllegalArgumentException("'" + name + "' is true or false");
    }

    /** The keys of a subscription. */
    public static Selector selector(Map<String, Object> object, boolean seesPrivate) {
        return new Selector(strings(object, "all"), strings(object, "any"), seesPrivate);
    }

    /** The keys of a subscription, as they are read. */
    public static Map<String, Object> selector(Selector selector) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("all", selector.all());
        object.put("any", selector.any());
        return object;
    }

    /** Where a client goes on. */
    public static Resume resume(String from) {
        if (from.isEmpty()) {
            return Resume.NOW;
        }
        if (from.equals(EARLIEST)) {
            return Resume.EARLIEST;
        }
        return Resume.after(Position.parse(from)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'from' is a place as updates have it, 'at', such as 4194305:17; or " + EARLIEST)));
    }

    /** An update to be published. */
    public static Update update(Map<String, Object> object) {
        List<String> keys = strings(object, "keys");
        return new Update(
                string(object, "id", ""),
                keys,
                string(object, "type", ""),
                string(object, "data", ""),
                flag(object, "private"),
                object.get("retry") instanceof Long retry ? retry : 0);
    }

    /** What a client is told of an update. */
    public static Map<String, Object> entry(HubEntry entry) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("at", entry.position().toString());
        if (!entry.update().id().isEmpty()) {
            object.put("id", entry.update().id());
        }
        object.put("keys", entry.update().keys());
        if (!entry.update().type().isEmpty()) {
            object.put("type", entry.update().type());
        }
        object.put("data", entry.update().data());
        return object;
    }
}
