package com.espra.protoplex.calls;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.calls.local.LocalCalls;
import com.espra.protoplex.calls.local.RoleHandlers;
import com.espra.protoplex.calls.send.HttpCalls;
import com.espra.protoplex.calls.send.NodeChoice;
import com.espra.protoplex.calls.send.OtherNodes;
import com.espra.protoplex.calls.wire.CallMeters;
import com.espra.protoplex.calls.wire.Credentials;
import com.espra.protoplex.peer.Peer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;

/** The service by which roles call each other. */
@Component(service = FleetCalls.class)
public final class CallsComponent implements FleetCalls {

    private final FleetCalls client;
    private final HttpCalls transport;

    /**
     * Opens nothing: the first call does.
     *
     * @param parent is there in a child
     */
    @Activate
    public CallsComponent(
            @Reference Node node,
            @Reference Directory directory,
            @Reference RoleHandlers roles,
            @Reference CallMeters meters,
            @Reference Credentials credentials,
            @Reference(target = "(" + Peer.NAME + "=" + Peer.PARENT + ")", cardinality = ReferenceCardinality.OPTIONAL)
                    @Nullable
                    Peer parent) {
        transport = new HttpCalls(credentials);
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        boolean child = parent != null;
        client = new FleetClient(
                node.name(),
                child,
                directory,
                new LocalCalls(node.name(), roles),
                credentials,
                new NodeChoice(node.name(), child, credentials, random),
                new OtherNodes(transport),
                meters);
    }

    @Override
    public FleetResponse call(String role, FleetRequest request) throws CallFailedException, InterruptedException {
        return client.call(role, request);
    }

    @Override
    public FleetResponse call(String role, String node, FleetRequest request)
            throws CallFailedException, InterruptedException {
        return client.call(role, node, request);
    }

    @Deactivate
    public void close() {
        transport.close();
    }
}
