package com.espra.protoplex.http.listen;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.http.connector.LosslessConnector;
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

    private final ListenerSettings settings;
    private final ListenerGroup group;
    private final LosslessConnector connector;
    private final URI address;
    private final boolean everywhere;

    /** @param port the one that clients use; the connector of an inherited socket does not know it */
    OpenListener(ListenerSettings settings, int port, ListenerGroup group, LosslessConnector connector) {
        this.settings = settings;
        this.group = group;
        this.connector = connector;
        this.everywhere = settings.host().equals("0.0.0.0") || settings.host().equals("::");
        String host = everywhere ? "localhost" : settings.host();
        this.address = URI.create((settings.tls() == null ? "http" : "https") + "://"
                + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String group() {
        return group.name();
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    public boolean isEverywhere() {
        return everywhere;
    }

    public LosslessConnector connector() {
        return connector;
    }

    /**
     * Tells its clients that their connections end, as at its {@link #close}, but goes on to accept; or that they may stay after all.
     */
    void takeLeave(boolean go) {
        boolean went = connector.isClosing();
        connector.takeLeave(go);
        if (go && !went) {
            group.closeUpgraded(connector);
        }
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
                    settings.name(),
                    busy,
                    deadline.toSeconds());
        } catch (ExecutionException e) {
            LOG.warn("listener {} could not be drained, and closes as it is", settings.name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.remove(this);
    }

    @Override
    public String toString() {
        return settings.name() + " " + address;
    }
}
