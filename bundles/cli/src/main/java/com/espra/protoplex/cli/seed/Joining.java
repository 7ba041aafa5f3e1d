package com.espra.protoplex.cli.seed;

import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.SeedTls;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.fleet.client.SeedApi;
import com.espra.protoplex.fleet.client.SeedRefusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Asks a Seed on another machine to let a node in. */
public final class Joining {

    private static final Pattern TOKEN = Pattern.compile("join_[0-9a-f]{8}_[0-9a-f]{32}_([0-9a-f]{64})");

    private final String seed;
    private final String token;
    private final FleetTrust trust;
    private final InstantSource clock;
    private final SSLContext tls;

    /**
     * @param seed {@code host:port}
     * @param token what {@code join-token create} printed
     * @throws CliException with status 2 if that is no such token
     */
    public Joining(String seed, String token, InstantSource clock) throws IOException {
        Matcher form = TOKEN.matcher(token);
        if (!form.matches()) {
            throw CliException.usage(
                    "what --token has is no token to join with, or not all of one",
                    "take the whole of what `protoplex join-token create` printed on the Seed's machine");
        }
        this.seed = seed;
        this.token = token;
        this.trust = new FleetTrust(form.group(1));
        this.clock = clock;
        this.tls = SeedTls.context(trust, Optional.empty(), clock);
    }

    /**
     * Looks which Seed answers there.
     *
     * @return the id of its fleet
     * @throws CliException with status 3 if none does, and 1 if it is not that of the token, or a clock is wrong
     */
    public String fleet() {
        URI uri = URI.create("https://" + seed);
        int patience = (int) SeedApi.CONNECT.toMillis();
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket()) {
            InetSocketAddress address = new InetSocketAddress(bare(uri.getHost()), uri.getPort());
            if (address.isUnresolved()) {
                throw new UnknownHostException("nobody knows the host " + uri.getHost());
            }
            socket.connect(address, patience);
            socket.setSoTimeout(patience);
            socket.startHandshake();
            X509Certificate[] chain = Arrays.stream(socket.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            return trust.seed(chain, clock.instant()).fleet();
        } catch (SSLException e) {
            throw refused(e);
        } catch (IOException e) {
            throw CliException.unreachable(
                    "no Seed answers at " + seed + ": " + e.getMessage(),
                    "see that it is up with --address, and that its port (8061 unless it has an offset) can be reached"
                            + " from here",
                    e);
        } catch (CertificateException e) {
            throw wrong(e, e);
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private CliException refused(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException wrong) {
                return wrong(wrong, e);
            }
        }
        return CliException.refused(
                "what answers at " + seed + " does not speak TLS as a Seed does: " + e.getMessage(),
                "nodes join by port 8061 (unless the Seed has an offset); 8060 is for its own machine",
                e);
    }

    private CliException wrong(CertificateException wrong, Exception cause) {
        if (wrong instanceof FleetTrust.OtherFleetException) {
            return CliException.refused(
                    "this token is of another Seed than the one at " + seed,
                    "take a token of that one: `protoplex join-token create` on its machine",
                    cause);
        }
        if (wrong instanceof FleetTrust.OutOfTimeException) {
            return CliException.refused(
                    "the certificate of the Seed at " + seed + " is not good now: " + wrong.getMessage(),
                    "set this machine's clock, or the Seed's",
                    cause);
        }
        return CliException.refused(
                "what answers at " + seed + " is not the Seed of this token: " + wrong.getMessage(),
                "check the address",
                cause);
    }

    /**
     * Asks for a certificate.
     *
     * @param roles what the node wants to do; empty for all that the token is for
     * @return the Seed's answer: certificate, authority, roles, authors
     * @throws CliException with status 1 if it does not give one, or it is not good by this machine's clock
     */
    public JsonNode ask(String fleet, String node, KeyPair key, List<String> roles) throws IOException {
        ObjectNode body = JsonTree.object()
                .put("request", CertificateRequest.write(key.getPublic(), key.getPrivate(), new SpiffeId(fleet, node)));
        ArrayNode wanted = body.putArray("roles");
        roles.forEach(wanted::add);
        JsonNode answer;
        try {
            answer = new SeedApi("https://" + seed, () -> token, Optional.of(tls)).post("/v1/enrolments", body);
        } catch (SeedRefusal e) {
            throw CliException.refused(node + " is not let in: " + e.getMessage(), e.remedy(), e);
        } catch (IOException e) {
            throw CliException.unreachable(
                    "the Seed at " + seed + " has not answered: " + e.getMessage(),
                    "join again: a token that was used for this name and folder is good for them still",
                    e);
        }
        requireGood(answer, node);
        return answer;
    }

    private void requireGood(JsonNode answer, String node) throws IOException {
        Instant now = clock.instant();
        try {
            SpiffeId id =
                    trust.node(CertificateChain.read(answer.path("certificate").asText()), now);
            if (!id.node().equals(node)) {
                throw new CertificateException("it is for " + id.node());
            }
        } catch (FleetTrust.OutOfTimeException e) {
            throw CliException.refused(
                    "the clocks differ too much: here it is " + now + ", and at the Seed "
                            + answer.path("time").asText(),
                    "set this machine's clock, or the Seed's, and join again",
                    e);
        } catch (CertificateException e) {
            throw CliException.refused(
                    "what the Seed gave as a certificate is none for " + node + ": " + e.getMessage(),
                    "see whether both machines have the same version of Protoplex",
                    e);
        }
    }
}
