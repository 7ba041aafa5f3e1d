package com.espra.protoplex.seed.link;

import com.espra.protoplex.fleet.link.FrameCodec;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.web.SeedHandler;
import java.time.Duration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Where nodes open their links. */
public final class LinkEndpoint implements SeedHandler.LinkUpgrade {

    /** Only for peers that are gone without a word: silence is the fleet's business, and it is sooner. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Fleet fleet;
    private final FleetLoop loop;

    /**
     * @param fleet what the nodes belong to
     * @param loop changes it
     */
    public LinkEndpoint(Fleet fleet, FleetLoop loop) {
        this.fleet = fleet;
        this.loop = loop;
    }

    @Override
    public boolean upgrade(Request request, Response response, Callback callback) {
        ServerWebSocketContainer container = ServerWebSocketContainer.ensure(
                request.getConnectionMetaData().getConnector().getServer());
        return container.upgrade(
                (upgrade, answer, done) -> new LinkSession(fleet, loop, FrameCodec.MAX_FRAME, IDLE),
                request,
                response,
                callback);
    }
}
