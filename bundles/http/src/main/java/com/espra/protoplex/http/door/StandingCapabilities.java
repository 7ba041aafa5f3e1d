package com.espra.protoplex.http.door;

import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.standing.Outage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What apps may do, by the maintenance that there is. */
@Component
public final class StandingCapabilities implements Capabilities {

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable NodeStanding standing;

    @Override
    public boolean has(String app, String capability) {
        boolean writes = capability.equals(WRITE);
        if (!writes && !capability.equals(READ)) {
            throw new IllegalArgumentException("'" + capability + "' is neither " + READ + " nor " + WRITE);
        }
        NodeStanding now = standing;
        if (now == null || now.outages().isEmpty()) {
            return true;
        }
        Instant moment = Instant.now();
        return now.outages().stream().noneMatch(each -> keepsFrom(each, app, writes, moment));
    }

    private static boolean keepsFrom(Outage outage, String app, boolean writes, Instant now) {
        boolean isOf = outage.app().isEmpty() || outage.app().equals(app);
        return isOf && outage.isOn(now) && (writes || !outage.readOnly());
    }
}
