package com.espra.protoplex.calls.local;

import com.espra.protoplex.api.call.CallFailedException;
import java.util.Optional;

/** Who answers calls of a role. */
@FunctionalInterface
public interface CallPlaces {

    /**
     * Takes a place; empty if the role takes no calls here.
     *
     * @throws CallFailedException if there is no room
     */
    Optional<CallPlace> enter(String role) throws CallFailedException;
}
