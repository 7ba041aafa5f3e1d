package com.espra.protoplex.http.connector;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS handshakes that are not complete, over all connections. Each has an engine and a buffer for the message that it waits for, whether
 * its client ever sends it or not. When there are too many, the oldest is cut: that of a client that means it takes a moment.
 */
public final class Handshakes implements SslHandshakeListener, Connection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);

    /** Of the heap. */
    private static final int SHARE = 4;

    private static final int BYTES_EACH = 24 << 10;

    private final int most;
    private final SequencedMap<SSLEngine, SslConnection> open = new LinkedHashMap<>();
    private final LongAdder cut = new LongAdder();

    /** As many as fit in the share that they may have of this process's heap. */
    public Handshakes() {
        this((int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / SHARE / BYTES_EACH));
    }

    Handshakes(int most) {
        this.most = most;
    }

    /** How many go on. */
    public int open() {
        synchronized (open) {
            return open.size();
        }
    }

    /** How many were cut. */
    public long cut() {
        return cut.sum();
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection tls) {
            SslConnection oldest = begin(tls);
            if (oldest != null) {
                LOG.debug("{} is disconnected: too many handshakes go on", oldest);
                cut.increment();
                oldest.getEndPoint().close();
            }
        }
    }

    /** Counts it; returns which is one too many. */
    private @Nullable SslConnection begin(SslConnection connection) {
        synchronized (open) {
            open.put(connection.getSSLEngine(), connection);
            return open.size() > most ? open.pollFirstEntry().getValue() : null;
        }
    }

    @Override
    public void handshakeSucceeded(Event event) {
        end(event.getSSLEngine());
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof SslConnection tls) {
            end(tls.getSSLEngine());
        }
    }

    private void end(SSLEngine engine) {
        synchronized (open) {
            open.remove(engine);
        }
    }
}
