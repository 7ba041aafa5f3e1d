package com.espra.protoplex.proxy.server;

import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.proxy.server.peer.GateOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Does what an operator has said at another proxy. */
@Component(property = "protoplex.offer:Boolean=true")
public final class ProxyCalls implements FleetHandler {

    private final ProxyDirector director;

    /** @param director the one of this node */
    @Activate
    public ProxyCalls(@Reference ProxyDirector director) {
        this.director = director;
    }

    @Override
    public FleetResponse handle(FleetRequest request) throws IOException {
        if (!request.path().equals(GateOrder.PATH) || !request.method().equals("PUT")) {
            return answer(404, "proxies of this version answer PUT " + GateOrder.PATH + " alone");
        }
        try {
            boolean done = GateOrder.read(new String(request.body(), StandardCharsets.UTF_8))
                    .apply(director.gates());
            return done ? answer(200, "done") : answer(409, "it was not closed");
        } catch (IllegalArgumentException e) {
            return answer(400, String.valueOf(e.getMessage()));
        }
    }

    private static FleetResponse answer(int status, String text) {
        return FleetResponse.of(status, text.getBytes(StandardCharsets.UTF_8));
    }
}
