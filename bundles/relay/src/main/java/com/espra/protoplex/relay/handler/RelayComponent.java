package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.upstream.Upstream;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.time.Duration;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The relay on the public listeners of this process. */
@Component(
        service = {},
        immediate = true)
public final class RelayComponent {

    private static final String UNIT = "relay";

    /** How long what is under way has when this ends. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Dispatcher dispatcher;
    private final Backend backend;
    private final Upstream upstream;

    /** Opens no connection: the first request that is relayed does. */
    @Activate
    public RelayComponent(
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher dispatcher,
            @Reference Node node,
            @Reference Directors directors,
            @Reference RelayMeters meters,
            @Reference FleetCredentials credentials)
            throws Exception {
        this.dispatcher = dispatcher;
        this.backend = dispatcher.open(UNIT, UNIT);
        RelayHandler[] made = new RelayHandler[1];
        upstream = new Upstream(() -> RelayHandler.connections(made[0].getServer()), UpstreamLimits.USUAL);
        RelayHandler handler =
                new RelayHandler(directors, node.name().toLowerCase(Locale.ROOT), upstream, credentials, meters);
        made[0] = handler;
        meters.connections(upstream);
        backend.start(handler);
        dispatcher.unclaimed(backend, handler);
    }

    @Deactivate
    public void close() {
        dispatcher.unclaimed(null, null);
        backend.drain(DRAIN).join();
        backend.close();
        upstream.close();
    }
}
