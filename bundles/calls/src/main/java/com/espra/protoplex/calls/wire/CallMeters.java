package com.espra.protoplex.calls.wire;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.offer.OfferProperties;
import java.time.Duration;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What is counted of calls: who answered, or why nobody did. The values of labels are this bundle's own words. */
@Component(service = CallMeters.class)
public final class CallMeters {

    private volatile Counter received = (_, _) -> {};
    private volatile Counter made = (_, _) -> {};
    private volatile Timer seconds = (_, _) -> {};

    @Reference(
            target = "(" + OfferProperties.UNIT + "=protoplex)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    public void setMeters(Meters meters) {
        received = meters.counter("calls_received", "Calls of other nodes, by who answered them or why not", "answer");
        made = meters.counter(
                "calls_made", "Calls of roles of this process, by who answered them or why not", "answer");
        seconds = meters.timer("call_seconds", "How long calls of roles of this process took", "answer");
    }

    public void unsetMeters(Meters meters) {
        received = (_, _) -> {};
        made = (_, _) -> {};
        seconds = (_, _) -> {};
    }

    public void received(String answer) {
        received.add(1, answer);
    }

    public void made(String answer, Duration took) {
        made.add(1, answer);
        seconds.record(took, answer);
    }
}
