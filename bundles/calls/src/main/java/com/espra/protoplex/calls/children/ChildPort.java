package com.espra.protoplex.calls.children;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.calls.local.RoleHandlers;
import com.espra.protoplex.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;

/** In a child: tells the parent which roles take calls here, and where. */
@Component(service = Peer.class, property = Peer.TOPIC + "=" + ChildPort.TOPIC)
public final class ChildPort implements Peer {

    /** Parent to child: which roles take calls. Answered with {@link #ROLES}, {@link #PORT} and {@link #KEY}. */
    public static final String TOPIC = "calls";

    public static final String ROLES = "roles";
    public static final String PORT = "port";
    public static final String KEY = "key";

    private static final String RESTORED = "(" + Condition.CONDITION_ID + "=protoplex.restored)";

    private final Listener listener;
    private final RoleHandlers roles;
    private final ChildKey key;

    /** There when this child serves: one that stands by, or is prepared in an upgrade, has no calls yet. */
    @Reference(target = RESTORED, cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Condition serving;

    /** @param listener is there in a child only, for its parent */
    @Activate
    public ChildPort(
            @Reference(target = "(" + Dispatcher.GROUP + "=fleet)") Listener listener,
            @Reference RoleHandlers roles,
            @Reference ChildKey key) {
        this.listener = listener;
        this.roles = roles;
        this.key = key;
    }

    @Override
    public CompletableFuture<Map<String, Object>> ask(String topic, Map<String, Object> body) {
        return CompletableFuture.completedFuture(Map.of(
                PORT,
                (long) listener.address().getPort(),
                KEY,
                key.key(),
                ROLES,
                serving == null ? List.of() : List.copyOf(roles.names())));
    }
}
