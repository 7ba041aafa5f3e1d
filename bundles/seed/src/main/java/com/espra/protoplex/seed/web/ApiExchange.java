package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.seed.access.TokenHolder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/** A request and its answer. */
final class ApiExchange {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern APP = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final Request request;
    private final Response response;
    private final Map<String, String> parameters;
    private final Ending ending;
    private final TokenHolder holder;
    private String what = "";

    /** Hears how a request ended, before its answer begins. */
    @FunctionalInterface
    interface Ending {

        /**
         * The answer is about to begin.
         *
         * @param status of the answer
         * @param what what was changed, in words
         */
        void ended(int status, String what) throws IOException;
    }

    ApiExchange(Request request, Response response, Map<String, String> parameters) {
        this(request, response, parameters, TokenHolder.stranger(), (status, what) -> {});
    }

    /** @param holder whose token, or certificate, was shown */
    ApiExchange(Request request, Response response, Map<String, String> parameters, TokenHolder holder, Ending ending) {
        this.holder = holder;
        this.request = request;
        this.response = response;
        this.parameters = parameters;
        this.ending = ending;
    }

    /** Whose token, or certificate, was shown. */
    TokenHolder holder() {
        return holder;
    }

    /** Says in words what is changed, for the audit log. */
    void note(String words) {
        what = words;
    }

    String header(HttpHeader name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    /** The length that was announced; -1 when none was. */
    long contentLength() {
        return request.getLength();
    }

    InputStream body() {
        return Content.Source.asInputStream(request);
    }

    String app() throws Problem {
        return wellFormed("app", APP, "1 to 63 lower-case letters, digits and hyphens");
    }

    String sha256(String name) throws Problem {
        String value = parameters.getOrDefault(name, "");
        if (!Sha256.isWellFormed(value)) {
            throw new Problem(
                    400, "the " + name + " in the path is not a sha256", "use 64 lower-case hexadecimal digits");
        }
        return value;
    }

    /** A number of the query, from 1 to the most; the standard when it is not there. */
    int number(String name, int standard, int most) throws Problem {
        Fields query = Request.extractQueryParameters(request);
        String value = query.getValue(name);
        if (value == null) {
            return standard;
        }
        if (!NUMBER.matcher(value).matches() || Integer.parseInt(value) < 1 || Integer.parseInt(value) > most) {
            throw new Problem(400, "'" + name + "' is not a number from 1 to " + most, "leave it out for " + standard);
        }
        return Integer.parseInt(value);
    }

    /** A word of the query; empty when it is not there. */
    String query(String name) {
        String value = Request.extractQueryParameters(request).getValue(name);
        return value == null ? "" : value;
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    private String wellFormed(String name, Pattern form, String remedy) throws Problem {
        String value = parameters.getOrDefault(name, "");
        if (!form.matcher(value).matches()) {
            throw new Problem(400, "the " + name + " in the path is not well-formed", "use " + remedy);
        }
        return value;
    }

    /** The JSON object in the body; an empty one when there is no body. */
    JsonNode json(int maxBytes) throws Problem, IOException {
        if (contentLength() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        byte[] bytes = body().readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw tooLarge(maxBytes);
        }
        try {
            JsonNode json = bytes.length == 0 ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(bytes);
            if (!json.isObject()) {
                throw new Problem(400, "the body is not a JSON object", "send one, as docs/openapi.yaml says");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new Problem(
                            400,
                            "the body is not well-formed JSON: " + e.getOriginalMessage(),
                            "send a JSON object, as docs/openapi.yaml says")
                    .because(e);
        }
    }

    private static Problem tooLarge(int maxBytes) {
        return new Problem(413, "the body is larger than " + maxBytes + " bytes", "send less");
    }

    void setHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }

    void setStatus(int status) {
        response.setStatus(status);
    }

    void answer(int status, JsonNode json) throws IOException {
        answer(status, "application/json", Json.MAPPER.writeValueAsBytes(json));
    }

    void answer(int status, String type, byte[] bytes) throws IOException {
        ending.ended(status, what);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        try (OutputStream out = stream()) {
            out.write(bytes);
        }
    }

    /**
     * Begins an answer of a length that nobody knows yet. Whoever has written all of it says how it {@linkplain #ended ended}, then closes
     * the stream; who throws instead must not have closed it, so that the answer is cut off.
     */
    OutputStream begin(String type) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        return stream();
    }

    /** Notes how it ended, for an answer that was begun. */
    void ended(int status) throws IOException {
        ending.ended(status, what);
    }

    OutputStream stream() {
        return Content.Sink.asOutputStream(response);
    }

    boolean committed() {
        return response.isCommitted();
    }

    void problem(Problem problem) throws IOException {
        problem.headers().forEach(this::setHeader);
        answer(problem.status(), "application/problem+json", Json.MAPPER.writeValueAsBytes(problem.json()));
    }
}
