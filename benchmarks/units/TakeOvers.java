import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts with 32 clients, each on a connection of its own, while the app that counts is swapped again and again: each answer is a number, and each
 * number comes once. Arguments: the address, how many swaps, the command, the folder with the features.
 */
final class TakeOvers {

    private static final int CLIENTS = 32;

    private final URI address;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private final BitSet numbers = new BitSet();
    private int twice;

    private TakeOvers(URI address) {
        this.address = address;
    }

    public static void main(String[] arguments) throws Exception {
        TakeOvers run = new TakeOvers(URI.create(arguments[0]));
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().start(run::count));
        }
        Thread.sleep(5000);
        long begun = System.nanoTime();
        long before = run.requests.get();
        List<Long> waits = new ArrayList<>();
        int refused = 0;
        for (int i = 1; i <= Integer.parseInt(arguments[1]); i++) {
            run.longestNanos.set(0);
            refused += push(arguments[2], arguments[3] + "/ledger-1.0." + i + ".json") == 0 ? 0 : 1;
            waits.add(run.longestNanos.get());
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        long count = run.requests.get() - before;
        run.running.set(false);
        for (Thread client : clients) {
            client.join();
        }
        waits.sort(null);
        System.out.printf(
                "%d swaps, %d refused; %d clients, %d requests (%.0f/s)%n",
                waits.size(), refused, CLIENTS, count, count / seconds);
        System.out.printf("failed %d, lost %d, twice %d%n", run.failed.get(), run.lost(), run.twice);
        System.out.printf(
                "longest wait of a swap: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, most %.0f ms%n",
                at(waits, 50), at(waits, 90), at(waits, 99), at(waits, 100));
    }

    private static int push(String command, String feature) throws IOException, InterruptedException {
        Process push = new ProcessBuilder(command, "push", feature)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(feature + ".log")))
                .redirectErrorStream(true)
                .start();
        return push.waitFor();
    }

    private void count() {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(address).build();
            while (running.get()) {
                long begun = System.nanoTime();
                try {
                    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                    longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
                    requests.incrementAndGet();
                    if (response.statusCode() == 200) {
                        note(Integer.parseInt(response.body()));
                    } else {
                        failed.incrementAndGet();
                    }
                } catch (IOException | NumberFormatException e) {
                    failed.incrementAndGet();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private synchronized void note(int number) {
        if (numbers.get(number)) {
            twice++;
        }
        numbers.set(number);
    }

    /** Numbers that were counted, and that nobody got. */
    private synchronized int lost() {
        int first = numbers.nextSetBit(0);
        return numbers.length() - first - numbers.cardinality();
    }

    private static double at(List<Long> sorted, int percent) {
        return sorted.get((int) Math.round((sorted.size() - 1) * percent / 100.0)) / 1e6;
    }
}
