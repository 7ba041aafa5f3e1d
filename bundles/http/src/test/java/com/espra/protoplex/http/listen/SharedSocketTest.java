package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.certificates.SelfSignedCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Groups that accept from one socket, each by a descriptor of its own, as the children of a node do. */
public class SharedSocketTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CLIENTS = 4;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Deque<ListenerGroup> groups = new ArrayDeque<>();
    private ListeningSocket socket;
    private @Nullable TlsFiles tls;

    @Before
    public void bind() throws Exception {
        socket = ListeningSocket.bind("http", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    }

    @After
    public void close() throws Exception {
        groups.forEach(ListenerGroup::close);
        log.close();
        socket.close();
    }

    private static final int REPLACEMENTS = Boolean.getBoolean("soak") ? 30 : 5;

    private final AccessLog log = new AccessLog(lines -> {});

    private OpenListener open(String name) throws Exception {
        ListenerGroup group = new ListenerGroup(name, Limits.DEFAULT, log);
        groups.add(group);
        Backend backend = group.dispatcher().open("app", name);
        Handler handler = Handlers.text(name);
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/")), handler)));
        group.dispatcher().flip(backend);
        return group.open(spec(), new InheritedSocket(socket.channel(), port()));
    }

    private ListenerSettings spec() {
        return new ListenerSettings("http", "127.0.0.1", 0, tls);
    }

    private int port() {
        return socket.address().getPort();
    }

    private String ask() throws IOException {
        try (RawClient client = new RawClient(port())) {
            return client.get("/", "Connection: close").body();
        }
    }

    @Test
    public void allAcceptFromOneQueue() throws Exception {
        OpenListener first = open("first");
        OpenListener second = open("second");
        Set<String> answered = ConcurrentHashMap.newKeySet();

        Until.until("both have answered", () -> answered.add(ask()) && answered.size() == 2);

        assertEquals("http://127.0.0.1:" + port(), first.address().toString());
        assertEquals(first.address(), second.address());
        assertTrue(first.connector().getAcceptors() >= 1);
    }

    @Test
    public void oneThatClosesUnderLoadTakesNothingFromTheOthers() throws Exception {
        replaceUnderLoad(this::ask);
    }

    @Test
    public void streamsMoveOnToTheOthers() throws Exception {
        // Not in clear text: the client would begin with an upgrade, and try that again elsewhere over HTTP/1.1.
        TlsFiles certificate = SelfSignedCertificate.in(folder.getRoot().toPath());
        tls = certificate;
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(Trusting.only(certificate))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port() + "/"))
                    .build();
            replaceUnderLoad(() -> {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.version() != HttpClient.Version.HTTP_2) {
                    throw new IOException("answered over " + response.version());
                }
                return response.body();
            });
        }
    }

    private void replaceUnderLoad(Callable<String> asking) throws Exception {
        OpenListener first = open("first");
        OpenListener serving = first;
        Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicBoolean enough = new AtomicBoolean();
        answers.computeIfAbsent(asking.call(), name -> new AtomicInteger()).incrementAndGet();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().start(() -> {
                while (!enough.get()) {
                    try {
                        answers.computeIfAbsent(asking.call(), name -> new AtomicInteger())
                                .incrementAndGet();
                    } catch (Exception e) {
                        failures.add(String.valueOf(e));
                    }
                }
            }));
        }
        awaitMore(answers, "first");

        for (int i = 1; i < REPLACEMENTS; i++) {
            OpenListener leaving = serving;
            serving = open("next-" + i);
            leaving.close(PATIENCE);
            awaitMore(answers, "next-" + i);
        }

        enough.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    private static void awaitMore(Map<String, AtomicInteger> answers, String name) throws Exception {
        int before = answers.getOrDefault(name, new AtomicInteger()).get();
        Until.until(
                "20 more answers of " + name,
                () -> answers.getOrDefault(name, new AtomicInteger()).get() >= before + 20);
    }

    @Test
    public void whatWaitsInTheQueueIsForTheNext() throws Exception {
        open("first").close(PATIENCE);
        try (RawClient client = new RawClient(port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            open("second");

            assertEquals("second", client.answer().body());
        }
    }

    @Test
    public void aChannelThatWasClosedIsNamed() throws Exception {
        ServerSocketChannel channel = socket.channel();
        channel.close();
        ListenerGroup group = new ListenerGroup("late", Limits.DEFAULT, log);
        groups.add(group);

        IOException refused =
                assertThrows(IOException.class, () -> group.open(spec(), new InheritedSocket(channel, port())));

        assertTrue(
                refused.getMessage(), refused.getMessage().startsWith("listener http cannot accept from the socket"));
    }
}
