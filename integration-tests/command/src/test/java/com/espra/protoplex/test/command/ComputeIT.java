package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Handlers that compute, for long or for ever, take what there is of processors; the node stays with its operator. */
public class ComputeIT {

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int STALL_SECONDS = 2;

    /** Longer than a child may be silent. */
    private static final int COMPUTE_SECONDS = 4;

    @Rule
    public final Fleet fleet = new Fleet();

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @After
    public void end() throws IOException {
        // What computes for ever would be waited for.
        Files.writeString(over(), "");
        clients.shutdownNow();
    }

    @Test
    public void aVersionThatSpinsIsReplacedByAPush() throws Exception {
        fleet.up();
        push("1.0.0");
        spin();

        push("1.0.1");

        assertEquals("1.0.1", fleet.version("compute"));
        assertTrue(
                fleet.run("shell", "node-1", "swap:list").succeeded().output().contains("1.0.1"));
        assertEquals(200, fleet.get(8050, "/health/ready").statusCode());
    }

    @Test
    public void aChildThatComputesForLongIsLeftAlone() throws Exception {
        fleet.up("--children", "1");
        push("1.0.0");
        Set<Long> before = fleet.serving("node-1");

        List<Future<HttpResponse<String>>> answers = ask(CORES, "/compute/" + COMPUTE_SECONDS);

        for (Future<HttpResponse<String>> answer : answers) {
            assertEquals(
                    200,
                    answer.get(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS).statusCode());
        }
        assertEquals(before, fleet.serving("node-1"));
    }

    @Test
    public void aChildThatSpinsForEverIsReplaced() throws Exception {
        fleet.with("PROTOPLEX_LIMITS_STALL_SECONDS", Integer.toString(STALL_SECONDS));
        fleet.up("--children", "1");
        push("1.0.0");
        Set<Long> before = fleet.serving("node-1");

        spin();

        Await.until("another child serves", Fleet.DEADLINE, () -> {
            Set<Long> now = fleet.serving("node-1");
            return now.size() == 1 && !now.equals(before);
        });
        fleet.assertServes("/compute", "1.0.0");
    }

    /** Returns when handlers that do not end hold all processors. */
    private void spin() throws IOException {
        var _ = ask(CORES, "/compute/" + Long.MAX_VALUE);
        Await.until("all processors compute", Fleet.DEADLINE, () -> {
            try (Stream<Path> marks = Files.list(marks())) {
                return marks.count() == CORES;
            }
        });
    }

    private List<Future<HttpResponse<String>>> ask(int times, String path) {
        List<Future<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Callable<HttpResponse<String>> question = () -> fleet.get(path);
            answers.add(clients.submit(question));
        }
        return answers;
    }

    private void push(String version) throws IOException, InterruptedException {
        Path jar = Apps.with("compute", version, """
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    if (request.getPathInfo() != null) {
                        java.nio.file.Files.createTempFile(java.nio.file.Path.of("%s"), "mark", "");
                        long seconds = Long.parseLong(request.getPathInfo().substring(1));
                        long begin = System.nanoTime();
                        while ((System.nanoTime() - begin) / 1_000_000_000 < seconds
                                && !java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                            long next = System.nanoTime() + 100_000_000;
                            while (System.nanoTime() < next) {
                                Thread.onSpinWait();
                            }
                        }
                    }
                    response.getWriter().print("%s");
                }
                """.formatted(marks(), over(), version))
                .build(fleet.root());
        Fleet.Result result = fleet.run("push", jar.toString()).succeeded();
        assertTrue(result.toString(), result.output().contains("serves on 1 of 1 nodes"));
    }

    /** Whoever computes stops when this is there. */
    private Path over() {
        return fleet.root().resolve("over");
    }

    private Path marks() throws IOException {
        return Files.createDirectories(fleet.root().resolve("marks"));
    }
}
