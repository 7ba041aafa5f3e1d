package com.espra.protoplex.http.connector;

/**
 * What clients make the process hold before a handler has read anything of it.
 *
 * @param heads request heads that are not complete
 * @param unread bodies, and what else has come over HTTP/2
 * @param handshakes of TLS, that are not complete
 */
public record ClientMemory(HeadMemory heads, UnreadBodies unread, Handshakes handshakes) {

    /** How many clients were disconnected because there was no memory for what they had begun. */
    public long cut() {
        return heads.cut() + unread.cut() + handshakes.cut();
    }
}
