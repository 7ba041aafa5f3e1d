package com.espra.protoplex.http.exchange;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.OriginalClient;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.limits.Admission;
import com.espra.protoplex.http.limits.Limits;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request and its response, from the parsed header to the end of the stream; or, when the connection was upgraded, to the
 * end of the connection.
 */
public final class Exchange extends Request.Wrapper {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final int MOST_READS = 16;

    private final String id;
    private final ExchangeStream stream;
    private volatile HttpURI uri;
    private volatile @Nullable OriginalConnection original;
    private volatile boolean passedOn;
    private volatile @Nullable HttpFields fields;
    private volatile @Nullable ExchangeBackend backend;
    private volatile @Nullable UpgradedConnection upgraded;
    private volatile boolean lingers;
    private volatile @Nullable Runnable atEnd;
    private volatile int status;
    private volatile @Nullable Object note;
    private @Nullable Callback callback;
    private volatile @Nullable Admission admission;

    /** @param forwarders whose word is taken for whose request it is */
    public Exchange(Request request, String id, Limits limits, Forwarders forwarders) {
        super(request);
        this.id = id;
        this.uri = withAuthority(request);
        if (request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && forwarders.trusts(peer)) {
            isOf(forwarders.client(
                    peer,
                    request.isSecure(),
                    request.getHeaders().getValuesList("X-Forwarded-For"),
                    request.getHeaders().getValuesList("X-Forwarded-Proto")));
        }
        ExchangeStream[] mine = new ExchangeStream[1];
        request.addHttpStreamWrapper(stream -> mine[0] = new ExchangeStream(stream, this, limits.bodyBytes()));
        this.stream = mine[0];
        request.addIdleTimeoutListener(Exchange::endsInSilence);
    }

    /** RFC 9113, section 8.3.1: without an authority the field Host says which host is meant. */
    private static HttpURI withAuthority(Request request) {
        HttpURI uri = request.getHttpURI();
        String host = uri.getAuthority() == null ? request.getHeaders().get(HttpHeader.HOST) : null;
        return host == null ? uri : HttpURI.build(uri).authority(host).asImmutable();
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }

    /** A load balancer has it of this client. */
    private void isOf(Forwarders.Client client) {
        ConnectionMetaData connection = super.getConnectionMetaData();
        original = new OriginalConnection(
                connection, new OriginalClient(client.address(), client.secure(), "", Dispatcher.REQUEST_ID_HEADER));
        if (client.secure() != connection.isSecure()) {
            uri = HttpURI.build(uri)
                    .scheme(client.secure() ? HttpScheme.HTTPS : HttpScheme.HTTP)
                    .asImmutable();
        }
    }

    /** Another node has passed it on for this client. */
    public void isFrom(OriginalClient client) {
        HttpFields.Mutable kept = HttpFields.build();
        for (HttpField field : super.getHeaders()) {
            if (field.getHeader() != HttpHeader.HOST
                    && !field.getLowerCaseName().startsWith(client.own())) {
                kept.add(field);
            }
        }
        HttpURI.Mutable asked = HttpURI.build(uri).scheme(client.secure() ? HttpScheme.HTTPS : HttpScheme.HTTP);
        if (client.authority().isEmpty()) {
            asked.authority(null);
        } else {
            asked.authority(client.authority());
            kept.add(HttpHeader.HOST, client.authority());
        }
        passedOn = true;
        uri = asked.asImmutable();
        fields = kept.asImmutable();
        original = new OriginalConnection(super.getConnectionMetaData(), client);
    }

    /** Whether another node has passed it on. */
    public boolean isPassedOn() {
        return passedOn;
    }

    @Override
    public HttpFields getHeaders() {
        HttpFields its = fields;
        return its == null ? super.getHeaders() : its;
    }

    @Override
    public ConnectionMetaData getConnectionMetaData() {
        OriginalConnection its = original;
        return its == null ? super.getConnectionMetaData() : its;
    }

    @Override
    public boolean isSecure() {
        return getConnectionMetaData().isSecure();
    }

    /**
     * While a request is answered, silence is the handler's affair: a long poll is not idle. Reads and writes that wait for the
     * client do time out.
     */
    private static boolean endsInSilence(TimeoutException timeout) {
        return false;
    }

    public String id() {
        return id;
    }

    /** Who answers; null when no route leads anywhere. */
    @Nullable
    public ExchangeBackend backend() {
        return backend;
    }

    /** The status of the response; 0 while there is none. */
    public int status() {
        return status;
    }

    void answered(int with) {
        status = with;
    }

    public ExchangeStream stream() {
        return stream;
    }

    /** What this exchange became, if its connection was upgraded. */
    @Nullable
    public UpgradedConnection upgraded() {
        return upgraded;
    }

    /** Whether what is left of the body will be read after the answer, so that to leave it unread now is no failure. */
    void lingers(boolean will) {
        lingers = will;
    }

    /** Throws away what has come. Jetty's own would make a failure of what has not come yet, and close. */
    @Override
    public boolean consumeAvailable() {
        if (!lingers) {
            return super.consumeAvailable();
        }
        for (int reads = 0; reads < MOST_READS; reads++) {
            Content.Chunk chunk = read();
            if (chunk == null || Content.Chunk.isFailure(chunk)) {
                return false;
            }
            chunk.release();
            if (chunk.isLast()) {
                return true;
            }
        }
        return false;
    }

    /** Asks to be let in. The place is free again when the stream ends, which an upgraded connection outlives. */
    public boolean admit(Admission by) {
        boolean in = by.enter();
        admission = in ? by : null;
        return in;
    }

    /** The stream is over, or another group is to let it in. */
    public void leave() {
        Admission by = admission;
        admission = null;
        if (by != null) {
            by.leave();
        }
    }

    /** A backend has it from here on, until {@link #end}. */
    public void begin(ExchangeBackend by, Callback completion) {
        callback = completion;
        backend = by;
    }

    /** The backend did not want it. */
    public void notBegun() {
        backend = null;
        callback = null;
    }

    /**
     * The node has it from here on: no generation has it in flight, and it takes no request's place.
     *
     * @param end run when it is over
     */
    public void handOver(Runnable end) {
        atEnd = end;
        ExchangeBackend by = backend;
        if (by != null) {
            by.handOver(this);
        }
        leave();
    }

    boolean isHandedOver() {
        return atEnd != null;
    }

    /** The connection that the handler wants this one to become. */
    @Nullable
    Connection wantsUpgrade() {
        return backend != null
                        && getWrapped().getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) instanceof Connection next
                ? next
                : null;
    }

    /** From here on it ends when the connection closes. Call it before the connection opens, so that no end is missed. */
    UpgradedConnection upgrade(Connection next) {
        next.addEventListener(new Connection.Listener() {
            @Override
            public void onClosed(Connection connection) {
                end();
            }
        });
        UpgradedConnection became = new UpgradedConnection(next);
        upgraded = became;
        return became;
    }

    void end() {
        ExchangeBackend by = backend;
        if (by != null) {
            by.leave(this);
        }
        Runnable end = atEnd;
        if (end != null) {
            end.run();
        }
    }

    /** Ends it now. A client that has no response yet gets 503. */
    public void breakOff() {
        UpgradedConnection connection = upgraded;
        if (connection != null) {
            connection.end();
            return;
        }
        abort(new HttpException.RuntimeException(
                HttpStatus.SERVICE_UNAVAILABLE_503,
                "The request took longer than the version that answers it is kept"));
    }

    /** The client is too slow: what waits for it fails. */
    public void tooSlow(String what) {
        failWaiting(new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, what));
    }

    private void abort(Throwable cause) {
        failWaiting(cause);
        Callback completion = callback;
        if (completion != null) {
            completion.failed(cause);
        }
    }

    /** What waits for the client fails. */
    public void failWaiting(Throwable cause) {
        try {
            getWrapped().fail(cause);
        } catch (RuntimeException over) {
            // The request ended by itself in this moment: there is nothing left to fail.
            LOG.debug("{} was over before it failed", id, over);
        }
    }

    /** Jetty answers for a handler that throws, with the request below this one: its page names the id, too. */
    public void tellId() {
        getWrapped().setAttribute(Dispatcher.REQUEST_ID, id);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return Dispatcher.REQUEST_ID.equals(name) ? id : super.getAttribute(name);
    }

    /** What is noted for the access log stands here, where it costs others no search. */
    @Override
    public @Nullable Object setAttribute(String name, @Nullable Object value) {
        if (!Dispatcher.NOTE.equals(name)) {
            return super.setAttribute(name, value);
        }
        Object before = note;
        note = value;
        return before;
    }

    /** What the access log says besides; null if nothing. */
    @Nullable
    public String note() {
        return note instanceof String text ? text : null;
    }

    @Override
    public Set<String> getAttributeNameSet() {
        Set<String> names = new HashSet<>(super.getAttributeNameSet());
        names.add(Dispatcher.REQUEST_ID);
        return names;
    }

    @Override
    public Map<String, Object> asAttributeMap() {
        Map<String, Object> attributes = new HashMap<>(super.asAttributeMap());
        attributes.put(Dispatcher.REQUEST_ID, id);
        return attributes;
    }

    /** For the set of what is in flight; an identity hash would cost more than all else there. */
    @Override
    public int hashCode() {
        return Long.hashCode(getBeginNanoTime() * 0x9E3779B97F4A7C15L);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }
}
