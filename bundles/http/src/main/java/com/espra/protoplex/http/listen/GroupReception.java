package com.espra.protoplex.http.listen;

import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.connector.LosslessConnector;
import com.espra.protoplex.http.connector.MalformedRequests;
import com.espra.protoplex.http.connector.OpenHead;
import com.espra.protoplex.http.dispatch.TableDispatcher;
import com.espra.protoplex.http.door.Door;
import com.espra.protoplex.http.exchange.RequestIds;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.front.FrontRequest;
import com.espra.protoplex.http.front.Reception;
import com.espra.protoplex.http.limits.Admission;
import com.espra.protoplex.http.limits.Limits;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** One listener, as a front sees it. */
final class GroupReception implements Reception {

    private final Shared shared;
    private final LosslessConnector connector;
    private final BiFunction<Connector, EndPoint, Connection> jetty;
    private final RequestIds ids;
    private final Forwarders forwarders;

    /** What the listeners of a group share. */
    record Shared(
            TableDispatcher dispatcher,
            Door door,
            Admission admission,
            Supplier<Limits> limits,
            MalformedRequests malformed,
            @Nullable AccessLog log) {}

    GroupReception(
            Shared shared,
            LosslessConnector connector,
            RequestIds ids,
            Forwarders forwarders,
            BiFunction<Connector, EndPoint, Connection> jetty) {
        this.shared = shared;
        this.connector = connector;
        this.ids = ids;
        this.forwarders = forwarders;
        this.jetty = jetty;
    }

    @Override
    public boolean isClosed() {
        return shared.door.keeper() != null;
    }

    @Override
    public boolean claims(String host, String path) {
        return shared.dispatcher.claims(host, path);
    }

    @Override
    public boolean enter() {
        return shared.admission.tryEnter();
    }

    @Override
    public void leave() {
        shared.admission.leave();
    }

    @Override
    public boolean takesLeave() {
        return connector.isClosing();
    }

    @Override
    public int headBytes() {
        return shared.limits.get().headerBytes();
    }

    @Override
    public long bodyBytes() {
        return shared.limits.get().bodyBytes();
    }

    @Override
    public long minBytesPerSecond() {
        return shared.limits.get().minBytesPerSecond();
    }

    @Override
    public String id(@Nullable String given) {
        return ids.of(given);
    }

    @Override
    public void malformed(Object client, String why) {
        shared.malformed.add(client, why);
    }

    @Override
    public Forwarders forwarders() {
        return forwarders;
    }

    @Override
    public boolean logs() {
        return shared.log != null && shared.limits.get().accessLog();
    }

    @Override
    public void log(FrontRequest request) {
        AccessLog log = shared.log;
        if (log != null) {
            log.log(request);
        }
    }

    @Override
    public Connection jetty(EndPoint endPoint, int bytes) {
        if (outermost(endPoint) instanceof OpenHead.Holder holder) {
            holder.head().restart(bytes);
        }
        Connection next = jetty.apply(connector, endPoint);
        if (next instanceof AbstractConnection sized && bytes > sized.getInputBufferSize()) {
            sized.setInputBufferSize(bytes);
        }
        return next;
    }

    @Override
    public @Nullable ManagedSelector selector(EndPoint endPoint) {
        return outermost(endPoint) instanceof LosslessConnector.Selected selected ? selected.selector() : null;
    }

    private static EndPoint outermost(EndPoint endPoint) {
        EndPoint outer = endPoint;
        while (outer instanceof EndPoint.Wrapper wrapper) {
            outer = wrapper.unwrap();
        }
        return outer;
    }

    @Override
    public Executor executor() {
        return connector.getExecutor();
    }

    @Override
    public Scheduler scheduler() {
        return connector.getScheduler();
    }
}
