package com.espra.protoplex.control;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.api.http.UnitTraffic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class TrafficMapTest {

    private static final UnitTraffic SHOP = new UnitTraffic("shop", List.of(1L, 0L, 40L), List.of(7L, 34L), 1.25);

    @Test
    public void itComesBackAsItWas() {
        assertEquals(SHOP, TrafficMap.of(TrafficMap.map(SHOP)));
    }

    @Test
    public void whatIsNoneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TrafficMap.of("shop"));
        assertThrows(IllegalArgumentException.class, () -> TrafficMap.of(with("byStatus", List.of("many"))));
        assertThrows(IllegalArgumentException.class, () -> TrafficMap.of(with("bySeconds", List.of(-1L))));
        assertThrows(IllegalArgumentException.class, () -> TrafficMap.of(with("unit", 4L)));
    }

    private static Map<String, Object> with(String name, Object value) {
        Map<String, Object> map = new HashMap<>(TrafficMap.map(SHOP));
        map.put(name, value);
        return map;
    }
}
