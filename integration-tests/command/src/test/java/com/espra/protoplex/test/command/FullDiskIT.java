package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A fleet on a disk of its own, which is full. Needs the right to mount one. */
public class FullDiskIT {

    private static final int APP_BYTES = 20 << 20;
    private static final long MANY = 500;
    private static final String NODE = "node-1";

    @Rule
    public final Fleet fleet = new Fleet();

    private Path ballast = Path.of("");
    private boolean mounted;

    @Before
    public void mount() throws Exception {
        Files.createDirectories(fleet.dir());
        mounted = command(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=128m,mode=700",
                        "tmpfs",
                        fleet.dir().toString())
                == 0;
        Assume.assumeTrue("mounting is not permitted here", mounted);
        ballast = fleet.dir().resolve("ballast");
    }

    @After
    public void unmount() throws Exception {
        if (mounted) {
            try {
                Files.deleteIfExists(ballast);
                fleet.run("down");
            } finally {
                assertEquals("unmounted", 0, command("umount", "-l", fleet.dir().toString()));
            }
        }
    }

    @Test
    public void aPushIsRefusedTheOldBuildServesAndWithRoomItWorks() throws Exception {
        fleet.up();
        fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();
        byte[] noise = new byte[APP_BYTES];
        new Random(3).nextBytes(noise);
        String big = Apps.app("hello", "1.0.1")
                .resource("noise", noise)
                .header("-compression", "STORE")
                .build(fleet.root())
                .toString();

        // The Seed has no room.
        leave(APP_BYTES / 2);
        refused(big);

        // The Seed has, the node has not.
        leave(APP_BYTES * 3 / 2);
        refused(big);

        // Not even the logs have.
        leave(0);
        for (int i = 0; i < 1000; i++) {
            fleet.assertServes("/hello", "hello 1.0.0");
        }
        refused(big);
        fleet.run("status").succeeded();

        Files.delete(ballast);
        fleet.run("push", big).succeeded();
        fleet.assertServes("/hello", "hello 1.0.1");
        List<String> commandLine = fleet.commandLine(NODE);
        fleet.kill(NODE);
        leave(0);
        doesNotStart(commandLine, "the disk is full");
        Files.delete(ballast);
        assertEquals(
                "for reading only",
                0,
                command("mount", "-o", "remount,ro", fleet.dir().toString()));
        doesNotStart(commandLine, "ead-only file system");
        assertEquals(
                "for writing",
                0,
                command("mount", "-o", "remount,rw", fleet.dir().toString()));
        fleet.up();
        fleet.assertServes("/hello", "hello 1.0.1");
    }

    /** Neither by {@code up} nor by who starts its process, and both say why in words. */
    private void doesNotStart(List<String> commandLine, String because) throws Exception {
        Fleet.Result up = fleet.tryUp().failedWith(1);
        assertTrue(up.toString(), up.errors().contains(because.equals("the disk is full") ? because : "only be read"));
        assertTrue(up.toString(), up.errors().contains("next:") && !up.errors().contains("report it"));
        Process process = fleet.restart(NODE, commandLine);
        assertTrue("it ends", process.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        String said = Files.readString(fleet.root().resolve(NODE + ".console"));
        assertTrue(said, said.contains(because) && !said.contains("\tat "));
    }

    @Test
    public void ofTwoChildrenTheOneThatIsLeftServesAndWithRoomBothDo() throws Exception {
        fleet.up("--children", "2");
        fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();
        Set<Long> before = fleet.serving(NODE);
        assertEquals(2, before.size());

        leave(0);
        long victim = before.iterator().next();
        try (Visitors visitors = new Visitors(fleet.port(8080), "/hello")) {
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
            Await.until("it is gone", Fleet.DEADLINE, () -> !Fleet.isRunning(victim));
            long until = visitors.answers("hello 1.0.0") + MANY;
            Await.until("it is not missed", Fleet.DEADLINE, () -> visitors.answers("hello 1.0.0") >= until);
            visitors.close();
            visitors.assertNoMoreFailedThanWereInFlight();
        }

        Files.delete(ballast);
        Await.until("both serve", Fleet.DEADLINE, () -> {
            Set<Long> now = fleet.serving(NODE);
            return now.size() == 2 && !now.contains(victim);
        });
        fleet.run("push", Apps.hello("1.0.1", fleet.root()).toString()).succeeded();
        fleet.assertServes("/hello", "hello 1.0.1");
    }

    private void refused(String jar) throws Exception {
        Fleet.Result result = fleet.run("push", jar).failedWith(1);
        assertTrue(
                result.toString(),
                result.errors().contains("needed") && result.errors().contains("free"));
        fleet.assertServes("/hello", "hello 1.0.0");
    }

    /** Fills the disk up to so many free bytes. */
    private void leave(long bytes) throws IOException {
        Files.deleteIfExists(ballast);
        byte[] much = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (long over = over(bytes); over > 0; over = over(bytes)) {
                out.write(much, 0, (int) Math.min(over, much.length));
            }
        } catch (IOException full) {
            assertEquals("the disk is full", 0, bytes);
        }
    }

    private long over(long bytes) throws IOException {
        return Files.getFileStore(fleet.dir()).getUsableSpace() - bytes;
    }

    private static int command(String... words) throws Exception {
        Process process = new ProcessBuilder(List.of(words))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        return process.exitValue();
    }
}
