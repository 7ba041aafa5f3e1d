package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.api.directory.FleetNode;
import com.espra.protoplex.api.relay.NodeDoors;
import java.net.URI;
import java.util.Optional;

/** Relays to Meta of all nodes, or, with a certificate, to the listener for the fleet of those that have one. */
public final class MetaDoors implements NodeDoors {

    public volatile boolean certified;

    @Override
    public Optional<URI> address(FleetNode node) {
        String secure = certified ? node.addresses().get("fleet") : null;
        String told = secure == null ? node.addresses().get("meta") : secure;
        try {
            return Optional.ofNullable(told).map(URI::create).filter(address -> address.getHost() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String unreachable(FleetNode node) {
        return "it has told no address";
    }

    @Override
    public boolean isCertified() {
        return certified;
    }
}
