package com.espra.protoplex.http.limits;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.Until;
import java.io.BufferedReader;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** A small virtual machine, with the collector that nodes have, and an app that holds on to its memory. */
public class HeapPressureTest {

    private static final int MORE_THAN_ENOUGH = 2000;

    @Test
    public void itShedsSurvivesAndRecoversOrEnds() throws Exception {
        Process node = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullHeap.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = node.inputReader()) {
            String[] ports = ports(out);
            int world = Integer.parseInt(ports[0]);
            int fleet = Integer.parseInt(ports[1]);
            RawClient.Answer shed = untilShed(world);
            assertEquals("1", shed.header("Retry-After"));
            assertEquals("the fleet is let in", 200, get(fleet, "/health").status());
            assertEquals("others are shed too", 503, get(world, "/").status());
            assertTrue("it survives", node.isAlive());

            assertEquals(200, get(fleet, "/free").status());
            Until.until("it recovers", () -> answers(world));

            untilShed(world);
            assertTrue("a shortage that lasts ends it", node.waitFor(30, TimeUnit.SECONDS));
            assertEquals("by itself, and not for want of the last byte", 4, node.exitValue());
        } finally {
            node.destroyForcibly().waitFor();
        }
    }

    /** What it logs comes before and after. */
    private static String[] ports(BufferedReader out) throws Exception {
        while (true) {
            String line = out.readLine();
            if (line == null) {
                throw new AssertionError("the node ended before it said where it is");
            }
            if (line.matches("\\d+ \\d+")) {
                return line.split(" ");
            }
        }
    }

    private static RawClient.Answer untilShed(int port) throws Exception {
        for (int i = 0; i < MORE_THAN_ENOUGH; i++) {
            RawClient.Answer answer = get(port, "/hold");
            if (answer.status() != 200) {
                assertEquals(503, answer.status());
                return answer;
            }
        }
        throw new AssertionError("never shed");
    }

    /** While memory is short, a connection may be closed before its head is read, as well as answered by 503. */
    private static boolean answers(int port) throws Exception {
        try {
            return get(port, "/").status() == 200;
        } catch (SocketException e) {
            return false;
        }
    }

    private static RawClient.Answer get(int port, String path) throws Exception {
        try (RawClient client = new RawClient(port)) {
            return client.get(path);
        }
    }
}
