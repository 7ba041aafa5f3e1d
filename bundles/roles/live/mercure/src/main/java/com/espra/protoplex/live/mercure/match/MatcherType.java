package com.espra.protoplex.live.mercure.match;

import java.util.Arrays;
import java.util.Optional;

/** How the text of a matcher is understood. */
public enum MatcherType {
    /** The topic itself, byte for byte. */
    EXACT("exact"),
    /** A pattern of WHATWG URL Pattern. */
    URLPATTERN("urlpattern"),
    /** Of before 1.0: the topic itself, or a URI template (RFC 6570) that can be expanded to it. */
    TEMPLATE("topic");

    private final String text;

    MatcherType(String text) {
        this.text = text;
    }

    /** As it stands in requests, tokens and paths. */
    public String text() {
        return text;
    }

    /** The type of 1.0 that has this name, which is written in this way alone; empty if there is none. */
    public static Optional<MatcherType> of(String text) {
        return Arrays.stream(values())
                .filter(type -> type != TEMPLATE && type.text.equals(text))
                .findFirst();
    }
}
