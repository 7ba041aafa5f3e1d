package com.espra.protoplex.seed.enrol;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to what time does to certificates: links end with theirs, and the Seed's own is renewed. */
public final class CertificateWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final long LOOK_SECONDS = 1;
    private static final long AGAIN_SECONDS = 60;

    private final InstantSource clock;
    private final Optional<FleetAuthority> authority;
    private final Consumer<Instant> expire;
    private final ScheduledExecutorService executor;
    private String lastTrouble = "";
    private Instant next = Instant.MIN;

    /**
     * Begins, if there is an authority.
     *
     * @param expire ends the links whose certificates have ended by that time
     */
    public CertificateWatch(InstantSource clock, Optional<FleetAuthority> authority, Consumer<Instant> expire) {
        this.clock = clock;
        this.authority = authority;
        this.expire = expire;
        this.executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("seed-certificates").factory());
        if (authority.isPresent()) {
            var _ = executor.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void look() {
        Instant now = clock.instant();
        try {
            expire.accept(now);
            FleetAuthority own = authority.orElseThrow();
            renew(now, () -> own.renewSeed(now), LOG::error);
        } catch (RuntimeException e) {
            LOG.error("what time does to certificates was not seen to; it is tried again", e);
        }
    }

    /** Renews the Seed's own certificate. */
    interface Renewal {

        void renew() throws IOException;
    }

    /** Tries, but not within a minute of a failure; of failures that are alike, the first is said. */
    void renew(Instant now, Renewal renewal, Consumer<String> says) {
        boolean clockWasSetBack = next.isAfter(now.plusSeconds(AGAIN_SECONDS));
        if (now.isBefore(next) && !clockWasSetBack) {
            return;
        }
        next = now;
        try {
            renewal.renew();
            lastTrouble = "";
        } catch (IOException e) {
            next = now.plusSeconds(AGAIN_SECONDS);
            String trouble = String.valueOf(e);
            if (!trouble.equals(lastTrouble)) {
                lastTrouble = trouble;
                says.accept("the certificate of the Seed cannot be renewed: " + trouble
                        + ". See that its folder can be written to; it is tried again each minute");
            }
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
