package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.engine.StoreException;
import com.espra.protoplex.datastore.engine.StoreException.Reason;
import java.time.Duration;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whether the store takes writes. While it still answers reads that is a warning: the node's other roles serve on. */
@Component(
        service = HealthCheck.class,
        property = {HealthCheck.NAME + "=datastore", HealthCheck.TAGS + "=ready"})
public final class DatastoreHealth implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Store store;
    private final Duration patience;

    /** @param open the store */
    @Activate
    public DatastoreHealth(@Reference OpenStore open) {
        this(open.store(), PATIENCE);
    }

    DatastoreHealth(Store store, Duration patience) {
        this.store = store;
        this.patience = patience;
    }

    @Override
    public Result execute() {
        try {
            store.requireHealth(patience);
            return new Result(Result.Status.OK, "the store reads and writes");
        } catch (StoreException e) {
            return new Result(
                    e.reason() == Reason.BUSY ? Result.Status.CRITICAL : Result.Status.WARN,
                    String.valueOf(e.getMessage()));
        }
    }
}
