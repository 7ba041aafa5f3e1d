package com.espra.protoplex.api.datastore;

/**
 * What the Main Datastore answers.
 *
 * @param status of HTTP: 200, or that of an error
 * @param message the answer of the method; of an error a {@code google.rpc.Status}. Not copied: change it no more
 */
@SuppressWarnings("ArrayRecordComponent") // A copy of each answer would cost more than it protects.
public record DatastoreAnswer(int status, byte[] message) {

    /** Without the message, which may be secret. */
    @Override
    public String toString() {
        return status + " with " + message.length + " bytes";
    }
}
