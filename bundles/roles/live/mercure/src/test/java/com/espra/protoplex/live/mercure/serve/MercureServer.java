package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.HubPeers;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.hub.LocalHubs;
import com.espra.protoplex.live.mercure.match.TopicSpace;
import com.espra.protoplex.live.mercure.request.TrustedOrigins;
import com.espra.protoplex.live.mercure.token.TokenRules;
import com.espra.protoplex.live.mercure.token.Tokens;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.jetty.server.Handler;
import org.junit.rules.ExternalResource;

/** A hub of Live of one node, with Mercure in front of it, on a socket. */
public final class MercureServer extends ExternalResource {

    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static final int ADDRESS_STREAMS = 30;
    static final String ORIGIN = "https://app.example.com";

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<StreamClient> clients = new ArrayList<>();
    private LocalHubs hubs;
    private AccessLog log;
    private ListenerGroup group;
    private OpenListener listener;
    private int versions;

    @Override
    protected void before() throws Exception {
        hubs = hubs();
        log = new AccessLog(_ -> {});
        group = new ListenerGroup("test", Limits.DEFAULT, log);
        listener = group.open(new ListenerSettings("main", "127.0.0.1", 0, null));
        serve(rules(true, true, true, Duration.ofHours(1)));
    }

    @Override
    protected void after() {
        clients.forEach(StreamClient::close);
        group.close();
        log.close();
        timer.shutdownNow();
    }

    /** Of a node that is alone. */
    static LocalHubs hubs() {
        return new LocalHubs(HubLimits.STANDARD, new Lonely(), InstantSource.system(), System::nanoTime);
    }

    static MercureRules rules(boolean anonymous, boolean subscriptions, boolean legacy, Duration lifetime) {
        return rules(anonymous, subscriptions, legacy, lifetime, Tokens.SECRET);
    }

    /** With another key, for all, without updates of subscriptions. */
    static MercureRules rules(String key, Duration lifetime) {
        return rules(true, false, true, lifetime, key);
    }

    private static MercureRules rules(
            boolean anonymous, boolean subscriptions, boolean legacy, Duration lifetime, String key) {
        TokenRules tokens = TokenRules.of(Tokens.HUB, "", key, "", "", TokenRules.ALGORITHMS, 0, legacy);
        return new MercureRules(
                Tokens.HUB,
                new TopicSpace(Tokens.HUB),
                tokens,
                new TrustedOrigins(Tokens.HUB, Set.of(ORIGIN)),
                anonymous,
                subscriptions,
                5,
                ADDRESS_STREAMS,
                lifetime);
    }

    /** The next version, with rules of its own, in place of the one that serves. */
    void serve(MercureRules rules) throws Exception {
        serve(rules, hub());
    }

    /** The next version, which has nothing of what was. */
    void forget() throws Exception {
        hubs = hubs();
        serve(rules(true, true, true, Duration.ofHours(1)));
    }

    void serve(MercureRules rules, Hub hub) throws Exception {
        MercureHub mercure = new MercureHub(rules, hub, Clock.systemUTC(), timer);
        versions++;
        Backend backend = group.dispatcher().open("live", Integer.toString(versions));
        Handler streams = backend.channels(new MercureEndpoint(mercure));
        Handler subscriptions = new SubscriptionsHandler(mercure);
        Handler metadata = new MetadataHandler(mercure);
        for (Handler handler : List.of(streams, subscriptions, metadata)) {
            backend.start(handler);
        }
        backend.serve(List.of(
                new Endpoint(Set.of(Route.of(MercureRules.PATH)), streams),
                new Endpoint(Set.of(Route.of(MercureRules.PATH + "/subscriptions/*")), subscriptions),
                new Endpoint(Set.of(Route.of(MercureRules.METADATA_PATH)), metadata)));
        group.dispatcher().flip(backend);
    }

    LocalHub hub() {
        return hubs.hub("mercure");
    }

    URI uri(String pathAndQuery) {
        return URI.create(listener.address().toString().replaceFirst("/$", "") + pathAndQuery);
    }

    /** {@code name, value, name, value} as a query or a form. */
    static String form(String... fields) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(fields[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return form.toString();
    }

    static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
        return headers.length == 0 ? request : request.headers(headers);
    }

    StreamClient subscribe(String query, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(MercureRules.PATH + "?" + query));
        StreamClient client = new StreamClient(
                with(request.header("Accept", "text/event-stream"), headers).build());
        clients.add(client);
        return client;
    }

    HttpResponse<String> post(String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(MercureRules.PATH))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/x-www-form-urlencoded");
        return CLIENT.send(with(request, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Publishes as somebody who may. */
    String publish(String topic, String data, String... more) throws Exception {
        String form = form("topic", topic, "data", data) + (more.length == 0 ? "" : "&" + form(more));
        HttpResponse<String> response = post(form, "Authorization", publisher());
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    static String publisher() {
        return "Bearer " + Tokens.now().grant("publish", "*").signed(Tokens.SECRET);
    }

    static String reader(String... topics) {
        return "Bearer " + Tokens.now().grant("subscribe", topics).signed(Tokens.SECRET);
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return CLIENT.send(
                with(HttpRequest.newBuilder(uri(path)), headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** There is no other node. */
    private static final class Lonely implements HubPeers {

        private long epochs;

        @Override
        public boolean owns(String hub) {
            return true;
        }

        @Override
        public boolean areExpected() {
            return false;
        }

        @Override
        public CompletionStage<Position> publish(String hub, Update update, String key) {
            return CompletableFuture.failedFuture(new IllegalStateException("nobody else is there"));
        }

        @Override
        public CompletionStage<List<Member>> members(String hub) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void recover(LocalHub hub) {
            hub.own(++epochs);
        }

        @Override
        public void opened(LocalHub hub) {}

        @Override
        public void appended(LocalHub hub) {}
    }
}
