package com.espra.protoplex.http.listen;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import com.espra.protoplex.http.limits.Limits;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Thousands of connections that say nothing: others are answered, memory is bounded, and the node closes them when their time is over. */
public class IdleConnectionsTest {

    private static final boolean SOAK = Boolean.getBoolean("soak");
    private static final int MANY = SOAK ? 10_000 : 2_000;
    private static final Duration IDLE = Duration.ofSeconds(SOAK ? 5 : 2);
    private static final long MOST_BYTES_EACH = 16384;

    @Rule
    public final TestGroup group =
            new TestGroup(new Limits(16384, 1 << 20, 20_000, IDLE, 1024, Limits.GRACE, 0, false));

    @Test
    public void theyCostLittleAndAreClosed() throws Exception {
        group.live("app", "1", Handlers.text("x"), "/");
        int connections = many();
        List<SocketChannel> idle = new ArrayList<>(connections);
        try (RawClient other = new RawClient(group.port())) {
            assertEquals(200, other.get("/").status());
            long before = liveBytes();
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), group.port());
            for (int i = 0; i < connections; i++) {
                idle.add(SocketChannel.open(address));
                if (i % 100 == 0) {
                    assertEquals("others are answered", 200, other.get("/").status());
                }
            }
            long each = (liveBytes() - before) / connections;
            assertTrue(each + " bytes each", each < MOST_BYTES_EACH);
            assertEquals("others are answered", 200, other.get("/").status());

            ByteBuffer nothing = ByteBuffer.allocate(1);
            for (SocketChannel channel : idle) {
                assertEquals("closed", -1, channel.read(nothing));
            }
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    /** Both ends are in this process, and some files are open already. */
    private static int many() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
            return (int) Math.min(MANY, (free - 200) / 2);
        }
        return 1000;
    }

    private static long liveBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
