package com.espra.protoplex.relay.loop;

import com.espra.protoplex.http.front.Front;
import com.espra.protoplex.http.front.Reception;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.direct.RetryBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Has the connections of HTTP/1.1 while there is a director; without one they are Jetty's, as ever. */
@Component(service = {Front.class, LoopFront.class})
public final class LoopFront implements Front {

    private final Directors directors;
    private final RetryBudget budget = new RetryBudget();
    private final LoopCounts counts = new LoopCounts();
    private final Map<ManagedSelector, Loop> loops = new ConcurrentHashMap<>();

    @Activate
    public LoopFront(@Reference Directors directors) {
        this.directors = directors;
    }

    /** What was done. */
    public LoopCounts counts() {
        return counts;
    }

    @Override
    public @Nullable AbstractConnection connection(Reception reception, EndPoint endPoint) {
        ManagedSelector selector = directors.current() == null ? null : reception.selector(endPoint);
        if (selector == null) {
            return null;
        }
        Loop loop = loops.get(selector);
        return new FrontConnection(loop == null ? add(selector, reception) : loop, reception, endPoint);
    }

    /** Those of listeners that are closed go when another comes. */
    private Loop add(ManagedSelector selector, Reception reception) {
        loops.keySet().removeIf(each -> each.isStopped());
        return loops.computeIfAbsent(selector, each -> new Loop(each, reception, directors, budget, counts));
    }
}
