package com.espra.protoplex.api.relay;

import com.espra.protoplex.api.directory.FleetNode;
import java.net.URI;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where this node's requests come in at the others: over TLS, with the certificates of the fleet, or on one machine with its token. A service
 * that roles find.
 *
 * <p>Threads: safe from any, and without waiting.
 */
@ProviderType
public interface NodeDoors {

    /** The address for a {@link Target} that is this node; empty if this one cannot relay to it. */
    Optional<URI> address(FleetNode node);

    /** Why there is no address, for people: what to do about it is in it. */
    String unreachable(FleetNode node);

    /** Whether this node has a certificate now. When that changes, so may what {@link #address} says of all. */
    boolean isCertified();
}
