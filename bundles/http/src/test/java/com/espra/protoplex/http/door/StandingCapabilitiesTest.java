package com.espra.protoplex.http.door;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.capability.Capabilities;
import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.standing.Outage;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class StandingCapabilitiesTest {

    private final StandingCapabilities capabilities = new StandingCapabilities();

    private void outage(String app, boolean readOnly, Instant until) {
        capabilities.standing = new NodeStanding(Entrance.OPEN, List.of(new Outage(app, readOnly, until, "", "")));
    }

    private boolean reads(String app) {
        return capabilities.has(app, Capabilities.READ);
    }

    private boolean writes(String app) {
        return capabilities.has(app, Capabilities.WRITE);
    }

    @Test
    public void allIsPossibleWhileNobodySaysSomethingElse() {
        assertTrue(reads("shop") && writes("shop"));
        capabilities.standing = NodeStanding.USUAL;
        assertTrue(reads("shop") && writes("shop"));
        assertThrows(IllegalArgumentException.class, () -> capabilities.has("shop", "fly"));
    }

    @Test
    public void maintenanceTakesBothAndReadOnlyOne() {
        outage("", false, Instant.MAX);
        assertFalse(reads("shop") || writes("shop"));
        outage("", true, Instant.MAX);
        assertTrue(reads("shop"));
        assertFalse(writes("shop"));
        outage("shop", false, Instant.MAX);
        assertFalse(reads("shop"));
        assertTrue(reads("blog") && writes("blog") && writes(""));
    }

    @Test
    public void itIsBackWhenTheTimeIsOver() {
        outage("", false, Instant.now().minusMillis(1));
        assertTrue(reads("shop") && writes("shop"));
    }
}
