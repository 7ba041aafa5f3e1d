package com.espra.protoplex.seed.web;

import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.seed.access.TokenHolder;
import com.espra.protoplex.seed.access.Tokens;
import com.espra.protoplex.seed.audit.AuditLog;
import com.espra.protoplex.seed.enrol.CertifiedNode;
import com.espra.protoplex.seed.enrol.Enrolment;
import com.espra.protoplex.seed.enrol.EnrolmentException;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.nodes.Returning;
import com.espra.protoplex.seed.state.FleetException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Seed's HTTP API: finds who answers, lets in who may, and makes a problem of whatever goes wrong. */
public final class SeedHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(SeedHandler.class);
    private static final int MAX_REQUESTS = 512;
    private static final String LINK = "/v1/link";

    /** The attribute of a request for a link with the {@link CertifiedNode}; there is none for a node that has shown a token. */
    public static final String NODE = "com.espra.protoplex.seed.node";

    private final Gate gate;
    private final Auditing auditing;
    private final LinkUpgrade link;
    private final List<ApiOperation> routes;
    private final Returning returning;
    private final Semaphore slots = new Semaphore(MAX_REQUESTS);

    /** Turns a request into a link. */
    @FunctionalInterface
    public interface LinkUpgrade {

        /**
         * Upgrades the request, if it asks for that.
         *
         * @return whether it took the request; the callback is completed then
         * @throws Exception if the upgrade fails
         */
        boolean upgrade(Request request, Response response, Callback callback) throws Exception;
    }

    /**
     * @param tokens who may call
     * @param enrolments who may join
     * @param enrolment gives certificates; empty for a Seed that other machines do not reach
     * @param audit notes who changes what
     * @param link takes the nodes' links
     * @param api what answers everything else
     * @param returning whom operators' requests wait for a moment
     */
    public SeedHandler(
            Tokens tokens,
            Enrolments enrolments,
            Optional<Enrolment> enrolment,
            AuditLog audit,
            LinkUpgrade link,
            Api api,
            Returning returning) {
        this.gate = new Gate(tokens, enrolments.tokens(), enrolment);
        this.auditing = new Auditing(audit, InstantSource.system());
        this.link = link;
        this.routes = api.routes();
        this.returning = returning;
    }

    /** All operations, as {@code METHOD /path}. */
    public static List<String> operations(Api api) {
        TreeSet<String> operations = new TreeSet<>();
        api.routes().forEach(route -> operations.add(route.method() + " " + route.template()));
        operations.add("GET " + LINK);
        return List.copyOf(operations);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        if (path.equals(LINK)) {
            return link(request, response, callback);
        }
        if (!slots.tryAcquire()) {
            refuse(
                    new ApiExchange(request, response, Map.of()),
                    new Problem(503, MAX_REQUESTS + " requests are being answered already", "try again in a moment"));
            callback.succeeded();
            return true;
        }
        Thread.ofPlatform().daemon().name("seed-http").start(() -> {
            try {
                answer(path, request, response);
                callback.succeeded();
            } catch (IOException | RuntimeException | Error e) {
                LOG.debug("the answer to {} {} was cut off", request.getMethod(), path, e);
                callback.failed(e);
            } finally {
                slots.release();
            }
        });
        return true;
    }

    private boolean link(Request request, Response response, Callback callback) throws Exception {
        ApiExchange exchange = new ApiExchange(request, response, Map.of());
        try {
            Gate.admit(Access.LINK, gate.holder(Access.LINK, request));
            gate.certified(request).ifPresent(node -> request.setAttribute(NODE, node));
            if (!HttpMethod.GET.is(request.getMethod())) {
                throw notAllowed(request.getMethod(), "GET");
            }
            if (link.upgrade(request, response, callback)) {
                return true;
            }
            throw new Problem(426, "this is where nodes open their WebSocket", "ask for an upgrade")
                    .header("Upgrade", "websocket");
        } catch (EnrolmentException e) {
            refuse(exchange, Gate.challenge(e));
            callback.succeeded();
            return true;
        } catch (Problem problem) {
            refuse(exchange, problem);
            callback.succeeded();
            return true;
        }
    }

    private void answer(String path, Request request, Response response) throws IOException {
        ApiExchange plain = new ApiExchange(request, response, Map.of());
        try {
            Optional<ApiOperation> known = find(request.getMethod(), path);
            Access access = known.map(ApiOperation::access).orElse(Access.READ_OR_LINK);
            TokenHolder holder = gate.holder(access, request);
            if (holder.isOperator()) {
                returning.await();
            }
            Map<String, String> parameters =
                    known.flatMap(route -> route.match(path)).orElse(Map.of());
            plain = new ApiExchange(request, response, parameters, holder, auditing.begin(request, holder));
            Gate.admit(access, holder);
            ApiOperation route = known.isPresent() ? known.get() : nothing(request.getMethod(), path);
            route.action().answer(plain);
        } catch (Problem problem) {
            refuse(plain, problem);
        } catch (FleetException e) {
            refuse(plain, problem(e));
        } catch (EnrolmentException e) {
            refuse(plain, EnrolmentApi.problem(e));
        } catch (DiskFullException e) {
            refuse(plain, problem(e));
        } catch (BuildException e) {
            refuse(plain, new Problem(422, String.valueOf(e.getMessage()), e.remedy()).because(e));
        } catch (IOException e) {
            cutOff(plain, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(plain, new Problem(503, "the Seed stops", "try again when it has started").because(e));
        } catch (Exception e) {
            LOG.error("{} {}: a defect of the Seed", request.getMethod(), path, e);
            refuse(
                    plain,
                    new Problem(500, "a defect of the Seed: " + e, "its log says more; please report it").because(e));
        }
    }

    /** The disk, or a client who has left; whoever is still there hears of it. */
    private static void cutOff(ApiExchange exchange, IOException cause) throws IOException {
        if (exchange.committed()) {
            exchange.ended(500);
            throw cause;
        }
        LOG.warn("a request could not be answered: {}", cause.toString());
        refuse(
                exchange,
                new Problem(500, "the Seed could not do this: " + cause.getMessage(), "its log says more; try again")
                        .because(cause));
    }

    private Optional<ApiOperation> find(String method, String path) {
        return routes.stream()
                .filter(route ->
                        route.method().equals(method) && route.match(path).isPresent())
                .findFirst();
    }

    private ApiOperation nothing(String method, String path) throws Problem {
        TreeSet<String> allowed = new TreeSet<>();
        routes.stream().filter(route -> route.match(path).isPresent()).forEach(route -> allowed.add(route.method()));
        if (allowed.isEmpty()) {
            throw new Problem(404, "there is nothing at this path", "GET /v1/openapi.yaml says what there is");
        }
        throw notAllowed(method, String.join(", ", allowed));
    }

    private static void refuse(ApiExchange exchange, Problem problem) throws IOException {
        if (exchange.committed()) {
            throw new IOException("the answer had begun when it failed", problem);
        }
        exchange.problem(problem);
    }

    private static Problem notAllowed(String method, String allowed) {
        return new Problem(405, method + " is not possible here", "use " + allowed).header("Allow", allowed);
    }

    private static Problem problem(FleetException e) {
        Problem problem = new Problem(
                e.kind() == FleetException.Kind.NOT_FOUND ? 404 : 409, String.valueOf(e.getMessage()), e.remedy());
        return (e.deployment().isEmpty() ? problem : problem.with("deployment", e.deployment())).because(e);
    }

    private static Problem problem(DiskFullException e) {
        return new Problem(
                        507,
                        String.valueOf(e.getMessage()),
                        "make room on the Seed's disk, then push again: it goes on where it was cut")
                .with("neededBytes", e.neededBytes())
                .with("freeBytes", e.freeBytes())
                .because(e);
    }
}
