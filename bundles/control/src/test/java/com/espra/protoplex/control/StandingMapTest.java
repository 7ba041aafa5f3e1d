package com.espra.protoplex.control;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.standing.Outage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class StandingMapTest {

    @Test
    public void itComesBackAsItWas() {
        NodeStanding standing = new NodeStanding(
                Entrance.CLOSING,
                List.of(
                        new Outage("shop", true, Instant.parse("2026-01-01T14:00:00Z"), "back at two", "c".repeat(64)),
                        new Outage("", false, Instant.MAX, "", "")));
        Map<String, Object> map = StandingMap.map(standing, 7);
        assertEquals(standing, StandingMap.of(map));
        assertEquals(7, StandingMap.number(map));
    }

    @Test
    public void whatIsNotOneIsRefused() {
        Map<String, Object> map = new HashMap<>(StandingMap.map(NodeStanding.USUAL, 1));
        map.put("entrance", "AJAR");
        assertThrows(IllegalArgumentException.class, () -> StandingMap.of(map));
        assertThrows(IllegalArgumentException.class, () -> StandingMap.of(Map.of()));
    }
}
