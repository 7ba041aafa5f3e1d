package com.espra.protoplex.live.mercure.token;

/** What a token is presented for. */
public enum TokenRole {
    PUBLISHER,
    SUBSCRIBER
}
