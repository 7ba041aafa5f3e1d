package com.espra.protoplex.calls.send;

import com.espra.protoplex.api.call.CallFailedException;
import com.espra.protoplex.api.call.CallFailedException.Reason;
import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.calls.wire.CallRoom;
import com.espra.protoplex.calls.wire.CallWire;
import com.espra.protoplex.calls.wire.Credentials;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Calls other nodes over HTTP/2, with the certificate of this node or the token of the Seed's machine. */
public final class HttpCalls implements CallTransport, AutoCloseable {

    private final Credentials credentials;
    private final FleetHttp http;
    private final CallRoom memory;

    /** One that has an eighth of the heap for answers. */
    public HttpCalls(Credentials credentials) {
        this.credentials = credentials;
        this.memory = CallRoom.ofHeap();
        this.http = new FleetHttp(credentials::certificate);
    }

    @Override
    public FleetResponse call(FleetTarget target, String role, FleetRequest request, long endNanos)
            throws CallFailedException, InterruptedException {
        Sending sending = new Sending(target, role);
        try (AnswerBody body = new AnswerBody(memory)) {
            Optional<String> authorization = authorization(sending);
            HttpClient client = http.client(target);
            http.prepare(client, target, authorization, endNanos);
            HttpRequest message = message(sending, request, authorization, endNanos);
            HttpResponse<byte[]> response = sending.await(client.sendAsync(message, body), endNanos);
            if (body.isRefused()) {
                throw sending.failed(
                        Reason.BROKEN, "there is no memory for the answers of so many calls at once", null);
            }
            return answer(sending, response);
        } catch (CallFailedException e) {
            throw e;
        } catch (IOException e) {
            throw sending.failed(e);
        }
    }

    private Optional<String> authorization(Sending sending) throws CallFailedException {
        FleetTarget target = sending.target();
        try {
            return target.key().isEmpty()
                    ? credentials.authorization(target.address())
                    : Optional.of("Bearer " + target.key());
        } catch (IOException e) {
            throw sending.failed(Reason.UNREACHABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private HttpRequest message(Sending sending, FleetRequest request, Optional<String> authorization, long endNanos)
            throws CallFailedException {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
        URI uri;
        try {
            uri = URI.create(sending.target().address() + CallWire.PREFIX + "/" + sending.role() + request.path());
            HttpRequest.Builder message = HttpRequest.newBuilder(uri)
                    .method(
                            request.method(),
                            request.body().length == 0
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(request.body()))
                    .setHeader(CallWire.DEADLINE, Long.toString(millis))
                    .setHeader(CallWire.HOPS, Integer.toString(request.origin().hops()))
                    .setHeader(Dispatcher.REQUEST_ID_HEADER, request.origin().requestId())
                    .setHeader(CallWire.TRACE_PARENT, request.origin().traceParent());
            authorization.ifPresent(shown -> message.setHeader("Authorization", shown));
            if (!request.origin().traceState().isEmpty()) {
                message.setHeader(CallWire.TRACE_STATE, request.origin().traceState());
            }
            request.headers().all().forEach(message::setHeader);
            return message.build();
        } catch (IllegalArgumentException e) {
            throw sending.failed(Reason.UNREACHABLE, "the call cannot be written: " + e.getMessage(), e);
        }
    }

    private FleetResponse answer(Sending sending, HttpResponse<byte[]> response) throws CallFailedException {
        http.spoke(sending.target(), response.version());
        String answer = response.headers().firstValue(CallWire.ANSWER).orElse("");
        if (answer.equals(CallWire.ROLE)) {
            return sending.read(response);
        }
        String text = new String(response.body(), StandardCharsets.UTF_8).strip();
        for (Reason reason : Reason.values()) {
            if (reason.name().toLowerCase(Locale.ROOT).equals(answer)) {
                throw new CallFailedException(sending.role(), sending.target().node(), reason, text, null);
            }
        }
        throw sending.failed(
                response.statusCode() == 404 ? Reason.UNAVAILABLE : Reason.BROKEN,
                "it is answered with " + response.statusCode()
                        + (response.statusCode() == 404
                                ? ": the node's version takes no calls"
                                : " by none that takes calls"),
                null);
    }

    @Override
    public void close() {
        http.close();
    }

    /** One call on its way. */
    private record Sending(FleetTarget target, String role) {

        HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> coming, long endNanos)
                throws CallFailedException, InterruptedException {
            try {
                return coming.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw failed(e.getCause() == null ? e : e.getCause());
            } catch (TimeoutException e) {
                coming.cancel(true);
                throw failed(Reason.DEADLINE, "it did not answer within the call's deadline", e);
            } catch (InterruptedException e) {
                coming.cancel(true);
                throw e;
            }
        }

        FleetResponse read(HttpResponse<byte[]> response) throws CallFailedException {
            Map<String, String> fields = new TreeMap<>();
            response.headers().map().forEach((name, values) -> {
                String lower = name.toLowerCase(Locale.ROOT);
                if (!name.startsWith(":") && !CallHeaders.isReserved(lower)) {
                    fields.put(lower, String.join(", ", values));
                }
            });
            fields.remove("cache-control");
            try {
                return new FleetResponse(response.statusCode(), new CallHeaders(fields), response.body());
            } catch (IllegalArgumentException e) {
                throw failed(Reason.BROKEN, "its answer is none: " + e.getMessage(), e);
            }
        }

        CallFailedException failed(Throwable cause) {
            Optional<String> stranger = strange(cause);
            if (stranger.isPresent()) {
                // Nothing was sent: the handshake comes first.
                return failed(Reason.UNREACHABLE, stranger.get(), cause);
            }
            boolean connected = !(cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException);
            return failed(
                    connected ? Reason.BROKEN : Reason.UNREACHABLE,
                    connected
                            ? "its connection broke before all of the answer had come: " + cause
                            : "it cannot be reached at " + target.address() + ": " + cause,
                    cause);
        }

        /** What the handshake says of who is there; empty if it was not that which failed. */
        private Optional<String> strange(Throwable failure) {
            boolean handshake = false;
            String why = "";
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                handshake |= cause instanceof SSLHandshakeException;
                if (cause instanceof CertificateException) {
                    why = ": its certificate is not trusted here: " + cause.getMessage();
                }
            }
            return handshake
                    ? Optional.of(
                            "TLS is not possible with " + target.address() + (why.isEmpty() ? ": " + failure : why))
                    : Optional.empty();
        }

        CallFailedException failed(Reason reason, String why, @Nullable Throwable cause) {
            return new CallFailedException(
                    role,
                    target.node(),
                    reason,
                    "the call of " + role + " on " + target.node() + " failed: " + why,
                    cause);
        }
    }
}
