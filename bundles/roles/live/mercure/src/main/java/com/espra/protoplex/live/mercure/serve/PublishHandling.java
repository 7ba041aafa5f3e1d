package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.mercure.match.Topic;
import com.espra.protoplex.live.mercure.request.FormFields;
import com.espra.protoplex.live.mercure.request.MercureRefusal;
import com.espra.protoplex.live.mercure.request.PresentedToken;
import com.espra.protoplex.live.mercure.request.PublishRequest;
import com.espra.protoplex.live.mercure.token.AccessToken;
import com.espra.protoplex.live.mercure.token.TokenRole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Requests to the hub's URL that open no stream: updates of publishers, and what browsers ask before. */
final class PublishHandling {

    /** How many bytes a request may have: each of its data may be three when it is encoded. */
    static final int LARGEST_BODY = 256 * 1024;

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int LONGEST_WAIT_SECONDS = 15;

    private final MercureHub mercure;

    PublishHandling(MercureHub mercure) {
        this.mercure = mercure;
    }

    void handle(Request request, Response response, Callback callback) {
        Answer answer = new Answer(mercure, request, response, callback);
        switch (request.getMethod()) {
            case "POST" ->
                answer.orRefuse(() -> {
                    String id = publish(request);
                    answer.text(id);
                });
            case "OPTIONS" -> answer.preflight("GET, POST");
            case "GET" ->
                answer.orRefuse(() -> {
                    throw MercureRefusal.of(406, "subscribe with Accept: text/event-stream");
                });
            default -> {
                response.getHeaders().put(HttpHeader.ALLOW, "GET, POST, OPTIONS");
                answer.orRefuse(() -> {
                    throw MercureRefusal.of(405, "subscribe by GET, publish by POST");
                });
            }
        }
    }

    private String publish(Request request) throws MercureRefusal, IOException, InterruptedException {
        String query = request.getHttpURI().getQuery();
        PresentedToken credentials =
                mercure.credentials(name -> Answer.header(request, name), FormFields.parse(query == null ? "" : query));
        if (credentials.isNone()) {
            throw MercureRefusal.noToken();
        }
        AccessToken token = mercure.token(credentials, TokenRole.PUBLISHER);
        if (credentials.byCookie()) {
            mercure.rules().origins().checkForged(Answer.header(request, "Origin"), Answer.header(request, "Referer"));
        }
        PublishRequest publish = PublishRequest.of(mercure.rules().space(), form(request), token.isLegacy());
        for (Topic topic : publish.topics()) {
            if (mercure.rules().space().isReserved(topic)) {
                throw MercureRefusal.of(403, "topics below " + MercureRules.PATH + " are the hub's own");
            }
            if (!token.mayPublish(topic)) {
                throw MercureRefusal.insufficientScope("the access token does not allow to publish on this topic");
            }
        }
        send(publish);
        return publish.update().id();
    }

    private static FormFields form(Request request) throws MercureRefusal, IOException {
        String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM)) {
            throw MercureRefusal.of(415, "an update is published as " + FORM);
        }
        if (request.getLength() > LARGEST_BODY) {
            throw tooLarge();
        }
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(LARGEST_BODY + 1);
            if (body.length > LARGEST_BODY) {
                throw tooLarge();
            }
            return FormFields.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (CharacterCodingException e) {
            throw MercureRefusal.bad("the form is no UTF-8");
        }
    }

    private static MercureRefusal tooLarge() {
        return MercureRefusal.of(413, "a request has at most " + LARGEST_BODY + " bytes");
    }

    private void send(PublishRequest publish) throws MercureRefusal, InterruptedException {
        try {
            mercure.hub()
                    .publish(publish.update(), "")
                    .toCompletableFuture()
                    .get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HubRefusedException refused) {
                throw MercureHub.refusal(refused);
            }
            throw MercureRefusal.of(503, "the update may or may not have been published");
        } catch (TimeoutException e) {
            throw MercureRefusal.of(
                    503, "the update may or may not have been published: no answer in " + LONGEST_WAIT_SECONDS + " s");
        }
    }
}
