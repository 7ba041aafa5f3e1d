package com.espra.protoplex.calls;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** In a child: tells the parent which roles take calls here, and where. */
@Component(service = Peer.class, property = Peer.TOPIC + "=" + ChildPort.TOPIC)
public final class ChildPort implements Peer {

    /** Parent to child: which roles take calls. Answered with {@link #ROLES} and {@link #PORT}. */
    static final String TOPIC = "calls";

    static final String ROLES = "roles";
    static final String PORT = "port";

    private final Listener listener;
    private final RoleHandlers roles;

    /** @param listener is there in a child only, for its parent */
    @Activate
    public ChildPort(
            @Reference(target = "(" + Dispatcher.GROUP + "=fleet)") Listener listener, @Reference RoleHandlers roles) {
        this.listener = listener;
        this.roles = roles;
    }

    @Override
    public CompletableFuture<Map<String, Object>> ask(String topic, Map<String, Object> body) {
        return CompletableFuture.completedFuture(
                Map.of(PORT, (long) listener.address().getPort(), ROLES, List.copyOf(roles.names())));
    }
}
