package com.espra.protoplex.meta;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.http.Streams;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.meta.OtherProcesses.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;

/** Answers on the listeners of the group {@link Dispatcher#META}, and on no other. */
@Component(
        service = {},
        immediate = true)
public final class MetaPort {

    private static final String UNIT = "meta";

    private final Dispatcher dispatcher;
    private final Metrics metrics;
    private final OtherProcesses processes;
    private final Map<String, Supplier<Answer>> answers;

    /** Not a service of this component: it needs the engine, and the engine its listeners, which would be a circle. */
    private final ServiceRegistration<SwapListener> listening;

    private volatile @Nullable Condition restored;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable NodeStanding standing;

    @Reference(
            target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Dispatcher world;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Streams streams;

    /** Opens the port's routes. */
    @Activate
    public MetaPort(
            BundleContext context,
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.META + ")") Dispatcher dispatcher,
            @Reference Node node,
            @Reference SwapEngine engine,
            @Reference HealthCheckExecutor checks,
            @Reference UnitMeters meters)
            throws Exception {
        this.dispatcher = dispatcher;
        this.processes = new OtherProcesses(context);
        this.metrics = new Metrics(node, engine::units, () -> world, () -> streams, meters);
        Health health = new Health(checks);
        NodeReport report = new NodeReport(node, engine, processes);
        this.answers = Map.of(
                "/health/live", health::live,
                "/health/ready",
                        () -> new NodeReadiness(processes)
                                .with(health.ready(Health.standing(restored != null, standing))),
                "/metrics", this::metrics,
                "/v1/node", report::answer);
        open();
        this.listening = context.registerService(SwapListener.class, metrics::count, null);
    }

    /** Registered by the agent while every unit that the node should run serves. */
    @Reference(
            target = "(" + Condition.CONDITION_ID + "=protoplex.restored)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void setRestored(Condition condition) {
        restored = condition;
    }

    void unsetRestored(Condition condition) {
        restored = null;
    }

    /** The metrics of this process; in a parent, those of all processes of the node. */
    private Answer metrics() {
        Answer own = metrics.answer();
        List<Reply> children = processes.askChildren(ChildMeta.METRICS);
        if (children.isEmpty()) {
            return own;
        }
        Exposition all = new Exposition();
        all.addParent(own.body());
        all.addParent(NodeReadiness.metrics(processes.askHost("children")));
        children.forEach(child -> all.addChild(child.name(), child.text("text")));
        return new Answer(own.status(), own.contentType(), all.text());
    }

    private void open() throws Exception {
        Backend backend = dispatcher.open(UNIT, UNIT);
        Handler handler = new Answers();
        backend.start(handler);
        Set<Route> routes = answers.keySet().stream().map(Route::of).collect(Collectors.toSet());
        backend.serve(List.of(new Endpoint(routes, handler)));
        try {
            dispatcher.flip(backend);
        } catch (RouteConflictException e) {
            backend.close();
            throw new IllegalStateException("the Meta port's routes are taken", e);
        }
    }

    @Deactivate
    void close() {
        listening.unregister();
        dispatcher.withdraw(UNIT).ifPresent(Backend::close);
    }

    /** A complete response. */
    record Answer(int status, String contentType, String body) {

        static Answer text(int status, String text) {
            return new Answer(status, "text/plain;charset=utf-8", text);
        }
    }

    private final class Answers extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Supplier<Answer> supplier = answers.get(Request.getPathInContext(request));
            if (supplier == null) {
                return false;
            }
            boolean head = HttpMethod.HEAD.is(request.getMethod());
            if (!head && !HttpMethod.GET.is(request.getMethod())) {
                response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
                Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
                return true;
            }
            Answer answer = supplier.get();
            response.setStatus(answer.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            ByteBuffer body = StandardCharsets.UTF_8.encode(answer.body());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
            response.write(true, head ? BufferUtil.EMPTY_BUFFER : body, callback);
            return true;
        }
    }
}
