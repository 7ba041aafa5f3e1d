package com.espra.protoplex.relay.head;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.junit.Test;

/** What a director changes in the head of an answer. */
public class AnswerHeadTest {

    private static HttpFields answer(Map<String, String> rules) {
        HttpFields.Mutable to = HttpFields.build();
        AnswerHead.copy(
                HttpFields.build()
                        .add("Set-Cookie", "session=1")
                        .add("X-Frame-Options", "ALLOW")
                        .asImmutable(),
                to,
                rules,
                "me");
        return to;
    }

    @Test
    public void aFieldIsSetInPlaceOfWhatWasSent() {
        assertEquals(List.of("DENY"), answer(Map.of("x-frame-options", "DENY")).getValuesList("X-Frame-Options"));
        assertEquals(List.of(), answer(Map.of("x-frame-options", "")).getValuesList("X-Frame-Options"));
    }

    @Test
    public void aCookieTakesNoneOfTheTargetsAway() {
        assertEquals(
                List.of("session=1", "to=2"),
                answer(Map.of("set-cookie", "to=2")).getValuesList("Set-Cookie"));
        assertEquals(List.of(), answer(Map.of("Set-Cookie", "")).getValuesList("Set-Cookie"));
    }
}
