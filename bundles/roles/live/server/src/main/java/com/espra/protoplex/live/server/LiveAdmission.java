package com.espra.protoplex.live.server;

import com.espra.protoplex.api.swap.Generation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;

/** Whether requests may wait here: not while this version is to hand over what it has open. */
@Component(service = LiveAdmission.class)
public final class LiveAdmission {

    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean open;
    private volatile boolean held;

    @Reference(
            target = Generation.ADMITTING,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "close")
    void open(Condition condition) {
        open = true;
        held = false;
    }

    void close(Condition condition) {
        open = false;
        held = true;
        waiting.forEach(Runnable::run);
    }

    /** Whether requests may wait. */
    public boolean isOpen() {
        return open;
    }

    /** Whether requests are held that were let in before; not while this version only begins. */
    public boolean isHeld() {
        return held;
    }

    /** To be run, perhaps twice, when what waits is to end. */
    public void onClose(Runnable end) {
        waiting.add(end);
        if (!open) {
            end.run();
        }
    }

    /** What waited has ended. */
    public void forget(Runnable end) {
        waiting.remove(end);
    }
}
