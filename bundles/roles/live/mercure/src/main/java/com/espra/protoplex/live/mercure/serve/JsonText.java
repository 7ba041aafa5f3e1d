package com.espra.protoplex.live.mercure.serve;

import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/** JSON as text. */
final class JsonText {

    private JsonText() {}

    static String of(Map<String, ?> object) {
        // It escapes slashes, which need not be, and URLs are full of them.
        return JsonUtil.toJson(object).replace("\\/", "/");
    }

    /** Of what was written here; empty of anything else. */
    static Map<String, Object> read(String text) {
        try {
            return text.isEmpty() ? Map.of() : JsonUtil.parseJson(text);
        } catch (JoseException e) {
            return Map.of();
        }
    }
}
