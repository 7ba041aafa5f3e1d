import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens streams of events and WebSockets to one app, says what they cost while they are idle, and swaps the app again and again while they speak and
 * hear. Each stream must hear each number once, each WebSocket its answers; nobody may be disconnected. Arguments: the address, streams, WebSockets,
 * messages a second of all WebSockets, swaps, the command, the folder with the jars, the process of the node, jcmd.
 */
final class Channels {

    private final URI address;
    private final List<Client> clients = new ArrayList<>();
    private final AtomicInteger disconnected = new AtomicInteger();
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();
    private volatile boolean running = true;

    private Channels(URI address) {
        this.address = address;
    }

    public static void main(String[] arguments) throws Exception {
        Channels run = new Channels(URI.create(arguments[0]));
        int streams = Integer.parseInt(arguments[1]);
        int sockets = Integer.parseInt(arguments[2]);
        int rate = Integer.parseInt(arguments[3]);
        int swaps = Integer.parseInt(arguments[4]);
        Costs before = Costs.of(arguments[7], arguments[8]);
        for (int i = 0; i < streams + sockets; i++) {
            run.clients.add(run.new Client(i >= streams));
        }
        Costs after = Costs.of(arguments[7], arguments[8]);
        System.out.printf(
                "%d streams of events and %d WebSockets, each: %d bytes of live heap, %d bytes resident%n",
                streams,
                sockets,
                (after.heap - before.heap) / run.clients.size(),
                (after.resident - before.resident) / run.clients.size());
        run.clients.forEach(client -> Thread.ofVirtual().start(client::hear));
        List<Client> speakers = run.clients.subList(streams, streams + sockets);
        Thread speaker = Thread.ofPlatform().start(() -> run.speak(speakers, rate));
        Thread.sleep(5000);
        long begun = System.nanoTime();
        long heardBefore = run.heard.get();
        List<Long> gaps = new ArrayList<>();
        int refused = 0;
        for (int i = 1; i <= swaps; i++) {
            speakers.forEach(client -> client.longest = 0);
            refused += push(arguments[5], arguments[6] + "/room-1.0." + i + ".jar") == 0 ? 0 : 1;
            Thread.sleep(500);
            speakers.forEach(client -> gaps.add(client.longest));
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        long count = run.heard.get() - heardBefore;
        run.running = false;
        speaker.join();
        Thread.sleep(2000);
        gaps.sort(null);
        long unanswered =
                speakers.stream().mapToLong(client -> client.said - client.last).sum();
        System.out.printf("%d swaps, %d refused; %.0f messages heard a second%n", swaps, refused, count / seconds);
        System.out.printf(
                "disconnected %d, lost %d, twice %d%n",
                run.disconnected.get(), run.lost.get() + unanswered, run.twice.get());
        if (!gaps.isEmpty()) {
            System.out.printf(
                    "longest answer of a WebSocket in a swap: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, most %.0f ms%n",
                    at(gaps, 50), at(gaps, 90), at(gaps, 99), at(gaps, 100));
        }
        System.exit(0);
    }

    private static int push(String command, String jar) throws IOException, InterruptedException {
        return new ProcessBuilder(command, "push", jar)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(jar + ".log")))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    private void speak(List<Client> speakers, int rate) {
        long due = System.nanoTime();
        while (running && rate > 0 && !speakers.isEmpty()) {
            for (Client client : speakers) {
                client.say();
                due += 1_000_000_000L / rate;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private static double at(List<Long> sorted, int percent) {
        return sorted.get((int) Math.round((sorted.size() - 1) * percent / 100.0)) / 1e6;
    }

    /** What the node's process has in use: its live heap after a collection, and its resident memory. */
    private record Costs(long heap, long resident) {

        static Costs of(String pid, String jcmd) throws IOException, InterruptedException {
            run(jcmd, pid, "GC.run");
            run(jcmd, pid, "GC.run");
            long heap = 0;
            for (String line : run(jcmd, pid, "GC.heap_info").split("\n")) {
                boolean isOfHeap = !line.contains("Metaspace") && !line.contains("class space");
                if (isOfHeap && line.matches(".*, used [0-9]+K.*")) {
                    heap += Long.parseLong(line.replaceAll(".*, used ([0-9]+)K.*", "$1")) * 1024;
                }
            }
            String resident = run("grep", "VmRSS", "/proc/" + pid + "/status");
            return new Costs(heap, Long.parseLong(resident.replaceAll("[^0-9]", "")) * 1024);
        }

        private static String run(String... command) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(command).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        }
    }

    /** One connection. */
    private final class Client {
        private final boolean speaks;
        private final Socket socket;
        private final DataInputStream in;
        private volatile long said;
        private volatile long last;
        private volatile long longest;

        Client(boolean speaks) throws IOException {
            this.speaks = speaks;
            socket = new Socket(address.getHost(), address.getPort());
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 256));
            String upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
            send(("GET " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getHost() + "\r\n"
                            + (speaks ? upgrade : "Accept: text/event-stream\r\n") + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String status = line();
            if (!status.contains(speaks ? " 101 " : " 200 ")) {
                throw new IOException("not let in: " + status);
            }
            while (!line().isEmpty()) {
                // Nothing in the header matters.
            }
        }

        private synchronized void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException();
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        /** Its time is what it says: the answer has it. */
        void say() {
            try {
                byte[] text = Long.toString(System.nanoTime()).getBytes(StandardCharsets.US_ASCII);
                frame(0x81, text);
                said++;
            } catch (IOException e) {
                disconnected.incrementAndGet();
            }
        }

        /** With a mask of zeros. */
        private void frame(int first, byte[] payload) throws IOException {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(first);
            frame.write(0x80 | payload.length);
            frame.write(new byte[4]);
            frame.write(payload);
            send(frame.toByteArray());
        }

        void hear() {
            try {
                while (true) {
                    if (speaks) {
                        message();
                    } else {
                        event();
                    }
                }
            } catch (IOException e) {
                if (running) {
                    disconnected.incrementAndGet();
                }
            }
        }

        private void event() throws IOException {
            String line = line();
            if (line.startsWith("data: ")) {
                note(Long.parseLong(line.substring(6)));
            }
        }

        private void message() throws IOException {
            int first = in.readUnsignedByte();
            byte[] payload = new byte[in.readUnsignedByte()];
            in.readFully(payload);
            if (first == 0x89) {
                frame(0x8A, payload);
            } else if (first == 0x81) {
                String[] words = new String(payload, StandardCharsets.US_ASCII).split(" ");
                note(Long.parseLong(words[0]));
                longest = Math.max(longest, System.nanoTime() - Long.parseLong(words[1]));
            } else {
                throw new EOFException("closed");
            }
        }

        private void note(long number) {
            heard.incrementAndGet();
            if (number > last) {
                lost.addAndGet(number - last - 1);
                last = number;
            } else {
                twice.incrementAndGet();
            }
        }
    }
}
