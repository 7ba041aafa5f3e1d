package com.espra.protoplex.agent.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.Test;

public class TimingTest {

    @Test
    public void pausesGrowAndAreSpread() {
        Random random = new Random(1);
        long[] longest = {100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000};
        for (int failures = 1; failures <= longest.length; failures++) {
            Set<Long> seen = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                long pause = Timing.DEFAULT.pause(failures, random).toMillis();
                assertTrue(
                        failures + " failures: " + pause,
                        pause >= longest[failures - 1] / 2 && pause <= longest[failures - 1]);
                seen.add(pause);
            }
            assertTrue("nodes come back together", seen.size() > 10);
        }
        assertTrue(Timing.DEFAULT.pause(Integer.MAX_VALUE, random).toMillis() <= 10_000);
    }

    @Test
    public void whoIsToldWhenComesThenOrALittleLater() {
        Random random = new Random(1);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            long wait = Timing.DEFAULT.wait(Duration.ofSeconds(4), random).toMillis();
            assertTrue("" + wait, wait >= 4000 && wait <= 5000);
            seen.add(wait);
        }
        assertTrue("nodes come back together", seen.size() > 300);
        assertTrue(
                "nobody sends a node away for good",
                Timing.DEFAULT.wait(Duration.ofDays(1), random).toSeconds() <= 75);
    }

    @Test
    public void anAddressIsHostAndPort() {
        Path token = Path.of("token");
        assertEquals(
                "ws://localhost:8060/v1/link",
                new SeedAddress("localhost:8060", token).link().toString());
        for (String wrong : new String[] {"localhost", "localhost:", "localhost:0", "http://localhost:8060", "a b:1"}) {
            assertThrows(wrong, IllegalArgumentException.class, () -> new SeedAddress(wrong, token));
        }
    }
}
