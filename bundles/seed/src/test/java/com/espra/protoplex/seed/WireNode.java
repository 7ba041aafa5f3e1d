package com.espra.protoplex.seed;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.link.LinkFrameException;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A node of few words on a real WebSocket: fetches what it is told, and says that it serves it. */
final class WireNode implements WebSocket.Listener, AutoCloseable {

    final Map<String, SignedBuild> serves = new ConcurrentHashMap<>();
    final Map<String, String> refuses = new ConcurrentHashMap<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    volatile boolean mute;
    volatile LinkFrame.Desired told = LinkFrame.Desired.NONE;
    final List<LinkFrame.Upgrade> upgrades = new CopyOnWriteArrayList<>();
    final List<LinkFrame.Owners> owners = new CopyOnWriteArrayList<>();
    final List<LinkFrame.Lease> leases = new CopyOnWriteArrayList<>();

    /** What it says of whether it could install a build; empty: nothing. */
    volatile String finds = "";

    private final RunningSeed seed;
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;

    WireNode(RunningSeed seed, String name, int protocol) throws Exception {
        this(seed, name, protocol, LinkFrame.Desired.NONE);
    }

    WireNode(RunningSeed seed, String name, int protocol, LinkFrame.Desired accepted) throws Exception {
        this.seed = seed;
        this.name = name;
        this.socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + seed.linkToken())
                .buildAsync(URI.create("ws://127.0.0.1:" + seed.port() + "/v1/link"), this)
                .get(10, TimeUnit.SECONDS);
        say(new LinkFrame.Hello(
                protocol,
                name,
                "local",
                Set.of("app"),
                1,
                "0.1.0",
                Map.of("http", "http://" + name),
                accepted,
                Map.of(),
                LinkFrame.Follow.NOT,
                false,
                LinkFrame.Order.NONE));
        try {
            say(new LinkFrame.Actual(0, List.of()));
        } catch (CompletionException e) {
            closed.get(10, TimeUnit.SECONDS); // it was turned away for its hello
        }
    }

    WireNode(RunningSeed seed, String name) throws Exception {
        this(seed, name, LinkFrame.PROTOCOL);
    }

    synchronized void say(LinkFrame frame) throws LinkFrameException {
        socket.sendText(LinkFrameCodec.write(frame), true).join();
    }

    synchronized void sayText(String raw) {
        socket.sendText(raw, true).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            String frame = text.toString();
            text.setLength(0);
            Thread.startVirtualThread(() -> take(frame));
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode + " " + reason);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete(error.toString());
    }

    private synchronized void take(String frame) {
        try {
            switch (LinkFrameCodec.read(frame)) {
                case LinkFrame.Desired desired when !mute -> move(desired);
                case LinkFrame.Upgrade upgrade -> upgrades.add(upgrade);
                case LinkFrame.Ask question
                when !finds.isEmpty() ->
                    say(new LinkFrame.Answer(
                            question.id(), "", "", List.of(new LinkFrame.Part(finds, true, "no package com.example"))));
                case LinkFrame.Owners told -> owners.add(told);
                case LinkFrame.Lease lease -> leases.add(lease);
                default -> {}
            }
        } catch (Exception e) {
            closed.complete(e.toString());
        }
    }

    private void move(LinkFrame.Desired desired) throws Exception {
        if (desired.sequence() < told.sequence()) {
            return; // each frame has a thread, and that of the newer came first
        }
        told = desired;
        for (String gone : List.copyOf(serves.keySet())) {
            if (!desired.units().containsKey(gone)) {
                serves.remove(gone);
                say(new LinkFrame.Result(desired.sequence(), gone, "", true, "", 0));
            }
        }
        for (Map.Entry<String, String> unit : desired.units().entrySet()) {
            SignedBuild build = SignedBuild.of(
                    fetch("/v1/builds/" + unit.getValue() + "/manifest"),
                    fetch("/v1/builds/" + unit.getValue() + "/signature"));
            build.requireAuthor(List.of(seed.author.author()));
            for (var file : build.build().bundles()) {
                fetch("/v1/files/" + file.sha256());
            }
            String refusal = refuses.getOrDefault(build.build().version(), "");
            if (refusal.isEmpty()) {
                say(new LinkFrame.Event(unit.getKey(), build.build().version(), "FLIP", "DONE", "", 5));
                serves.put(unit.getKey(), build);
            }
            say(new LinkFrame.Result(
                    desired.sequence(), unit.getKey(), unit.getValue(), refusal.isEmpty(), refusal, 5));
        }
        List<LinkFrame.Unit> units = new ArrayList<>();
        serves.forEach((unit, build) -> units.add(
                new LinkFrame.Unit(unit, build.build().version(), build.digest(), List.of("/" + unit + "/*"), 0)));
        say(new LinkFrame.Actual(desired.sequence(), units));
    }

    private byte[] fetch(String path) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(seed.uri(path))
                        .header("Authorization", "Bearer " + seed.linkToken())
                        .build(),
                BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " gave " + answer.statusCode());
        }
        return answer.body();
    }

    String serves(String unit) {
        SignedBuild build = serves.get(unit);
        return build == null ? "" : build.build().version();
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
    }

    @Override
    public String toString() {
        return name;
    }
}
