package com.espra.protoplex.parent;

import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** The children that are connected to this parent, as the host's services say. */
final class ConnectedChildren implements AutoCloseable {

    /**
     * A child.
     *
     * @param id its id
     * @param group its group
     * @param peer asks it
     */
    record Connected(String id, String group, Peer peer) {}

    /** Who must know of a child that has gone. */
    interface Watcher {
        void gone(Connected child);
    }

    /** Does something with a child that is connected, and stays so meanwhile. */
    interface Use {
        void with(Connected child);
    }

    private final Watcher watcher;
    private final Map<String, Connected> connected = new HashMap<>();
    private final ServiceTracker<Peer, Connected> tracker;

    ConnectedChildren(BundleContext context, Watcher watcher) {
        this.watcher = watcher;
        try {
            this.tracker =
                    new ServiceTracker<>(
                            context,
                            context.createFilter("(&(objectClass=" + Peer.class.getName() + ")(" + Peer.NAME + "=*)("
                                    + Peer.GROUP + "=*))"),
                            null) {
                        @Override
                        public Connected addingService(ServiceReference<Peer> reference) {
                            return came(reference, context.getService(reference));
                        }

                        @Override
                        public void removedService(ServiceReference<Peer> reference, Connected child) {
                            went(child);
                            context.ungetService(reference);
                        }
                    };
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is a constant", e);
        }
    }

    void open() {
        tracker.open();
    }

    private synchronized Connected came(ServiceReference<?> reference, Peer control) {
        Connected child = new Connected(
                String.valueOf(reference.getProperty(Peer.NAME)),
                String.valueOf(reference.getProperty(Peer.GROUP)),
                control);
        connected.put(child.id(), child);
        return child;
    }

    private synchronized void went(Connected child) {
        if (connected.remove(child.id(), child)) {
            watcher.gone(child);
        }
    }

    /** Those that are connected now. */
    synchronized List<Connected> all() {
        return List.copyOf(connected.values());
    }

    /**
     * Does something with the child that asks; it is done before the child is known to have gone.
     *
     * @throws IOException if there is no such child
     */
    synchronized void with(Map<String, Object> body, Use use) throws IOException {
        String id = String.valueOf(body.get(Peer.CHILD));
        Connected child = connected.get(id);
        if (child == null) {
            throw new IOException("child '" + id + "' is not connected to this parent");
        }
        use.with(child);
    }

    @Override
    public void close() {
        tracker.close();
    }
}
