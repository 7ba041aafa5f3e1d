package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.RelayRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpURI;
import org.jspecify.annotations.Nullable;

/** A head as a director sees it: texts are made when they are asked for. Used again and again; of one thread at a time. */
final class LoopRequest implements RelayRequest {

    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final WireRequest head;
    private boolean secure;
    private @Nullable SocketAddress client;
    private @Nullable String id;
    private @Nullable String host;
    private @Nullable String path;

    LoopRequest(WireRequest head) {
        this.head = head;
    }

    /** It is about what was just read. */
    void begin(boolean isSecure, @Nullable SocketAddress from) {
        secure = isSecure;
        client = from;
        id = null;
        host = null;
        path = null;
    }

    /** The id is this. */
    void named(String its) {
        id = its;
    }

    @Override
    public String id() {
        return id == null ? "" : id;
    }

    @Override
    public String method() {
        byte[] in = head.bytes();
        int begin = head.begin();
        int end = head.methodEnd();
        return end - begin == 3 && in[begin] == 'G' && in[begin + 1] == 'E' && in[begin + 2] == 'T'
                ? "GET"
                : Octets.text(in, begin, end);
    }

    @Override
    public String scheme() {
        return secure ? "https" : "http";
    }

    @Override
    public String host() {
        String its = host;
        if (its == null) {
            its = Octets.text(head.bytes(), head.host(), head.hostEnd()).toLowerCase(Locale.ROOT);
            host = its;
        }
        return its;
    }

    @Override
    public int port() {
        int from = head.hostEnd() + 1;
        long its = from < head.portEnd() ? Octets.decimal(head.bytes(), from, head.portEnd()) : -1;
        return its >= 0 ? (int) its : secure ? 443 : 80;
    }

    private int queryAt() {
        byte[] in = head.bytes();
        for (int i = head.target(); i < head.targetEnd(); i++) {
            if (in[i] == '?') {
                return i;
            }
        }
        return head.targetEnd();
    }

    @Override
    public String path() {
        String its = path;
        if (its == null) {
            its = Octets.text(head.bytes(), head.target(), queryAt());
            path = its;
        }
        return its;
    }

    /**
     * The path as Jetty has it, by which units claim; {@code null} if it is one of those that may mean two things.
     */
    @Nullable
    String canonicalPath() {
        String raw = path();
        boolean plain = true;
        for (int i = 1; plain && i < raw.length(); i++) {
            char c = raw.charAt(i);
            char before = raw.charAt(i - 1);
            plain = c != '%' && c != ';' && !(before == '/' && (c == '/' || c == '.'));
        }
        if (plain) {
            return raw;
        }
        try {
            HttpURI uri = HttpURI.from(raw);
            return uri.hasViolations() ? null : uri.getCanonicalPath();
        } catch (RuntimeException e) {
            return null;
        }
    }

    @Override
    public String query() {
        int at = queryAt();
        return at == head.targetEnd() ? "" : Octets.text(head.bytes(), at + 1, head.targetEnd());
    }

    boolean hasQuery() {
        return queryAt() < head.targetEnd();
    }

    @Override
    public List<String> headers(String name) {
        List<String> values = List.of();
        String lower = name.toLowerCase(Locale.ROOT);
        FieldLines fields = head.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (Octets.is(head.bytes(), fields.line(i), fields.nameEnd(i), lower)) {
                values = values.isEmpty() ? new ArrayList<>(1) : values;
                values.add(Octets.text(head.bytes(), fields.value(i), fields.end(i)));
            }
        }
        return values;
    }

    /** The first value of a field in lower case. */
    @Nullable
    String first(String lowerName) {
        FieldLines fields = head.fields();
        for (int i = 0; i < fields.count(); i++) {
            if (Octets.is(head.bytes(), fields.line(i), fields.nameEnd(i), lowerName)) {
                return Octets.text(head.bytes(), fields.value(i), fields.end(i));
            }
        }
        return null;
    }

    @Override
    public InetSocketAddress client() {
        return client instanceof InetSocketAddress inet ? inet : NOBODY;
    }
}
