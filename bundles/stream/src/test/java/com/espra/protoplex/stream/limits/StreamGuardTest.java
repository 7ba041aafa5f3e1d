package com.espra.protoplex.stream.limits;

import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class StreamGuardTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private StreamLimits limits = StreamLimits.DEFAULT;
    private final StreamGuard guard = new StreamGuard(() -> limits, nanos::get);

    @Test
    public void theRateOfAllIsOfASecond() {
        limits = limits.withNewPerSecond(2, 0);
        assertEquals(Optional.empty(), guard.enter());
        assertEquals(Optional.empty(), guard.enter());
        assertEquals(Optional.of(Cut.RATE), guard.enter());
        nanos.addAndGet(SECOND);
        assertEquals(Optional.empty(), guard.enter());
    }

    @Test
    public void nothingIsKeptOfAnAddressThatIsGone() throws Exception {
        limits = limits.withNewPerSecond(100_000, 1);
        for (int i = 0; i < 1000; i++) {
            InetAddress client = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
            assertEquals(Optional.empty(), guard.enter(client));
            assertEquals(Optional.of(Cut.RATE), guard.enter(client));
            if (i > 0) {
                guard.leave(client);
            }
        }
        assertEquals(1000, guard.known());
        nanos.addAndGet(SECOND);
        guard.turn();
        assertEquals("the one that is still there", 1, guard.known());
    }

    @Test
    public void anIpv6ClientIsItsNetwork() throws Exception {
        limits = limits.withConnections(100, 1);
        InetAddress one = InetAddress.getByName("2001:db8:0:1::1");
        assertEquals(Optional.empty(), guard.enter(one));
        assertEquals(Optional.of(Cut.ADDRESS), guard.enter(InetAddress.getByName("2001:db8:0:1::2")));
        assertEquals(Optional.empty(), guard.enter(InetAddress.getByName("2001:db8:0:2::1")));
        guard.leave(one);
        assertEquals(Optional.empty(), guard.enter(InetAddress.getByName("2001:db8:0:1::2")));
    }
}
