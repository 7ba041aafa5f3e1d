package com.espra.protoplex.child;

import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.DirectoryListener;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.control.DirectoryPart;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.peer.Peer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory in a child: it asks its parent once a second what is new. */
@Component(service = Directory.class, immediate = true)
public final class ChildDirectory implements Directory {

    private static final Logger LOG = LoggerFactory.getLogger(ChildDirectory.class);

    private static final long EVERY_MILLIS = 1000;
    private static final long PATIENCE_SECONDS = 5;

    private final Peer parent;
    private final ToldFleet fleet = new ToldFleet();
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("directory").factory());
    private volatile boolean current;

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile List<DirectoryListener> listeners = List.of();

    /** @param parent knows the fleet */
    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // it asks as long as it lives
    public ChildDirectory(@Reference(target = "(" + Peer.NAME + "=" + Peer.PARENT + ")") Peer parent) {
        this.parent = parent;
        asking.scheduleWithFixedDelay(this::askAll, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public Optional<FleetSnapshot> snapshot() {
        return fleet.shown();
    }

    @Override
    public boolean isCurrent() {
        return current;
    }

    private void askAll() {
        try {
            boolean whole = false;
            while (!whole && !Thread.currentThread().isInterrupted()) {
                DirectoryPart part = DirectoryPart.of(
                        parent.ask(Topics.DIRECTORY, fleet.question()).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
                boolean newer = fleet.take(part);
                whole = part.whole();
                current = part.current();
                if (newer) {
                    fleet.shown().ifPresent(newest -> listeners.forEach(listener -> tell(listener, newest)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // An old parent does not know what is asked, and one that is being replaced answers later.
            current = false;
            LOG.debug("the parent does not say what it knows of the fleet", e);
        }
    }

    private static void tell(DirectoryListener listener, FleetSnapshot newest) {
        try {
            listener.changed(newest);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn(
                    "{} failed to hear of a change of the fleet",
                    listener.getClass().getName(),
                    e);
        }
    }

    @Deactivate
    void close() {
        asking.shutdownNow();
    }
}
