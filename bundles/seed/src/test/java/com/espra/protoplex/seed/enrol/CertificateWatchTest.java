package com.espra.protoplex.seed.enrol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** What is said and tried when the Seed's certificate cannot be written. */
public class CertificateWatchTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final List<String> said = new ArrayList<>();
    private int tries;
    private String trouble = "the disk is full";

    private void renew() throws IOException {
        tries++;
        if (!trouble.isEmpty()) {
            throw new IOException(trouble);
        }
    }

    @Test
    public void itIsTriedOnceAMinuteAndSaidOnce() {
        try (CertificateWatch watch = new CertificateWatch(InstantSource.fixed(NOW), Optional.empty(), now -> {})) {
            for (int second = 0; second < 180; second++) {
                watch.renew(NOW.plusSeconds(second), this::renew, said::add);
            }
            assertEquals(3, tries);
            assertEquals(said.toString(), 1, said.size());
            assertTrue(said.getFirst(), said.getFirst().contains("the disk is full. See that"));
            trouble = "it may not be written";
            watch.renew(NOW.plusSeconds(180), this::renew, said::add);
            assertEquals("another trouble", 2, said.size());
            watch.renew(NOW.minusSeconds(3600), this::renew, said::add);
            assertEquals("a clock that was set back is not waited for", 5, tries);
            trouble = "";
            watch.renew(NOW.plusSeconds(240), this::renew, said::add);
            watch.renew(NOW.plusSeconds(241), this::renew, said::add);
            assertEquals("each second as long as all is well", 7, tries);
            assertEquals(2, said.size());
        }
    }
}
