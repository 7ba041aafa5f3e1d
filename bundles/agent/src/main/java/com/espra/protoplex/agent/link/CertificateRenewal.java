package com.espra.protoplex.agent.link;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.certificates.SeedTls;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.fleet.client.SeedApi;
import com.espra.protoplex.fleet.client.SeedRefusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this node's certificate at two thirds of its life, by the key that it has: also when it has expired, for the machine may have been
 * off. The key stays the same, so a crash leaves a pair that belongs together, whenever it comes.
 *
 * <p>Threads: one of its own.
 */
public final class CertificateRenewal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** How long it waits at most until it looks at the clock again, which may be set, and which a machine that sleeps does not follow. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private static final int MOST_DOUBLINGS = 20;

    private final SeedAddress seed;
    private final NodeCertificate certificate;
    private final InstantSource clock;
    private final Runnable renewed;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("protoplex-certificate").unstarted(this::keep);
    private String lastTrouble = "";

    /**
     * @param seed with a certificate
     * @param renewed called after each renewal, when it is on the disk
     */
    public CertificateRenewal(SeedAddress seed, InstantSource clock, Runnable renewed) {
        this.seed = seed;
        this.certificate = seed.certificate().orElseThrow();
        this.clock = clock;
        this.renewed = renewed;
    }

    /** Begins. */
    public void begin() {
        thread.start();
    }

    /**
     * When a certificate is due: at two thirds of its life, and up to a twelfth of it later, so that nodes which joined at one moment do not
     * come at one moment.
     */
    static Instant due(Instant from, Instant until, RandomGenerator random) {
        long life = Duration.between(from, until).toMillis();
        return from.plusMillis(life * 2 / 3 + random.nextLong(life / 12 + 1));
    }

    /** The pause after so many failures in a row: it doubles, and is between half and all of that. */
    static Duration pause(int failures, RandomGenerator random) {
        long doubled = FIRST_PAUSE.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
        long millis = Math.min(doubled, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    /** The pause after a success, whatever the clock says: by one that is ahead, each new certificate is due at once. */
    static Duration rest(RandomGenerator random) {
        return LOOK.plusMillis(random.nextLong(LOOK.toMillis() + 1));
    }

    private void keep() {
        int failures = 0;
        Duration pause = Duration.ZERO;
        try {
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                Duration wait = Duration.between(clock.instant(), due());
                if (wait.isPositive()) {
                    failures = 0;
                    pause = wait.compareTo(LOOK) < 0 ? wait.plusMillis(1) : LOOK;
                } else if (renewOnce()) {
                    failures = 0;
                    pause = rest(random);
                } else {
                    failures++;
                    pause = pause(failures, random);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the renewal is interrupted", e);
        }
    }

    /** A certificate that cannot be read is due: the attempt says what is wrong with it. */
    private Instant due() {
        try {
            X509Certificate own = certificate.chain()[0];
            return due(own.getNotBefore().toInstant(), own.getNotAfter().toInstant(), random);
        } catch (IOException e) {
            return Instant.MIN;
        }
    }

    private boolean renewOnce() {
        try {
            renew();
            if (due().isAfter(clock.instant())) {
                lastTrouble = "";
            } else {
                trouble("the new one is due already by the clock of this machine: set the clocks of both machines");
            }
            renewed.run();
            return true;
        } catch (IOException | CertificateException e) {
            trouble(String.valueOf(e.getMessage()));
        } catch (SeedRefusal e) {
            trouble(e.getMessage() + ". " + e.remedy());
        } catch (RuntimeException e) {
            LOG.error("this node's certificate was not renewed; it is tried again", e);
        }
        return false;
    }

    private void trouble(String trouble) {
        if (!trouble.equals(lastTrouble)) {
            lastTrouble = trouble;
            LOG.warn("the renewal of this node's certificate: {}. It is tried again", trouble);
        }
    }

    /**
     * Asks for the next certificate, and puts it in the place of the one before.
     *
     * @throws SeedRefusal if the Seed does not give it
     */
    void renew() throws IOException, SeedRefusal, CertificateException {
        String before = Files.readString(certificate.own().certificate(), StandardCharsets.ISO_8859_1);
        X509Certificate own = certificate.chain()[0];
        SpiffeId id = SpiffeId.of(own);
        String request = CertificateRequest.write(
                own.getPublicKey(), PemFiles.key(certificate.own().key()), id);
        // It is not shown on this connection: it may have expired, and the request proves as much.
        SeedApi api = new SeedApi(
                seed.url(), () -> "", Optional.of(SeedTls.context(certificate.trust(), Optional.empty(), clock)));
        JsonNode answer = api.post(
                "/v1/renewals",
                JsonNodeFactory.instance.objectNode().put("certificate", before).put("request", request));
        String pem = answer.path("certificate").asText();
        X509Certificate[] next = CertificateChain.read(pem);
        // Of a clock that is wrong, the link hears; what matters here is that it is this node's.
        certificate.trust().node(next, next[0].getNotBefore().toInstant());
        if (!SpiffeId.of(next[0]).equals(id) || !next[0].getPublicKey().equals(own.getPublicKey())) {
            throw new CertificateException("what the Seed gave is not for this node");
        }
        PrivateFiles.replace(certificate.own().certificate(), pem.getBytes(StandardCharsets.US_ASCII));
        LOG.info(
                "this node has a new certificate, until {}",
                next[0].getNotAfter().toInstant());
    }

    /** Begins nothing more. */
    @Override
    public void close() {
        closing.countDown();
    }
}
