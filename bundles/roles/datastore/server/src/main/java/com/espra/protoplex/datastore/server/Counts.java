package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.datastore.model.RefusedException;
import com.google.rpc.Code;
import org.jspecify.annotations.Nullable;

/** Counts requests by who asked and how they ended. */
final class Counts {

    /** Who is not known. */
    static final String NOBODY = "nobody";

    private final Counter requests;

    Counts(Meters meters) {
        requests = meters.counter("requests", "Requests, by who asked and how they ended.", "caller", "code");
    }

    void ended(String caller, @Nullable RefusedException refused) {
        requests.add(1, caller, (refused == null ? Code.OK : refused.code()).name());
    }
}
