package com.espra.protoplex.api.directory;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of changes of the fleet: register it as a service. A role's is called while the role is live. */
@ConsumerType
@FunctionalInterface
public interface DirectoryListener {

    /**
     * There is a newer snapshot. Some may have been passed over: the newest counts. Called for one after the other, on a thread of the
     * directory's: return quickly.
     *
     * @param snapshot the newest
     */
    void changed(FleetSnapshot snapshot);
}
