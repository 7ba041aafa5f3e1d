package com.espra.protoplex.child;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.NodeHealth;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** The listeners on the sockets that this child inherited. */
final class InheritedListeners {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BundleContext context;
    private final Duration patience;

    InheritedListeners(BundleContext context) {
        this(context, PATIENCE);
    }

    InheritedListeners(BundleContext context, Duration patience) {
        this.context = context;
        this.patience = patience;
    }

    /**
     * Returns when each of them is open, or has said that it cannot be.
     *
     * @return name to why it is not open
     * @throws IOException when they take too long; it names those that are not open
     */
    Map<String, Object> await() throws IOException, InterruptedException {
        Set<String> missing = new ConcurrentSkipListSet<>(names());
        Map<String, Object> failed = new ConcurrentHashMap<>();
        CountDownLatch open = new CountDownLatch(missing.size());
        ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, filter(), null) {
            @Override
            public Object addingService(ServiceReference<Object> reference) {
                Object service = context.getService(reference);
                String name = String.valueOf(reference.getProperty(Listener.NAME));
                if (missing.remove(name)) {
                    if (service instanceof NodeHealth health) {
                        failed.put(name, health.now().reason());
                    }
                    open.countDown();
                }
                return service;
            }
        };
        tracker.open();
        try {
            if (!open.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the listeners " + String.join(", ", missing) + " are not open after "
                        + patience.toMillis() + " ms: the log of this child says why");
            }
            return failed;
        } finally {
            tracker.close();
        }
    }

    private Filter filter() {
        try {
            return context.createFilter("(&(|(objectClass=" + Listener.class.getName() + ")(objectClass="
                    + NodeHealth.class.getName() + "))(" + Listener.NAME + "=*))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is a constant", e);
        }
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        try {
            for (ServiceReference<ServerSocketChannel> socket :
                    context.getServiceReferences(ServerSocketChannel.class, null)) {
                names.add(String.valueOf(socket.getProperty(Listener.NAME)));
            }
            return names;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter that could be wrong", e);
        }
    }
}
