package com.espra.protoplex.proxy.server.step;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who owns keys of a role. */
@FunctionalInterface
public interface OwnerLookup {

    /** Nobody says: keys are spread by their hash. */
    OwnerLookup NOBODY = (_, _) -> Optional.empty();

    /**
     * The node that owns the key; later, if the key moves.
     *
     * @return empty if the role is not owned; the key is hashed then
     */
    Optional<CompletionStage<String>> owner(String role, String key);
}
