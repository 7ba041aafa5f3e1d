package com.espra.protoplex.live.core;

/** Where a subscription begins. */
public sealed interface Resume {

    /** With what comes from now on. */
    record Now() implements Resume {}

    /** With the earliest that is kept. */
    record Earliest() implements Resume {}

    /** With what came after a position. */
    record After(Position position) implements Resume {}

    /** With what came after the update of this {@linkplain HubEntry#id id}. */
    record AfterId(String id) implements Resume {}

    /** With what comes from now on. */
    Resume NOW = new Now();

    /** With the earliest that is kept. */
    Resume EARLIEST = new Earliest();

    /** After a position. */
    static Resume after(Position position) {
        return new After(position);
    }

    /** After an update, by its id or by the text of its position. */
    static Resume afterId(String id) {
        return Position.parse(id).<Resume>map(After::new).orElseGet(() -> new AfterId(id));
    }
}
