import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Many subscribers of server-sent events, on one thread, and one who publishes: what an idle one costs, how much is delivered, for how much processor time, how late at half of that
 * rate. With swaps: whether anybody is disconnected or has a gap. Each message is {@code @nanos,number;}. Arguments: a name, where is subscribed, where is
 * published, the token (or {@code -}: nchan), subscribers, seconds, the processes whose memory counts (with commas), then perhaps a command for each swap.
 */
final class Audience {

    /** As many messages may be under way: more would measure the queues, and slow ones are cut. */
    private static final int WINDOW = 8;

    /** A message that has the name of one before is not told again: those of another run are others. */
    private final long run = ProcessHandle.current().pid();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI publish;
    private final String token;
    private final Client[] clients;
    private final Selector selector = Selector.open();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile long heard;
    private volatile long disconnected;
    private volatile long lost;
    private volatile long twice;
    private volatile boolean measuring;
    private long[] late = new long[1 << 20];
    private int lates;
    private long number;

    private Audience(URI publish, String token, int count) throws IOException {
        this.publish = publish;
        this.token = token;
        clients = new Client[count];
    }

    /** One who listens, and how far it has read a message. */
    private static final class Client {
        boolean head = true;
        int state;
        int newlines;
        long sent;
        long count;
        long last = -1;
    }

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        int count = Integer.parseInt(arguments[4]);
        int seconds = Integer.parseInt(arguments[5]);
        String[] pids = arguments[6].split(",");
        Audience run = new Audience(URI.create(arguments[2]), arguments[3], count);
        run.publish();
        long before = resident(pids);
        run.subscribe(URI.create(arguments[1]));
        Thread.sleep(3000);
        long each = (resident(pids) - before) / count;
        if (arguments.length > 7) {
            run.swaps(name, Arrays.copyOfRange(arguments, 7, arguments.length));
        } else {
            run.measure(name, seconds, each, pids);
        }
        System.exit(0);
    }

    private void measure(String name, int seconds, long each, String[] pids) throws Exception {
        full(Math.max(2, seconds / 3));
        long from = heard;
        long began = System.nanoTime();
        long busy = processorMicros(pids);
        full(seconds);
        double cost = (double) (processorMicros(pids) - busy) / (heard - from);
        double rate = (heard - from) * 1e9 / (System.nanoTime() - began);
        measuring = true;
        paced(rate / 2 / clients.length, seconds);
        settle();
        measuring = false;
        Arrays.sort(late, 0, lates);
        System.out.printf(
                "%-6s %6d subscribers: %9.0f delivered/s, %.1f us of processor each; at half of it p50 %.1f ms, p99 %.1f ms; %d bytes resident each;"
                        + " disconnected %d, lost %d, twice %d%n",
                name, clients.length, rate, cost, at(50), at(99), each, disconnected, lost, twice);
    }

    private void swaps(String name, String[] commands) throws Exception {
        Thread speaker = Thread.ofPlatform().daemon().start(() -> {
            try {
                paced(20, Integer.MAX_VALUE);
            } catch (Exception e) {
                System.err.println("publishing failed: " + e);
                System.exit(1);
            }
        });
        int refused = 0;
        for (String command : commands) {
            Thread.sleep(1000);
            refused += new ProcessBuilder("sh", "-c", command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(new File("/dev/null"))
                                    .start()
                                    .waitFor()
                            == 0
                    ? 0
                    : 1;
        }
        Thread.sleep(2000);
        speaker.interrupt();
        speaker.join();
        settle();
        System.out.printf(
                "%-6s %6d subscribers, %d swaps, %d refused, %d published: disconnected %d, lost %d, twice %d%n",
                name, clients.length, commands.length, refused, number, disconnected, lost, twice);
    }

    private double at(int percent) {
        return lates == 0 ? Double.NaN : late[(int) Math.round((lates - 1) * percent / 100.0)] / 1e6;
    }

    /** As fast as it is delivered. */
    private void full(int seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            long behind = number - heard / clients.length;
            if (behind < WINDOW) {
                publish();
            } else {
                LockSupport.parkNanos(50_000);
            }
        }
        settle();
    }

    private void paced(double rate, int seconds) throws Exception {
        long due = System.nanoTime();
        long end = due + seconds * 1_000_000_000L;
        while (due < end && !Thread.currentThread().isInterrupted()) {
            publish();
            due += (long) (1e9 / rate);
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    /** All have heard what was published, or 10 s are over. */
    private void settle() throws InterruptedException {
        for (int i = 0; i < 1000 && heard + lost < (number - 1) * clients.length; i++) {
            Thread.sleep(10);
        }
    }

    private void publish() throws IOException {
        // The first goes to nobody: it makes the channel.
        String message = "@" + System.nanoTime() + "," + number + ";";
        boolean ours = !token.equals("-");
        String body = ours
                ? "{\"keys\": [\"bench\"], \"data\": \"" + message + "\", \"once\": \"" + run + "-" + number + "\"}"
                : message;
        HttpRequest.Builder request = HttpRequest.newBuilder(publish).POST(HttpRequest.BodyPublishers.ofString(body));
        if (ours) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException("published: " + answer.statusCode() + " " + answer.body());
            }
            number++;
        } catch (InterruptedException e) {
            number++;
            Thread.currentThread().interrupt();
        }
    }

    private void subscribe(URI at) throws Exception {
        byte[] head = ("GET " + at.getPath() + (at.getQuery() == null ? "" : "?" + at.getQuery())
                        + " HTTP/1.1\r\nHost: " + at.getAuthority() + "\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < clients.length; i++) {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress(at.getHost(), at.getPort()));
            socket.write(ByteBuffer.wrap(head));
            socket.configureBlocking(false);
            clients[i] = new Client();
            socket.register(selector, SelectionKey.OP_READ, clients[i]);
            if (i == 0) {
                Thread.ofPlatform().daemon().start(this::hear);
            }
            // Not too far ahead of what is accepted.
            while (i - opened.get() > 200) {
                selector.wakeup();
                Thread.sleep(1);
            }
        }
        for (int i = 0; opened.get() < clients.length; i++) {
            selector.wakeup();
            Thread.sleep(10);
            if (i > 3000) {
                throw new IOException("only " + opened.get() + " of " + clients.length + " subscribed");
            }
        }
    }

    private void hear() {
        ByteBuffer in = ByteBuffer.allocate(65_536);
        try {
            while (true) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key, in);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void read(SelectionKey key, ByteBuffer in) {
        Client client = (Client) key.attachment();
        int count;
        try {
            count = ((SocketChannel) key.channel()).read(in.clear());
        } catch (IOException e) {
            count = -1;
        }
        if (count < 0) {
            key.cancel();
            disconnected++;
            return;
        }
        long now = System.nanoTime();
        byte[] bytes = in.array();
        for (int i = 0; i < count; i++) {
            byte c = bytes[i];
            if (client.head) {
                client.newlines = c == '\n' ? client.newlines + 1 : c == '\r' ? client.newlines : 0;
                if (client.newlines == 2) {
                    client.head = false;
                    opened.incrementAndGet();
                }
            } else if (c == '@') {
                client.state = 1;
                client.sent = 0;
                client.count = 0;
            } else if (client.state == 1 && c == ',') {
                client.state = 2;
            } else if (client.state == 2 && c == ';') {
                client.state = 0;
                took(client, now);
            } else if (client.state == 1 && c >= '0' && c <= '9') {
                client.sent = client.sent * 10 + c - '0';
            } else if (client.state == 2 && c >= '0' && c <= '9') {
                client.count = client.count * 10 + c - '0';
            }
        }
    }

    private void took(Client client, long now) {
        if (client.last >= 0 && client.count <= client.last) {
            twice++;
            return;
        }
        if (client.last >= 0) {
            lost += client.count - client.last - 1;
        }
        client.last = client.count;
        heard++;
        if (measuring && lates < late.length) {
            late[lates++] = now - client.sent;
        }
    }

    /** What the processes have used: other than the rate it says nearly the same on a busy machine. */
    private static long processorMicros(String[] pids) throws IOException {
        long all = 0;
        for (String pid : pids) {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            // Behind the name, which may have spaces: user and system time, in hundredths of a second.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            all += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000;
        }
        return all;
    }

    private static long resident(String[] pids) throws IOException {
        long all = 0;
        for (String pid : pids) {
            try (Stream<String> lines = Files.lines(Path.of("/proc", pid, "status"))) {
                all += lines.filter(line -> line.startsWith("VmRSS"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                        .sum();
            }
        }
        return all;
    }
}
