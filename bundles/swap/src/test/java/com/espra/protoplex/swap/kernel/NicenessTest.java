package com.espra.protoplex.swap.kernel;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.Before;
import org.junit.Test;

/** On the real kernel. Where it lets nobody of us go first, nothing may change. */
public class NicenessTest {

    private static final int CAP_SYS_NICE = 23;
    private static final int RLIMIT_NICE_OF_FIRST = 20 - Niceness.FIRST;

    private final Niceness niceness = new Niceness();

    @Before
    public void onLinux() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        assumeTrue("nobody gave this process another value", mine() == 0);
    }

    @Test
    public void whoTakesItGoesFirstUntilTheEnd() throws Exception {
        niceness.bind();
        List<Integer> values = new ArrayList<>();
        inAThread(() -> {
            Runnable end = niceness.take();
            values.add(mine());
            end.run();
            values.add(mine());
            return 0;
        });
        assertEquals(List.of(first(), 0), values);
    }

    @Test
    public void anotherThreadMayEndIt() throws Exception {
        niceness.bind();
        int after = inAThread(() -> {
            Runnable end = niceness.take();
            inAThread(() -> {
                end.run();
                return 0;
            });
            return mine();
        });
        assertEquals(0, after);
    }

    @Test
    public void threadsThatItStartsDoNotGoFirst() throws Exception {
        niceness.bind();
        int child = inAThread(() -> {
            niceness.take();
            return inAThread(NicenessTest::mine);
        });
        assertEquals(0, child);
    }

    @Test
    public void nothingChangesBeforeItIsBound() throws Exception {
        int value = inAThread(() -> {
            niceness.take().run();
            niceness.take();
            return mine();
        });
        assertEquals(0, value);
    }

    /** What the kernel allows this process. */
    private static int first() throws IOException {
        String capabilities = line(Path.of("/proc/self/status"), "CapEff:").split("\\s+")[1];
        boolean capable = (Long.parseUnsignedLong(capabilities, 16) >> CAP_SYS_NICE & 1) == 1;
        String limit = line(Path.of("/proc/self/limits"), "Max nice priority").split("\\s+")[3];
        boolean allowed = limit.equals("unlimited") || Integer.parseInt(limit) >= RLIMIT_NICE_OF_FIRST;
        return capable || allowed ? Niceness.FIRST : 0;
    }

    private static String line(Path file, String start) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    /** The nice value of the calling thread: the 19th field of proc_pid_stat(5), the 17th after the name. */
    private static int mine() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    private static <T> T inAThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task.get();
    }
}
