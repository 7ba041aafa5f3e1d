package com.espra.protoplex.relay.head;

import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** The fields of an answer, as the client gets them. */
public final class AnswerHead {

    private AnswerHead() {}

    /**
     * Adds them.
     *
     * @param to what the node says itself; what the target says replaces it, but for the request's id
     * @param rules of the director, checked
     */
    public static void copy(HttpFields from, HttpFields.Mutable to, Map<String, String> rules, String via) {
        Set<String> named = HopByHop.named(from);
        to.remove(HttpHeader.SERVER);
        for (HttpField field : from) {
            String name = field.getLowerCaseName();
            if (!HopByHop.is(name) && !named.contains(name) && !name.equals("x-request-id")) {
                if (field.getHeader() == HttpHeader.DATE) {
                    // The node's own cannot be removed, only replaced.
                    to.put(field);
                } else {
                    to.add(field);
                }
            }
        }
        to.add(HttpHeader.VIA, "1.1 " + via);
        if (!rules.isEmpty()) {
            rules.forEach((name, value) -> {
                // A cookie of the director's takes none of the target's away.
                if (value.isEmpty() || !HttpHeader.SET_COOKIE.is(name)) {
                    to.remove(name);
                }
                if (!value.isEmpty()) {
                    to.add(name, value);
                }
            });
        }
    }
}
