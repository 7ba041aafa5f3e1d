import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.Value;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Message;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

/** Asks a datastore over HTTP, and prints how much it answers. */
public final class Load {

    private static final int[] CLIENTS = {1, 8, 32};
    private static final int RESULTS = 20;

    private final String base;
    private final String token;
    private final AtomicLong names = new AtomicLong();

    private Load(String base, String token) {
        this.base = base;
        this.token = token;
    }

    private interface Work {
        void once(Wire http, int client) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Load load = new Load(args[0], args[1]);
        switch (args[2]) {
            case "cases" -> load.cases(Path.of(args[3]), Integer.parseInt(args[4]));
            case "commits" ->
                load.commits(
                        Path.of(args[3]),
                        Integer.parseInt(args[4]),
                        Integer.parseInt(args[5]),
                        Integer.parseInt(args[6]));
            case "growing" ->
                load.growing(
                        Arrays.stream(args).skip(3).mapToInt(Integer::parseInt).toArray());
            case "swapped" -> load.swapped(Path.of(args[3]));
            default -> throw new IllegalArgumentException(args[2]);
        }
    }

    private byte[] post(Wire http, String method, Message message) throws Exception {
        return http.post("/v1/projects/bench:" + method, message.toByteArray());
    }

    /**
     * One connection of HTTP/1.1. It does no more than it must: the JDK's client takes more processor time for a request than the node, and
     * on a machine that both share that is what would be measured.
     */
    private static final class Wire implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;
        private final String head;

        Wire(URI base, String token) throws IOException {
            socket = new Socket(base.getHost(), base.getPort());
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = socket.getOutputStream();
            head = " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\nContent-Type: application/x-protobuf\r\n"
                    + "Authorization: Bearer " + token + "\r\nContent-Length: ";
        }

        byte[] post(String path, byte[] body) throws IOException {
            byte[] begin = ("POST " + path + head + body.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            byte[] whole = Arrays.copyOf(begin, begin.length + body.length);
            System.arraycopy(body, 0, whole, begin.length, body.length);
            out.write(whole);
            String status = line();
            int length = -1;
            for (String line = line(); !line.isEmpty(); line = line()) {
                if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            byte[] answer = in.readNBytes(length);
            if (!status.startsWith("HTTP/1.1 200 ")) {
                throw new IOException(path + ": " + status + " " + new String(answer, StandardCharsets.ISO_8859_1));
            }
            return answer;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Key key(String kind, String name) {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind(kind).setName(name))
                .build();
    }

    private static Entity entity(String kind, String name, long group) {
        return Entity.newBuilder()
                .setKey(key(kind, name))
                .putProperties(
                        "group", Value.newBuilder().setIntegerValue(group).build())
                .putProperties(
                        "text",
                        Value.newBuilder()
                                .setStringValue("x".repeat(100))
                                .setExcludeFromIndexes(true)
                                .build())
                .build();
    }

    private void commit(Wire http, String kind, int count, int first, int groups) throws Exception {
        CommitRequest.Builder commit = CommitRequest.newBuilder().setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        for (int i = 0; i < count; i++) {
            commit.addMutationsBuilder()
                    .setUpsert(entity(
                            kind,
                            first < 0 ? "w" + names.incrementAndGet() : "e" + (first + i),
                            first < 0 ? names.get() % 1000 : (first + i) % groups));
        }
        post(http, "commit", commit.build());
    }

    private void query(Wire http, String kind, long group) throws Exception {
        RunQueryRequest.Builder request = RunQueryRequest.newBuilder();
        PropertyFilter.Builder filter = PropertyFilter.newBuilder()
                .setOp(PropertyFilter.Operator.EQUAL)
                .setValue(Value.newBuilder().setIntegerValue(group));
        filter.getPropertyBuilder().setName("group");
        Query.Builder query = request.getQueryBuilder()
                .setFilter(Filter.newBuilder().setPropertyFilter(filter))
                .setLimit(Int32Value.of(RESULTS));
        query.addKindBuilder().setName(kind);
        int found = RunQueryResponse.parseFrom(post(http, "runQuery", request.build()))
                .getBatch()
                .getEntityResultsCount();
        if (found != RESULTS) {
            throw new IllegalStateException(found + " results");
        }
    }

    private void cases(Path raw, int seconds) throws Exception {
        Wire http = client();
        for (int first = 0; first < 2_000; first += 200) {
            commit(http, "Read", 200, first, 2_000 / RESULTS);
        }
        run("warming up", 8, 5, (each, _) -> {
            commit(each, "Write", 1, -1, 1);
            query(each, "Read", ThreadLocalRandom.current().nextInt(2_000 / RESULTS));
        });
        for (int clients : CLIENTS) {
            raw(raw, clients, seconds);
            run("commits of 1", clients, seconds, (each, _) -> commit(each, "Write", 1, -1, 1));
            run("commits of 50", clients, seconds, (each, _) -> commit(each, "Write", 50, -1, 1));
            run("lookups", clients, seconds, (each, _) -> {
                LookupRequest request = LookupRequest.newBuilder()
                        .addKeys(key("Read", "e" + ThreadLocalRandom.current().nextInt(2_000)))
                        .build();
                if (LookupResponse.parseFrom(post(each, "lookup", request)).getFoundCount() != 1) {
                    throw new IllegalStateException("it is not there");
                }
            });
            run(
                    "queries of 20",
                    clients,
                    seconds,
                    (each, _) -> query(each, "Read", ThreadLocalRandom.current().nextInt(2_000 / RESULTS)));
        }
    }

    /** RocksDB alone and commits of one entity in turns, so that both have the same neighbours. */
    private void commits(Path raw, int clients, int seconds, int turns) throws Exception {
        run("warming up", clients, seconds, (each, _) -> commit(each, "Write", 1, -1, 1));
        for (int turn = 0; turn < turns; turn++) {
            raw(raw, clients, seconds);
            run("commits of 1", clients, seconds, (each, _) -> commit(each, "Write", 1, -1, 1));
        }
    }

    private Wire client() throws IOException {
        return new Wire(URI.create(base), token);
    }

    /** As many bytes as an entity with its index rows has, by as many threads, each write on the disk when it returns. */
    private static void raw(Path folder, int clients, int seconds) throws Exception {
        RocksDB.loadLibrary();
        Files.createDirectories(folder);
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB rocks = RocksDB.open(options, folder.toString());
                WriteOptions synced = new WriteOptions().setSync(true)) {
            AtomicLong keys = new AtomicLong();
            measure("RocksDB alone", clients, seconds, _ -> {
                byte[] value = new byte[400];
                return () -> rocks.put(synced, ("k" + keys.incrementAndGet()).getBytes(), value);
            });
        }
    }

    private void run(String name, int clients, int seconds, Work work) throws Exception {
        measure(name, clients, seconds, client -> {
            Wire http = client();
            return () -> work.once(http, client);
        });
    }

    private interface Step {
        void run() throws Exception;
    }

    private interface Steps {
        Step of(int client) throws Exception;
    }

    private static void measure(String name, int clients, int seconds, Steps steps) throws Exception {
        ConcurrentLinkedQueue<Long> took = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long[] before = {ownMillis(), nodeMillis()};
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    Step step = steps.of(client);
                    for (long now = System.nanoTime(); now < end; ) {
                        step.run();
                        long then = System.nanoTime();
                        took.add(then - now);
                        now = then;
                    }
                } catch (Exception e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw failures.peek();
        }
        long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%-14s %2d clients: %,7d/s, p50 %.2f ms, p99 %.2f ms; of a processor: the program %d %%, the node %d %%%n",
                name,
                clients,
                sorted.length / seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                (ownMillis() - before[0]) / (10 * seconds),
                (nodeMillis() - before[1]) / (10 * seconds));
    }

    private static long ownMillis() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .orElse(0L);
    }

    /** How long the node has had a processor. */
    private static long nodeMillis() {
        return Long.getLong("node", 0) == 0
                ? 0
                : ProcessHandle.of(Long.getLong("node"))
                        .flatMap(each -> each.info().totalCpuDuration())
                        .map(Duration::toMillis)
                        .orElse(0L);
    }

    private void growing(int[] sizes) throws Exception {
        Wire http = client();
        int there = 0;
        for (int size : sizes) {
            for (; there < size; there += 500) {
                // The first 20 are of the group that is asked for; the others are spread over many groups.
                CommitRequest.Builder commit = CommitRequest.newBuilder().setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
                for (int i = there; i < there + 500; i++) {
                    commit.addMutationsBuilder().setUpsert(entity("Grow", "e" + i, i < RESULTS ? -1 : i % 997));
                }
                post(http, "commit", commit.build());
            }
            run("20 of " + size, 1, 5, (each, _) -> query(each, "Grow", -1));
        }
    }

    private void swapped(Path stop) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicLong done = new AtomicLong();
        AtomicLong longest = new AtomicLong();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                Wire http = null;
                while (!stopped.get()) {
                    long begun = System.nanoTime();
                    try {
                        http = http == null ? client() : http;
                        commit(http, "Swap", 1, -1, 1);
                        query(http, "Read", 1);
                        done.addAndGet(2);
                    } catch (Exception e) {
                        failures.add(e.toString());
                        http = null;
                    }
                    longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
                }
            }));
        }
        while (Files.notExists(stop)) {
            Thread.sleep(100);
        }
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "swapped under 8 clients: %,d requests, %d failed, the longest pair of requests %.0f ms%n",
                done.get(), failures.size(), longest.get() / 1e6);
        failures.stream().limit(3).forEach(System.out::println);
    }
}
