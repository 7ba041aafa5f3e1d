package com.espra.protoplex.agent;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.api.node.NodeHealth.Health;
import java.time.Instant;
import org.junit.Test;

public class HealthOfPartsTest {

    private static final Instant CRASHED = Instant.parse("2026-01-31T12:00:00Z");

    private final HealthOfParts health = new HealthOfParts();

    @Test
    public void aNodeIsAsWellAsItsLeastWellPart() {
        NodeHealth shell = () -> new Health("DEGRADED", "it has no shell", "", Instant.EPOCH);
        NodeHealth children = () -> new Health("UNHEALTHY", "serving-1 fails", "serving-1 ended", CRASHED);
        assertEquals(shell.now(), health.with(shell));
        assertEquals(
                new Health("UNHEALTHY", "it has no shell; serving-1 fails", "serving-1 ended", CRASHED),
                health.with(children));
        assertEquals(children.now(), health.without(shell));
        assertEquals(Health.GOOD, health.without(children));
    }
}
