package com.espra.protoplex.agent.link;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.certificates.identity.IdentityFiles;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.fleet.client.SeedApi;
import com.espra.protoplex.fleet.client.SeedRefusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
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
 * Gets a node on the Seed's machine its certificate, by the token of its link, and each next one at two thirds of the life of the one before:
 * so it meets nodes that have joined. Its link goes on by the token.
 *
 * <p>Threads: one of its own.
 */
public final class BesideCertificate implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BesideCertificate.class);

    /** At first the Seed of this machine is about to start. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final int SAID_FROM = 8;

    private final SeedAddress seed;
    private final String node;
    private final IdentityFiles files;
    private final InstantSource clock;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("protoplex-certificate").unstarted(this::keep);
    private String lastTrouble = "";

    /**
     * @param seed with a token
     * @param node the name of this one
     */
    public BesideCertificate(SeedAddress seed, String node, IdentityFiles files, InstantSource clock) {
        this.seed = seed;
        this.node = node;
        this.files = files;
        this.clock = clock;
    }

    /** Begins. */
    public void begin() {
        thread.start();
    }

    private void keep() {
        int failures = 0;
        Duration pause = Duration.ZERO;
        try {
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!isDue()) {
                    failures = 0;
                    pause = LOOK;
                } else if (askOnce(failures)) {
                    failures = 0;
                    pause = CertificateRenewal.rest(random);
                } else {
                    failures++;
                    long doubled = FIRST_PAUSE.toMillis() << Math.min(failures - 1, 10);
                    pause = Duration.ofMillis(Math.min(doubled, LONGEST_PAUSE.toMillis()));
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("it is interrupted", e);
        }
    }

    /** One that cannot be read is. */
    boolean isDue() {
        try {
            X509Certificate own =
                    CertificateChain.read(Files.readString(files.own().certificate(), StandardCharsets.ISO_8859_1))[0];
            Instant due = CertificateRenewal.due(
                    own.getNotBefore().toInstant(), own.getNotAfter().toInstant(), random);
            return clock.instant().isAfter(due) || !SpiffeId.of(own).node().equals(node);
        } catch (IOException | CertificateException e) {
            return true;
        }
    }

    private boolean askOnce(int failures) {
        String trouble;
        try {
            ask();
            lastTrouble = "";
            return true;
        } catch (SeedRefusal e) {
            trouble = e.getMessage() + ". " + e.remedy();
        } catch (IOException | CertificateException e) {
            trouble = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("this node has not asked for its certificate; it tries again", e);
            return false;
        }
        if (failures >= SAID_FROM && !trouble.equals(lastTrouble)) {
            lastTrouble = trouble;
            LOG.warn(
                    "this node gets no certificate by which it could meet nodes of other machines: {}. It is tried again",
                    trouble);
        }
        return false;
    }

    /**
     * Asks for a certificate, and puts it in the place of the one before.
     *
     * @throws SeedRefusal if the Seed does not give it
     */
    void ask() throws IOException, SeedRefusal, CertificateException {
        SeedApi api = new SeedApi(seed.url(), this::token, Optional.empty());
        JsonNode fleet = api.get("/v1/certificates");
        KeyPair key = KeyFile.in(files.own().key());
        SpiffeId id;
        try {
            id = new SpiffeId(fleet.path("fleet").asText(), node);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        JsonNode answer = api.post(
                "/v1/certificates",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("request", CertificateRequest.write(key.getPublic(), key.getPrivate(), id)));
        String authority = answer.path("authority").asText();
        String pem = answer.path("certificate").asText();
        X509Certificate[] chain = CertificateChain.read(pem);
        FleetTrust trust = new FleetTrust(KeyDigest.of(CertificateChain.read(authority)[0].getPublicKey()));
        if (!trust.node(chain, chain[0].getNotBefore().toInstant()).equals(id)
                || !chain[0].getPublicKey().equals(key.getPublic())) {
            throw new CertificateException("what the Seed gave is not for this node");
        }
        PrivateFiles.replace(files.authority(), authority.getBytes(StandardCharsets.US_ASCII));
        PrivateFiles.replace(files.own().certificate(), pem.getBytes(StandardCharsets.US_ASCII));
        LOG.info(
                "this node meets nodes of other machines with a certificate, until {}",
                chain[0].getNotAfter().toInstant());
    }

    private String token() {
        try {
            return seed.authorization().orElse("").substring("Bearer ".length());
        } catch (IOException e) {
            LOG.debug("there is no token yet", e);
            return "";
        }
    }

    /** Begins nothing more. */
    @Override
    public void close() {
        closing.countDown();
    }
}
