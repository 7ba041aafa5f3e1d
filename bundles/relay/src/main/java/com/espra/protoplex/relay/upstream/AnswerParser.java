package com.espra.protoplex.relay.upstream;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Makes events of the bytes of answers: Jetty's parser, in its strictest mode, which is asked for one event at a time. */
final class AnswerParser implements HttpParser.ResponseHandler {

    private static final int SWITCHING = 101;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** What the next bytes came to. */
    enum Event {
        MORE_NEEDED,
        INTERIM,
        HEAD,
        CONTENT,
        COMPLETE,
        UPGRADED,
        BAD
    }

    private final UpstreamLimits limits;
    private final HttpParser parser;
    private Event event = Event.MORE_NEEDED;
    private HttpFields.Mutable fields = HttpFields.build();
    private HttpFields.@Nullable Mutable trailers;
    private @Nullable ByteBuffer content;
    private @Nullable String reason;
    private @Nullable Throwable failure;
    private int status;
    private int interim;
    private boolean headAsked;
    private boolean oldVersion;
    private boolean begun;
    private boolean framed;

    AnswerParser(UpstreamLimits limits) {
        this.limits = limits;
        this.parser = new HttpParser(this, limits.headBytes(), HttpCompliance.STRICT);
    }

    /** The next answer is to this request. */
    void begin(boolean isHead) {
        headAsked = isHead;
        interim = 0;
        clear();
    }

    private void clear() {
        parser.reset();
        fields = HttpFields.build();
        trailers = null;
        content = null;
        reason = null;
        status = 0;
        begun = false;
        framed = false;
    }

    /** Goes on, with what was read. */
    Event next(ByteBuffer bytes) {
        event = Event.MORE_NEEDED;
        parser.parseNext(bytes);
        if (failure != null) {
            return Event.BAD;
        }
        if (event == Event.COMPLETE && isInterim()) {
            return status == SWITCHING ? Event.UPGRADED : interimComplete();
        }
        if (event == Event.HEAD && isInterim()) {
            // Its end comes at once: it has no body.
            return next(bytes);
        }
        return event;
    }

    private Event interimComplete() {
        if (++interim > limits.interim()) {
            failure = new HttpException.RuntimeException(502, "more than " + limits.interim() + " interim answers");
            return Event.BAD;
        }
        return Event.INTERIM;
    }

    /** After an interim answer comes another head. */
    void afterInterim() {
        clear();
    }

    /** No more bytes come. */
    Event end() {
        parser.atEOF();
        return next(BufferUtil.EMPTY_BUFFER);
    }

    private boolean isInterim() {
        return status >= 100 && status < OK;
    }

    boolean hasBegun() {
        return begun;
    }

    int status() {
        return status;
    }

    @Nullable
    String reason() {
        return reason;
    }

    HttpFields fields() {
        return fields;
    }

    @Nullable
    HttpFields trailers() {
        return trailers;
    }

    /** What the event CONTENT brought. */
    ByteBuffer takeContent() {
        ByteBuffer taken = content;
        content = null;
        return taken == null ? BufferUtil.EMPTY_BUFFER : taken;
    }

    Throwable failure() {
        Throwable known = failure;
        return known == null ? new HttpException.RuntimeException(502, "unknown") : known;
    }

    /** Whether its end was said by the message itself, and the target keeps the connection open. */
    boolean isPersistent() {
        return framed && !oldVersion && !fields.contains(HttpHeader.CONNECTION, "close");
    }

    @Override
    public void startResponse(HttpVersion version, int code, @Nullable String text) {
        begun = true;
        status = code;
        reason = text;
        oldVersion = version != HttpVersion.HTTP_1_1;
        parser.setHeadResponse(headAsked);
    }

    @Override
    public void parsedHeader(HttpField field) {
        add(fields, field);
    }

    private void add(HttpFields.Mutable to, HttpField field) {
        if (to.size() >= limits.headFields()) {
            throw new HttpException.RuntimeException(502, "more than " + limits.headFields() + " fields");
        }
        to.add(field);
    }

    @Override
    public boolean headerComplete() {
        framed = headAsked
                || status == NO_CONTENT
                || status == NOT_MODIFIED
                || fields.contains(HttpHeader.CONTENT_LENGTH)
                || parser.isChunking();
        event = Event.HEAD;
        return true;
    }

    @Override
    public boolean content(ByteBuffer bytes) {
        content = bytes;
        event = Event.CONTENT;
        return true;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public void parsedTrailer(HttpField field) {
        HttpFields.Mutable all = trailers;
        if (all == null) {
            all = HttpFields.build();
            trailers = all;
        }
        add(all, field);
    }

    @Override
    public boolean messageComplete() {
        event = Event.COMPLETE;
        return true;
    }

    @Override
    public void earlyEOF() {
        // Nothing more comes: whoever reads knows what that means.
    }

    @Override
    public void badMessage(HttpException bad) {
        failure = bad instanceof Throwable thrown
                ? thrown
                : new HttpException.RuntimeException(502, String.valueOf(bad.getReason()));
    }
}
