package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.datastore.engine.Backup;
import com.espra.protoplex.datastore.engine.Store;
import com.espra.protoplex.datastore.model.DatastoreService;
import com.espra.protoplex.datastore.model.IndexBuilder;
import com.espra.protoplex.datastore.model.IndexYaml;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store, open while this version is the live one. */
@Component(service = OpenStore.class, configurationPid = DatastoreConfig.PID)
@Designate(ocd = DatastoreConfig.class)
public final class OpenStore {

    private static final Logger LOG = LoggerFactory.getLogger(OpenStore.class);
    private static final long MIB = 1 << 20;

    private final Path folder;
    private final long reserveBytes;
    private final Store store;
    private final DatastoreService service;
    private final IndexBuilder builder;
    private final DataAccess access;

    /** Opens it. */
    @Activate
    public OpenStore(
            @Reference Node node,
            @Reference Prepared prepared,
            @Reference(target = Generation.LIVE) Condition live,
            DatastoreConfig config)
            throws IOException, InterruptedException {
        this(
                node.data("datastore"),
                config.reserveMiB() * MIB,
                config.development(),
                config.requireIndexes(),
                config.pessimistic());
        if (!config.indexes().isBlank()) {
            applyIndexes(config);
        }
    }

    private void applyIndexes(DatastoreConfig config) {
        try {
            service.indexes().create(config.indexProject(), "", IndexYaml.read(config.indexes()));
        } catch (RefusedException e) {
            // What is there is answered all the same.
            LOG.error("the indexes of the configuration {} are not made: {}", DatastoreConfig.PID, e.getMessage());
        }
    }

    /**
     * One without a node.
     *
     * @param reserveBytes how much room stays free on the disk
     * @param development whether programs on this machine need no token
     * @throws IOException if it cannot be opened
     */
    public OpenStore(Path folder, long reserveBytes, boolean development) throws IOException, InterruptedException {
        this(folder, reserveBytes, development, false, false);
    }

    private OpenStore(Path folder, long reserveBytes, boolean development, boolean requireIndexes, boolean pessimistic)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.reserveBytes = reserveBytes;
        access = new DataAccess(folder, development);
        store = new Store(folder, reserveBytes, OpenStore::micros);
        boolean sound = false;
        try {
            service = new DatastoreService(store, OpenStore::micros, System::nanoTime, requireIndexes, pessimistic);
            builder = new IndexBuilder(store, service.indexes());
            sound = true;
        } finally {
            if (!sound) {
                store.close();
            }
        }
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** What it answers, to anybody. */
    public DatastoreService service() {
        return service;
    }

    /** Who may ask it. */
    public DataAccess access() {
        return access;
    }

    /** What lies below. */
    public Store store() {
        return store;
    }

    /**
     * Has a copy taken at the next opening.
     *
     * @throws IOException if it is damaged; nothing is taken then
     */
    public void restore(Path copy) throws IOException {
        Backup.prepare(copy, folder, reserveBytes);
    }

    /** Closes it; what was acknowledged is on the disk already. */
    @Deactivate
    public void close() {
        builder.close();
        store.close();
    }
}
