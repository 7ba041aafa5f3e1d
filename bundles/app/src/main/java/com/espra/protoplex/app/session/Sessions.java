package com.espra.protoplex.app.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The sessions of all units of a node: those of a unit are open while one of its generations is there. */
public final class Sessions {

    private static final class Open {
        final UnitSessions sessions;
        int users;

        Open(UnitSessions sessions) {
            this.sessions = sessions;
        }
    }

    private final Path folder;
    private final SessionLimits limits;
    private final boolean severalProcesses;
    private final Map<String, Open> open = new HashMap<>();

    /**
     * @param folder where the sessions of the units are kept
     * @param severalProcesses whether other processes of this node serve them, too
     */
    public Sessions(Path folder, SessionLimits limits, boolean severalProcesses) {
        this.folder = folder;
        this.limits = limits;
        this.severalProcesses = severalProcesses;
    }

    /**
     * The sessions of a unit, for one more generation.
     *
     * @param loader finds the classes of the generation
     * @throws IOException if the unit's folder cannot be made
     */
    public synchronized GenerationSessions open(String unit, String generation, ClassLoader loader) throws IOException {
        Open shared = open.get(unit);
        if (shared == null) {
            shared = new Open(
                    new UnitSessions(unit, folder.resolve(unit).resolve("sessions"), limits, severalProcesses));
            open.put(unit, shared);
        }
        shared.users++;
        return new GenerationSessions(shared.sessions, unit, generation, loader, () -> release(unit));
    }

    private synchronized void release(String unit) {
        Open shared = open.get(unit);
        if (shared != null && --shared.users == 0) {
            open.remove(unit);
            shared.sessions.close();
        }
    }
}
