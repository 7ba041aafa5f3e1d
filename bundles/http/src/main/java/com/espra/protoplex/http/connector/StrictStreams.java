package com.espra.protoplex.http.connector;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;

/** Over HTTP/2 a malformed request is an error of its stream (RFC 9113, section 8.1.1), where Jetty answers it with 400. */
final class StrictStreams {

    private final MalformedRequests malformed;

    StrictStreams(MalformedRequests malformed) {
        this.malformed = malformed;
    }

    /** Resets the stream if Jetty takes its head for sound and it is not. */
    boolean refuse(Stream stream, HeadersFrame frame) {
        String broken = frame.getMetaData() instanceof MetaData.Request request ? Http2Rules.broken(request) : null;
        if (broken != null) {
            refuse(stream, broken, Callback.NOOP);
        }
        return broken != null;
    }

    /** Resets the stream if Jetty has found its head malformed. */
    boolean refuse(Stream stream, Throwable failure, Callback callback) {
        boolean malformedHead =
                failure instanceof HttpException refusal && refusal.getCode() == HttpStatus.BAD_REQUEST_400;
        if (malformedHead) {
            refuse(stream, String.valueOf(failure.getMessage()), callback);
        }
        return malformedHead;
    }

    private void refuse(Stream stream, String broken, Callback callback) {
        malformed.add(stream.getSession().getRemoteSocketAddress(), broken);
        stream.reset(new ResetFrame(stream.getId(), ErrorCode.PROTOCOL_ERROR.code), callback);
    }
}
