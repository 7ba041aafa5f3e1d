package com.espra.protoplex.app.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The sessions of all units of a node: those of a unit are open while one of its generations is there. */
public final class Sessions {

    private final Path folder;
    private final SessionLimits limits;
    private final Map<String, SessionStore> open = new HashMap<>();

    /**
     * @param folder where the sessions of the units are kept; other processes may use it, too
     */
    public Sessions(Path folder, SessionLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /**
     * The sessions of a unit, for one more generation.
     *
     * @param loader finds the classes of the generation
     * @throws IOException if the unit's folder cannot be made
     */
    public synchronized GenerationSessions open(String unit, String generation, ClassLoader loader) throws IOException {
        SessionStore store = open.get(unit);
        if (store == null) {
            store = new SessionStore(unit, folder.resolve(unit).resolve("sessions"), limits);
            open.put(unit, store);
        }
        return new GenerationSessions(store, unit, generation, loader, () -> release(unit));
    }

    private synchronized void release(String unit) {
        SessionStore store = open.get(unit);
        if (store != null && store.isUnused()) {
            open.remove(unit);
            store.close();
        }
    }
}
