package com.espra.protoplex.http;

import com.espra.protoplex.api.http.Listener;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.component.Graceful;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket of a group that accepts connections, until it is closed. */
public final class OpenListener implements Listener {

    private static final Logger LOG = LoggerFactory.getLogger(OpenListener.class);

    private final Spec spec;
    private final Group group;
    private final LosslessConnector connector;
    private final URI address;

    /** @param port the one that clients use; the connector of an inherited socket does not know it */
    OpenListener(Spec spec, int port, Group group, LosslessConnector connector) {
        this.spec = spec;
        this.group = group;
        this.connector = connector;
        boolean everywhere = spec.host().equals("0.0.0.0") || spec.host().equals("::");
        String host = everywhere ? "localhost" : spec.host();
        this.address = URI.create((spec.tls() == null ? "http" : "https") + "://"
                + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port);
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public String group() {
        return group.name();
    }

    @Override
    public URI address() {
        return address;
    }

    LosslessConnector connector() {
        return connector;
    }

    /**
     * Accepts nothing more, tells the clients of kept connections that these end, waits for what is in flight, and closes what
     * is left at the deadline. Clients of upgraded connections are asked at once to come again: they would not end by themselves.
     */
    public void close(Duration deadline) {
        var drained = connector.leave().thenCompose(left -> Graceful.shutdown(connector));
        group.closeUpgraded(connector);
        try {
            drained.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            int busy = connector.getConnectedEndPoints().size();
            LOG.info(
                    "listener {} closes with {} connections still open after {} s",
                    spec.name(),
                    busy,
                    deadline.toSeconds());
        } catch (ExecutionException e) {
            LOG.warn("listener {} could not be drained, and closes as it is", spec.name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.remove(this);
    }

    @Override
    public String toString() {
        return spec.name() + " " + address;
    }
}
