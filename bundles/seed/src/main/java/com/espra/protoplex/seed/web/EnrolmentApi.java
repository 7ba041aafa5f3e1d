package com.espra.protoplex.seed.web;

import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.fleet.sign.Author;
import com.espra.protoplex.seed.enrol.EnrolledNode;
import com.espra.protoplex.seed.enrol.Enrolment;
import com.espra.protoplex.seed.enrol.EnrolmentException;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.enrol.JoinToken;
import com.espra.protoplex.seed.enrol.JoinTokens;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;

/** How nodes join: the tokens, the certificates, and their end. */
public final class EnrolmentApi {

    private static final int MAX_BODY_BYTES = 4096;
    private static final int MAX_REQUEST_BYTES = 16 * 1024;
    private static final int MAX_USES = 1000;
    private static final int MAX_ROLES = 64;
    private static final int MAX_RENEWING = 32;

    /** How many requests for the next certificate are read at a time; the listener ends those that come too slowly. */
    private static final int MAX_READING = 256;

    private static final long MAX_TTL_SECONDS = Duration.ofDays(30).toSeconds();
    private static final Pattern ROLE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final String SEED_ROLE = "seed";

    private final Semaphore renewing = new Semaphore(MAX_RENEWING);
    private final Semaphore reading = new Semaphore(MAX_READING);
    private final Enrolments enrolments;
    private final Optional<Enrolment> enrolment;
    private final TrustedAuthors authors;
    private final String address;
    private final Newcomer newcomer;
    private final InstantSource clock;

    /** Hears of each node that has a certificate now, before the node does. */
    @FunctionalInterface
    public interface Newcomer {

        /** A node of this name may come: it does so by an operator's token, whatever was said of that name before. */
        void letIn(String node) throws Exception;
    }

    /**
     * @param enrolment gives certificates; empty for a Seed that other machines do not reach
     * @param authors whose builds a node that joins will run
     * @param newcomer hears who joins
     * @param address {@code host:port} by which other machines reach this Seed
     */
    public EnrolmentApi(
            Enrolments enrolments,
            Optional<Enrolment> enrolment,
            TrustedAuthors authors,
            Newcomer newcomer,
            String address,
            InstantSource clock) {
        this.enrolments = enrolments;
        this.enrolment = enrolment;
        this.authors = authors;
        this.newcomer = newcomer;
        this.address = address;
        this.clock = clock;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("GET", "/v1/join-tokens", Access.ADMIN, this::list),
                new ApiOperation("POST", "/v1/join-tokens", Access.ADMIN, this::create),
                new ApiOperation("DELETE", "/v1/join-tokens/{id}", Access.ADMIN, this::end),
                new ApiOperation("GET", "/v1/enrolments", Access.READ, this::nodes),
                new ApiOperation("POST", "/v1/enrolments", Access.JOIN, this::join),
                new ApiOperation("DELETE", "/v1/enrolments/{node}", Access.ADMIN, this::revoke),
                new ApiOperation("POST", "/v1/renewals", Access.OPEN, this::renew),
                new ApiOperation("GET", "/v1/certificates", Access.LINK, this::authority),
                new ApiOperation("POST", "/v1/certificates", Access.LINK, this::beside));
    }

    static Problem problem(EnrolmentException e) {
        int status = switch (e.kind()) {
            case MALFORMED -> 400;
            case UNKNOWN -> 401;
            case FORBIDDEN -> 403;
            case CONFLICT -> 409;
        };
        return new Problem(status, String.valueOf(e.getMessage()), e.remedy()).because(e);
    }

    private Enrolment enrolment() throws Problem {
        return enrolment.orElseThrow(() -> new Problem(
                409,
                "this Seed is reached from its own machine alone, so no other can join",
                "start it with an address: ./protoplex down, then ./protoplex up --address HOST"));
    }

    private void list(ApiExchange exchange) throws Exception {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("tokens");
        enrolments.tokens().all().forEach(token -> all.add(view(token)));
        exchange.answer(200, json);
    }

    private void create(ApiExchange exchange) throws Exception {
        String digest = enrolment().authority().authority().digest();
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        long ttl = number(body, "ttlSeconds", Duration.ofHours(1).toSeconds(), MAX_TTL_SECONDS);
        int uses = (int) number(body, "uses", 1, MAX_USES);
        Set<String> roles = roles(body);
        if (roles.isEmpty()) {
            roles = Set.of("app");
        }
        if (roles.contains(SEED_ROLE)) {
            throw new Problem(400, "nobody joins as a Seed", "leave the role seed out");
        }
        String node = body.path("node").asText();
        if (!node.isEmpty() && !SpiffeId.isName(node)) {
            throw new Problem(
                    400,
                    "'node' is no name of a node",
                    "use at most 63 letters and digits, with single . _ or - between them");
        }
        JoinTokens.Made made =
                enrolments.tokens().create(Duration.ofSeconds(ttl), uses, roles, node, DeploymentsApi.by(body));
        exchange.note("join token " + made.token().id() + " for " + uses + " nodes, with the roles "
                + String.join(", ", new TreeSet<>(roles)));
        exchange.setHeader("Cache-Control", "no-store");
        exchange.answer(
                201,
                view(made.token()).put("token", made.secret() + "_" + digest).put("seed", address));
    }

    private static long number(JsonNode body, String name, long standard, long most) throws Problem {
        JsonNode value = body.path(name);
        if (value.isMissingNode()) {
            return standard;
        }
        if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
            throw new Problem(400, "'" + name + "' is not a number from 1 to " + most, "leave it out for " + standard);
        }
        return value.asLong();
    }

    private static Set<String> roles(JsonNode body) throws Problem {
        Set<String> roles = new TreeSet<>();
        body.path("roles").forEach(role -> roles.add(role.asText()));
        if (roles.size() > MAX_ROLES
                || !roles.stream().allMatch(role -> ROLE.matcher(role).matches())) {
            throw new Problem(
                    400,
                    "'roles' are not at most " + MAX_ROLES + " names of roles",
                    "use lower-case letters, digits and hyphens");
        }
        return roles;
    }

    private void end(ApiExchange exchange) throws Exception {
        JoinToken ended = enrolments.tokens().revoke(exchange.parameter("id"));
        exchange.note("join token " + ended.id());
        exchange.answer(200, view(ended));
    }

    private ObjectNode view(JoinToken token) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", token.id())
                .put("created", token.created().toString())
                .put("by", token.by())
                .put("expires", token.expires().toString())
                .put("uses", token.uses())
                .put("left", token.left())
                .put("node", token.node())
                .put("state", token.state(clock.instant()));
        ArrayNode roles = json.putArray("roles");
        new TreeSet<>(token.roles()).forEach(roles::add);
        return json;
    }

    private void nodes(ApiExchange exchange) throws Exception {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode nodes = json.putArray("nodes");
        enrolments.nodes().forEach(node -> nodes.add(view(node)));
        ArrayNode revoked = json.putArray("revoked");
        enrolments
                .revoked()
                .forEach(key -> revoked.addObject()
                        .put("node", key.node())
                        .put("at", key.at().toString())
                        .put("by", key.by()));
        exchange.answer(200, json);
    }

    private static ObjectNode view(EnrolledNode node) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("node", node.node())
                .put("token", node.token())
                .put("since", node.since().toString())
                .put("until", node.until().toString());
        ArrayNode roles = json.putArray("roles");
        new TreeSet<>(node.roles()).forEach(roles::add);
        return json;
    }

    private void join(ApiExchange exchange) throws Exception {
        Enrolment gives = enrolment();
        JoinToken token = enrolments.tokens().shown(Gate.token(exchange.header(HttpHeader.AUTHORIZATION)));
        JsonNode body = exchange.json(MAX_REQUEST_BYTES);
        Enrolment.Given given = gives.join(token, body.path("request").asText(), roles(body));
        EnrolledNode node = given.node();
        letIn(node.node());
        exchange.note("node " + node.node() + " with the roles " + String.join(", ", new TreeSet<>(node.roles())));
        ObjectNode json = view(node)
                .put("fleet", gives.authority().fleet())
                .put("certificate", given.pem())
                .put("authority", gives.authority().authority().pem())
                .put("time", clock.instant().toString());
        ArrayNode trusted = json.putArray("authors");
        authors.now().forEach(author -> trusted.add(line(author)));
        exchange.answer(201, json);
    }

    /** The token is used by now, and good for this node still. */
    private void letIn(String node) throws Problem {
        try {
            newcomer.letIn(node);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notLetIn(node, e);
        } catch (Exception e) {
            throw notLetIn(node, e);
        }
    }

    private static Problem notLetIn(String node, Exception cause) {
        Throwable why = cause.getCause() == null ? cause : cause.getCause();
        return new Problem(
                        503,
                        node + " was forgotten once, and the Seed cannot note now that it may come: " + why,
                        "join again with the same folder and name: the token is good for that")
                .header("Retry-After", "1")
                .because(cause);
    }

    /** As node.json has it: base64 on one line. */
    private static String line(Author author) {
        return author.pem().lines().filter(line -> !line.startsWith("-")).collect(Collectors.joining());
    }

    /**
     * Nobody knows yet who asks: so few may at a time, and all others are served meanwhile. What is still to be read keeps nobody from the
     * certificate.
     */
    private void renew(ApiExchange exchange) throws Exception {
        JsonNode body = one(reading, MAX_READING, () -> exchange.json(MAX_REQUEST_BYTES));
        one(renewing, MAX_RENEWING, () -> {
            give(exchange, body);
            return body;
        });
    }

    private static <T> T one(Semaphore of, int most, Callable<T> work) throws Exception {
        if (!of.tryAcquire()) {
            throw new Problem(503, most + " certificates are being renewed already", "try again in a moment")
                    .header("Retry-After", "1");
        }
        try {
            return work.call();
        } finally {
            of.release();
        }
    }

    private void give(ApiExchange exchange, JsonNode body) throws Exception {
        Enrolment gives = enrolment();
        Enrolment.Given given = gives.renew(
                body.path("certificate").asText(), body.path("request").asText());
        Instant now = clock.instant();
        exchange.answer(
                200,
                view(given.node())
                        .put("certificate", given.pem())
                        .put("authority", gives.authority().authority().pem())
                        .put("time", now.toString()));
    }

    /** A node that has joined has a certificate: by this way it would get one for any name that has not. */
    private static void requireBeside(ApiExchange exchange) throws Problem {
        if (exchange.holder().isCertified()) {
            throw new Problem(
                    403,
                    "this is for nodes beside the Seed, and "
                            + exchange.holder().name() + " has joined",
                    "it renews its own certificate: POST /v1/renewals");
        }
    }

    /** What a node beside the Seed has to know before it can ask. */
    private void authority(ApiExchange exchange) throws Exception {
        requireBeside(exchange);
        Enrolment gives = enrolment();
        exchange.answer(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("fleet", gives.authority().fleet())
                        .put("authority", gives.authority().authority().pem()));
    }

    private void beside(ApiExchange exchange) throws Exception {
        requireBeside(exchange);
        Enrolment gives = enrolment();
        JsonNode body = exchange.json(MAX_REQUEST_BYTES);
        Enrolment.Given given = gives.beside(body.path("request").asText());
        exchange.answer(
                200,
                view(given.node())
                        .put("certificate", given.pem())
                        .put("authority", gives.authority().authority().pem())
                        .put("time", clock.instant().toString()));
    }

    private void revoke(ApiExchange exchange) throws Exception {
        String node = exchange.parameter("node");
        EnrolledNode revoked = enrolments
                .revoke(node, exchange.holder().name())
                .orElseThrow(() -> new Problem(
                        404,
                        "no node " + node + " has a certificate",
                        "GET /v1/enrolments says which have; a node with the link token is stopped on its machine"));
        exchange.note("node " + node);
        exchange.answer(200, view(revoked));
    }
}
