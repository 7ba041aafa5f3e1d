package com.espra.protoplex.relay.upstream;

import com.espra.protoplex.api.relay.Outcome;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Hears of the answer to one request. Calls come one after another; what has a callback is followed by the next call when that is completed. A
 * callback that fails ends the connection, and nothing is called after it.
 */
public interface AnswerListener {

    /** An interim answer: 100 to 199 without 101. */
    void interim(int status, HttpFields fields, Callback next);

    /** The head of the final answer. Its fields are as they came. */
    void head(int status, @Nullable String reason, HttpFields fields);

    /**
     * A part of its body, which may be empty.
     *
     * @param bytes valid until the callback is completed
     * @param last whether it is the end; the trailers are known then
     */
    void content(ByteBuffer bytes, boolean last, @Nullable HttpFields trailers, Callback next);

    /** All is here, and has been taken. */
    void complete();

    /** The connection speaks another protocol from here on, and is the caller's: {@code 101}. */
    void upgraded(EndPoint target, ByteBuffer read);

    /** There is no answer, or no more of it. The connection is closed. */
    void failed(Outcome outcome, Throwable cause);
}
