package com.espra.protoplex.calls;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.node.Node;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The service by which roles call each other. */
@Component(service = FleetCalls.class, configurationPid = CallsConfig.PID)
public final class CallsComponent implements FleetCalls {

    private final FleetCalls client;
    private final HttpCalls transport;

    /** Opens nothing: the first call does. */
    @Activate
    public CallsComponent(
            @Reference Node node,
            @Reference Directory directory,
            @Reference RoleHandlers roles,
            @Reference CallMeters meters,
            CallsConfig config) {
        transport = new HttpCalls(new FleetToken(config.tokenFile()));
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        client = new FleetClient(
                node.name(),
                directory,
                new LocalCalls(node.name(), roles),
                new NodeChoice(node.name(), random),
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
    void close() {
        transport.close();
    }
}
