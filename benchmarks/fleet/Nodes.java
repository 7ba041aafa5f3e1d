import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Nodes that are a link each, and do at once what they are told. */
public final class Nodes {

    private static final int CLOCK_TICKS = 100;

    private static final class Node implements WebSocket.Listener {

        private final String name;
        private final Map<String, String> serves = new ConcurrentHashMap<>();
        private final StringBuilder text = new StringBuilder();

        Node(String name) {
            this.name = name;
        }

        private void say(WebSocket socket, LinkFrame frame) throws Exception {
            // One at a time: the client refuses a second text while one is on its way.
            socket.sendText(LinkFrameCodec.write(frame), true).join();
        }

        void greet(WebSocket socket) throws Exception {
            say(
                    socket,
                    new LinkFrame.Hello(
                            LinkFrame.PROTOCOL,
                            name,
                            "local",
                            Set.of("app"),
                            1,
                            "0.1.0",
                            Map.of(),
                            LinkFrame.Desired.NONE,
                            Map.of(),
                            LinkFrame.Follow.NOT,
                            true));
            say(socket, new LinkFrame.Actual(0, List.of()));
            socket.request(1);
        }

        @Override
        public void onOpen(WebSocket socket) {}

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                try {
                    if (LinkFrameCodec.read(whole) instanceof LinkFrame.Desired desired) {
                        move(socket, desired);
                    }
                } catch (Exception e) {
                    System.err.println(name + ": " + e);
                }
            }
            socket.request(1);
            return null;
        }

        private void move(WebSocket socket, LinkFrame.Desired desired) throws Exception {
            List<LinkFrame.Unit> units = new ArrayList<>();
            desired.units().forEach((unit, digest) -> units.add(new LinkFrame.Unit(unit, "1", digest, List.of(), 0)));
            say(socket, new LinkFrame.Actual(desired.sequence(), units));
            for (Map.Entry<String, String> each : desired.units().entrySet()) {
                if (!each.getValue().equals(serves.put(each.getKey(), each.getValue()))) {
                    say(
                            socket,
                            new LinkFrame.Result(desired.sequence(), each.getKey(), each.getValue(), true, "", 1000));
                }
            }
        }
    }

    /** Processor time of a process, in seconds. */
    private static double seconds(String pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / CLOCK_TICKS;
    }

    private static long kib(String pid) throws Exception {
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static double timed(String... command) throws Exception {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    public static void main(String[] args) throws Exception {
        URI link = URI.create(args[0].replace("http", "ws") + "/v1/link");
        String token = Files.readString(Path.of(args[1], "link.token")).strip();
        String pid = args[2];
        int count = Integer.parseInt(args[3]);
        String command = args[4];
        String one = args[5] + "/bench-1.0.0.jar";
        String two = args[5] + "/bench-1.0.1.jar";
        long before = kib(pid);
        HttpClient client = HttpClient.newBuilder()
                .executor(Executors.newFixedThreadPool(4, work -> {
                    Thread thread = new Thread(work);
                    thread.setDaemon(true);
                    return thread;
                }))
                .build();
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Node node = new Node("sim-" + i);
            WebSocket socket = client.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + token)
                    .connectTimeout(Duration.ofSeconds(20))
                    .buildAsync(link, node)
                    .join();
            node.greet(socket);
            sockets.add(socket);
            // As fast as new nodes may come.
            Thread.sleep(i < 200 ? 5 : 110);
        }
        long after = kib(pid);
        timed(command, "push", one, "--app", "sim" + count);
        double cpu = seconds(pid);
        double push = timed(command, "push", two, "--app", "sim" + count);
        double used = seconds(pid) - cpu;
        double back = timed(command, "rollback", "sim" + count);
        System.out.printf(
                "%d nodes: push %.0f ms, rollback %.0f ms, the Seed: %.2f ms of processor time and %.1f KiB a node%n",
                count, push, back, used * 1000 / count, (after - before) / (double) count);
        sockets.forEach(WebSocket::abort);
        timed(command, "remove", "sim" + count);
    }
}
