package com.espra.protoplex.live.server.web;

import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Subscription;
import com.espra.protoplex.live.server.LiveAdmission;
import com.espra.protoplex.live.server.OpenHubs;
import com.espra.protoplex.live.server.select.Selector;
import com.espra.protoplex.live.server.select.SelectorText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that poll. A session is what a client subscribes to and how far it was told; the updates are in the hub, so nothing is kept for each. PollSessions
 * go through a file to the next version, which is read once.
 */
@Component(service = Polls.class)
public final class Polls {

    private static final Logger LOG = LoggerFactory.getLogger(Polls.class);

    private static final long LONGEST_SECONDS = 30;
    private static final int MOST_QUERIES = 32;
    private static final int MOST_CHARACTERS = 8 * 1024;

    private final OpenHubs hubs;
    private final LiveAccess access;
    private final LiveAdmission admission;
    private final PollSessions sessions = new PollSessions(System::nanoTime);
    private final Path file;

    /** While the hubs are open. */
    @Activate
    public Polls(
            @Reference OpenHubs hubs,
            @Reference LiveAccess access,
            @Reference LiveAdmission admission,
            @Reference Node node)
            throws IOException {
        this.hubs = hubs;
        this.access = access;
        this.admission = admission;
        file = node.data("live").resolve("sessions");
        restore();
    }

    /** How many there are. */
    public int count() {
        return sessions.all().size();
    }

    void handle(Request request, Response response, Callback callback) throws Exception {
        expire();
        Map<String, List<String>> query = QueryText.parse(
                Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""));
        String id = QueryText.first(query, "q");
        switch (request.getMethod()) {
            case "POST" -> {
                if (id.isEmpty()) {
                    begin(request, response, callback);
                } else {
                    change(id, request, response, callback);
                }
            }
            case "GET" -> poll(id, query, response, callback);
            case "DELETE" -> {
                sessions.remove(id).ifPresent(this::ended);
                WebRequests.answer(response, callback, HttpStatus.OK_200, Map.of());
            }
            default -> {
                response.getHeaders().put(HttpHeader.ALLOW, "GET, POST, DELETE");
                WebRequests.refuse(
                        response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "begin by POST, then poll by GET");
            }
        }
    }

    private void expire() {
        sessions.expire().forEach(this::ended);
    }

    private void ended(PollSession session) {
        access.limits().close(session.address());
    }

    private void begin(Request request, Response response, Callback callback) throws IOException {
        Map<String, Object> asked = SelectorText.object(WebRequests.body(request));
        boolean seesPrivate = access.isPublisher(WebRequests.header(request, HttpHeader.AUTHORIZATION));
        Map<String, Selector> queries = queries(asked, seesPrivate);
        String from = SelectorText.string(asked, "from", "");
        SelectorText.resume(from);
        Hub hub = hubs.hub(access.hub(Request.getServerName(request)));
        Position last = hub.last();
        String at = from.isEmpty() && !last.equals(Position.NONE) ? last.toString() : from;
        String address = Request.getRemoteAddr(request);
        if (!access.limits().open(address)) {
            WebRequests.refuse(
                    response,
                    callback,
                    HttpStatus.TOO_MANY_REQUESTS_429,
                    "there are too many connections and sessions of this address: later");
            return;
        }
        Optional<PollSession> session = sessions.add(hub.name(), address, seesPrivate, queries, at);
        if (session.isEmpty()) {
            access.limits().close(address);
            WebRequests.refuse(
                    response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "there are too many sessions: later");
            return;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("session", session.get().id());
        answer.put("at", at);
        answer.put("seconds", PollSessions.SECONDS);
        WebRequests.answer(response, callback, HttpStatus.CREATED_201, answer);
    }

    private static Map<String, Selector> queries(Map<String, Object> asked, boolean seesPrivate) {
        if (!(asked.get("queries") instanceof Map<?, ?> named) || named.isEmpty() || named.size() > MOST_QUERIES) {
            throw new IllegalArgumentException(
                    "send {\"queries\": {\"NAME\": {\"all\": [KEY, ...], \"any\": [KEY, ...]}}}," + " with at most "
                            + MOST_QUERIES + " of them");
        }
        Map<String, Selector> queries = new LinkedHashMap<>();
        int characters = 0;
        for (Map.Entry<?, ?> each : named.entrySet()) {
            if (!(each.getValue() instanceof Map<?, ?>)) {
                throw new IllegalArgumentException("a query is {\"all\": [KEY, ...], \"any\": [KEY, ...]}");
            }
            @SuppressWarnings("unchecked") // As JSON objects are read.
            Selector selector = SelectorText.selector((Map<String, Object>) each.getValue(), seesPrivate);
            String name = String.valueOf(each.getKey());
            characters += name.length() + selector.length();
            queries.put(name, selector);
        }
        if (characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException("all keys of a session have at most " + MOST_CHARACTERS + " characters");
        }
        return queries;
    }

    private void change(String id, Request request, Response response, Callback callback) throws IOException {
        Optional<PollSession> session = sessions.get(id);
        if (session.isEmpty()) {
            unknown(response, callback);
            return;
        }
        Map<String, Object> asked = SelectorText.object(WebRequests.body(request));
        sessions.change(session.get(), queries(asked, session.get().seesPrivate()));
        WebRequests.answer(
                response,
                callback,
                HttpStatus.OK_200,
                Map.of("session", id, "at", session.get().at()));
    }

    private static void unknown(Response response, Callback callback) {
        WebRequests.refuse(
                response,
                callback,
                HttpStatus.NOT_FOUND_404,
                "there is no such session, or no longer: begin one with 'from', the place of the last answer");
    }

    private void poll(String id, Map<String, List<String>> query, Response response, Callback callback)
            throws InterruptedException {
        Optional<PollSession> session = sessions.get(id);
        if (session.isEmpty()) {
            unknown(response, callback);
            return;
        }
        String from = QueryText.first(query, "from");
        String before = from.isEmpty() ? session.get().at() : from;
        // The hub had no place when the session began: what was published since is not known to be none.
        Gathered gathered = new Gathered(session.get().queries(), before.isEmpty());
        Runnable end = gathered::end;
        Subscription subscription = hubs.hub(session.get().hub())
                .subscribe(Member.hidden(id, ""), gathered, SelectorText.resume(before), gathered);
        try {
            admission.onClose(end);
            gathered.await(TimeUnit.SECONDS.toNanos(seconds(QueryText.first(query, "wait"))));
            subscription.close();
            String at = gathered.at(subscription.position(), before);
            sessions.told(id, at);
            WebRequests.answer(response, callback, HttpStatus.OK_200, gathered.answer(at));
        } finally {
            subscription.close();
            admission.forget(end);
        }
    }

    private static long seconds(String wait) {
        if (wait.isEmpty()) {
            return LONGEST_SECONDS - 5;
        }
        if (!wait.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("'wait' is a number of seconds, 0 to " + LONGEST_SECONDS);
        }
        return Math.min(LONGEST_SECONDS, Long.parseLong(wait));
    }

    // ---- from version to version

    private void restore() throws IOException {
        if (Files.notExists(file)) {
            return;
        }
        byte[] kept = Files.readAllBytes(file);
        Files.delete(file);
        try {
            if (SelectorText.object(kept).get("sessions") instanceof List<?> all) {
                all.forEach(this::restore);
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("the sessions that the version before has kept cannot be read: {}", e.getMessage());
        }
    }

    private void restore(Object each) {
        @SuppressWarnings("unchecked") // As JSON objects are read.
        Map<String, Object> one = (Map<String, Object>) each;
        boolean seesPrivate = Boolean.TRUE.equals(one.get("private"));
        if (seesPrivate && !access.tokenMark().equals(one.get("token"))) {
            // It was begun with another token: the client is told that it is not known, and begins anew.
            return;
        }
        String address = SelectorText.string(one, "address", "");
        sessions.restore(new PollSession(
                SelectorText.string(one, "id", ""),
                SelectorText.string(one, "hub", ""),
                address,
                seesPrivate,
                queries(one, seesPrivate),
                SelectorText.string(one, "at", ""),
                0));
        access.limits().count(address);
    }

    @Deactivate
    void close() throws IOException {
        List<Object> all = new ArrayList<>();
        for (PollSession session : sessions.all()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", session.id());
            one.put("hub", session.hub());
            one.put("address", session.address());
            one.put("private", session.seesPrivate());
            one.put("token", session.seesPrivate() ? access.tokenMark() : "");
            one.put("at", session.at());
            Map<String, Object> queries = new LinkedHashMap<>();
            session.queries().forEach((name, selector) -> queries.put(name, SelectorText.selector(selector)));
            one.put("queries", queries);
            all.add(one);
            access.limits().close(session.address());
        }
        Disk.publish(file, SelectorText.text(Map.of("sessions", all)).getBytes(StandardCharsets.UTF_8));
    }
}
