package com.espra.protoplex.calls.local;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;

/** A place among the calls that are answered at once; to be closed. */
public interface CallPlace extends AutoCloseable {

    /** Answers, on the calling thread or by what another process says. */
    FleetResponse answer(FleetRequest request) throws CallFailedException, InterruptedException;

    @Override
    void close();
}
