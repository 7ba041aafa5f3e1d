package com.espra.protoplex.datastore.server;

import com.espra.protoplex.datastore.engine.Store;
import com.google.datastore.v1.DatastoreProto;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Has native code and messages loaded before this version is live: in a take-over requests wait for what is still to be done. */
@Component(service = Prepared.class, immediate = true)
public final class Prepared {

    /** Loads them. */
    @Activate
    public Prepared() {
        Store.prepare();
        if (DatastoreProto.getDescriptor().getServices().isEmpty()) {
            throw new IllegalStateException("the messages of the protocol are without their service");
        }
    }
}
