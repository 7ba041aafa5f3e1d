package com.espra.protoplex.relay.door;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.peer.Peer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;

/** In a child: tells the parent where its door is, while it serves. */
@Component(service = Peer.class, property = Peer.TOPIC + "=" + DoorPort.TOPIC)
public final class DoorPort implements Peer {

    /** Parent to child: where is your door? Answered with {@link #PORT}, 0 while it is shut. */
    public static final String TOPIC = "relay";

    static final String PORT = "port";

    /** By what the child believes its parent; one of an older version says none, and takes the token of the fleet. */
    static final String KEY = "key";

    private static final String RESTORED = "(" + Condition.CONDITION_ID + "=protoplex.restored)";

    private final Listener listener;
    private final DoorKey key;

    /** There when this child serves: one that stands by, or is prepared in an upgrade, does not yet. */
    @Reference(target = RESTORED, cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Condition serving;

    /** @param listener is there in a child only, for its parent */
    @Activate
    public DoorPort(
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.FLEET + ")") Listener listener,
            @Reference DoorKey key) {
        this.listener = listener;
        this.key = key;
    }

    @Override
    public CompletableFuture<Map<String, Object>> ask(String topic, Map<String, Object> body) {
        return CompletableFuture.completedFuture(
                Map.of(PORT, serving == null ? 0L : (long) listener.address().getPort(), KEY, key.key()));
    }
}
