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

    private final InstantSource clock;
    private final Optional<FleetAuthority> authority;
    private final Consumer<Instant> expire;
    private final ScheduledExecutorService executor;

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
            authority.orElseThrow().renewSeed(now);
        } catch (IOException | RuntimeException e) {
            LOG.error("the certificate of the Seed cannot be renewed; it is tried again", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
