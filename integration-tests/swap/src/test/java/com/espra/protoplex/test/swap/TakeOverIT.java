package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.test.support.Await;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** A counter in a file, whose folder one generation has open, goes from version to version. */
public class TakeOverIT extends SwapTest {

    private static final int CLIENTS = 4;

    private volatile boolean running = true;
    private final AtomicInteger answered = new AtomicInteger();

    /** @param opens what its store does before it opens */
    private Release counter(String version, String opens) {
        Release made = release(
                "counter",
                version,
                handler("com.example.counter", version, "/count", "@Reference Store store;", "\"\" + store.next()")
                        .source("""
                                package com.example.counter;
                                import com.espra.protoplex.api.node.Node;
                                import com.espra.protoplex.api.swap.Generation;
                                import com.espra.protoplex.files.FolderLock;
                                import java.nio.file.*;
                                import java.time.Duration;
                                import org.osgi.service.component.annotations.*;
                                import org.osgi.service.condition.Condition;
                                @Component(service = Store.class)
                                public class Store {
                                    private final FolderLock lock;
                                    private final Path file;
                                    private int count;
                                    private boolean open = true;
                                    @Activate
                                    public Store(@Reference Node node, @Reference(target = Generation.LIVE) Condition live) throws Exception {
                                        %s
                                        lock = FolderLock.take(node.data("counter"), Duration.ZERO);
                                        file = node.data("counter").resolve("count");
                                        count = Files.exists(file) ? Integer.parseInt(Files.readString(file)) : 0;
                                    }
                                    public synchronized int next() {
                                        if (!open) throw new IllegalStateException("closed");
                                        return ++count;
                                    }
                                    @Deactivate synchronized void close() throws Exception {
                                        open = false;
                                        Files.writeString(file, Integer.toString(count));
                                        lock.close();
                                    }
                                }
                                """.formatted(opens))
                        .source("""
                                package com.example.counter;
                                import com.espra.protoplex.api.channel.*;
                                import java.nio.charset.StandardCharsets;
                                import java.util.Map;
                                import java.util.concurrent.ConcurrentHashMap;
                                import org.osgi.service.component.annotations.*;
                                /** Answers with its version, and with how often this one has said something. */
                                @Component(service = ChannelReceiver.class, property = "protoplex.path=/talk")
                                public class Talk implements ChannelReceiver {
                                    private final Map<Channel, Integer> said = new ConcurrentHashMap<>();
                                    @Override public void opened(Channel channel) { said.put(channel, 0); }
                                    @Override public void message(Channel channel, String text) {
                                        channel.send("%s " + text + " " + said.merge(channel, 1, Integer::sum));
                                    }
                                    @Override public byte[] leave(Channel channel) {
                                        return String.valueOf(said.remove(channel)).getBytes(StandardCharsets.UTF_8);
                                    }
                                    @Override public void adopted(Channel channel, byte[] state) {
                                        said.put(channel, Integer.valueOf(new String(state, StandardCharsets.UTF_8)));
                                    }
                                    @Override public void closed(Channel channel, int code, String reason) { said.remove(channel); }
                                }
                                """.formatted(version))
                        .build(folder));
        return new Release(
                made.unit(),
                made.version(),
                made.digest(),
                made.bundles(),
                made.configurations(),
                made.ready(),
                made.drain(),
                Set.of(),
                false,
                false,
                Release.Kind.ROLE,
                true);
    }

    private Release counter(String version) {
        return counter(version, "");
    }

    /** Counts until it is told to stop; what it got, which is a number each time. */
    private List<String> count() throws Exception {
        List<String> got = new ArrayList<>();
        while (running) {
            got.add(get("/count"));
            answered.incrementAndGet();
        }
        return got;
    }

    private void awaitAnswers(int more) {
        int before = answered.get();
        awaitLoad("requests are answered", () -> answered.get() >= before + more);
    }

    /** A client that says the next number as soon as the one before is answered, over one connection. */
    private static final class Talker implements WebSocket.Listener {
        private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
        private final StringBuilder part = new StringBuilder();
        private volatile String end = "";

        @Override
        public void onOpen(WebSocket socket) {
            socket.request(1);
            socket.sendText("1", true);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                answers.add(part.toString());
                part.setLength(0);
                socket.sendText(Integer.toString(answers.size() + 1), true);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            end = code + " " + reason;
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            end = error.toString();
        }

        /** Waits until a version answers, and returns how many answers there are then. */
        int hears(String version) {
            int before = answers.size();
            Await.until("it is answered by " + version, SOON, () -> {
                assertEquals("", end);
                return answers.stream().skip(before).anyMatch(answer -> answer.startsWith(version + " "));
            });
            return answers.size();
        }

        /** Each number was answered once, in its order, by who knows how many there were. */
        void assertNothingLost() {
            assertEquals("its connection was never closed", "", end);
            int number = 0;
            for (String answer : answers) {
                number++;
                assertTrue(number + " was answered by " + answer, answer.endsWith(" " + number + " " + number));
            }
        }
    }

    @Test
    public void noCountIsLostOrDoubled() throws Exception {
        Release first = counter("1.0.0");
        swapDone(first);
        Talker talker = new Talker();
        WebSocket socket = talkTo("/talk", talker);
        talker.hears("1.0.0");
        List<String> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<List<String>>> loads = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> clients.submit(this::count))
                    .toList();
            awaitAnswers(20);
            swapDone(counter("1.0.1"));
            awaitAnswers(20);
            int before = talker.hears("1.0.1");
            Outcome refused =
                    swapRefused(counter("1.0.2", "if (true) throw new java.io.IOException(\"the disk is gone\");"));
            assertEquals(Step.FLIP, refused.failedAt());
            assertTrue(refused.reason(), refused.reason().contains("the disk is gone"));
            assertTrue(refused.reason(), refused.reason().contains("1.0.1 serves on; requests were held for "));
            awaitAnswers(20);
            talker.hears("1.0.1");
            assertTrue(
                    "who is refused hears nothing, whatever is open",
                    talker.answers.stream().skip(before).allMatch(answer -> answer.startsWith("1.0.1 ")));
            swapDone(counter("1.0.3"));
            awaitAnswers(20);
            talker.hears("1.0.3");
            swapDone(first);
            awaitAnswers(20);
            talker.hears("1.0.0");
            talker.assertNothingLost();
            socket.abort();
            running = false;
            for (Future<List<String>> load : loads) {
                all.addAll(load.get());
            }
        }
        Set<String> expected = IntStream.rangeClosed(1, all.size())
                .mapToObj(Integer::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, new TreeSet<>(all));
        assertTrue(events.stream().anyMatch(event -> event.detail().startsWith("requests were held for ")));
    }
}
