package com.espra.protoplex.http.door;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.standing.Outage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers requests in place of the units, as the node's operators have ordered. Immutable. */
public final class Doorkeeper {

    /** Methods that change nothing (RFC 9110, section 9.2.1). */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** What balancers, monitors and certificate authorities (RFC 8555, section 8.3) ask goes to the units all the same. */
    private static final Set<String> ALIVE = Set.of("/health", "/ping");

    private static final List<String> ALIVE_BELOW = List.of("/health/", "/.well-known/acme-challenge/", "/a/ping.");

    private static final byte[] DRAINED =
            "503: this node takes nothing new.\nTry again: another node serves.\n".getBytes(StandardCharsets.US_ASCII);

    private static final String SOON = "5";

    private final Entrance entrance;
    private final long closingSince;
    private final List<Outage> outages;

    /** @param closingSince since when clients are asked to go, by {@link System#currentTimeMillis}, as connections know it */
    Doorkeeper(NodeStanding standing, long closingSince) {
        this.entrance = standing.entrance();
        this.closingSince = closingSince;
        this.outages = standing.outages();
    }

    /**
     * Answers, if the unit is not to.
     *
     * @param unit who has the request's path; null: nobody
     * @return whether it does
     */
    public boolean answers(
            Request request, Response response, Callback callback, Function<Request, @Nullable String> unit) {
        if (isShut(request)) {
            shut(response, callback);
            return true;
        }
        Instant now = Instant.now();
        String path = String.valueOf(Request.getPathInContext(request));
        if (path.equals(PassKey.PATH) && outages.stream().anyMatch(each -> each.isOn(now))) {
            PassKey.answer(request, response, callback, outages, now);
            return true;
        }
        Outage outage = outages.isEmpty() || isAlive(path) ? null : outage(request, unit, now);
        if (outage == null) {
            return false;
        }
        OutagePage.write(request, response, callback, outage, now);
        return true;
    }

    private boolean isShut(Request request) {
        return switch (entrance) {
            case OPEN, LEAVING -> false;
            case CLOSING ->
                request.getConnectionMetaData().getConnection().getEndPoint().getCreatedTimeStamp() > closingSince;
            case CLOSED -> true;
        };
    }

    private static void shut(Response response, Callback callback) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().put(HttpHeader.RETRY_AFTER, SOON);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.write(true, BufferUtil.toBuffer(DRAINED), callback);
    }

    private static boolean isAlive(String path) {
        return ALIVE.contains(path) || ALIVE_BELOW.stream().anyMatch(path::startsWith);
    }

    private @Nullable Outage outage(Request request, Function<Request, @Nullable String> unit, Instant now) {
        String its = null;
        boolean asked = false;
        for (Outage each : outages) {
            if (!each.isOn(now) || (each.readOnly() && SAFE.contains(request.getMethod()))) {
                continue;
            }
            if (!each.app().isEmpty() && !asked) {
                its = unit.apply(request);
                asked = true;
            }
            boolean isOf = each.app().isEmpty() || each.app().equals(its);
            if (isOf && !PassKey.opens(request, each)) {
                return each;
            }
        }
        return null;
    }
}
