package com.espra.protoplex.proxy.server.limit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.proxy.server.choice.FakeTime;
import com.espra.protoplex.proxy.server.config.Rate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Limits, by a clock that the test moves. */
public class RateLimitsTest {

    private final FakeTime time = new FakeTime();
    private final RateLimits limits = new RateLimits(time);
    private final Rate client = new Rate(Route.of("/login"), true, 5, 60, 5);
    private final Rate all = new Rate(Route.of("/login"), false, 8, 1, 8);

    private static InetSocketAddress at(String address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), 1234);
    }

    @Test
    public void aBurstIsLetThroughAndThenAsManyAsConfigured() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertNull(limits.count(List.of(client), at("10.0.0.1")));
        }
        RateLimits.Reached reached = limits.count(List.of(client), at("10.0.0.1"));
        assertNotNull(reached);
        assertEquals(12, reached.retrySeconds());
        assertEquals("\"client\";q=5;w=60", reached.fields().get("RateLimit-Policy"));
        assertEquals("\"client\";r=0;t=12", reached.fields().get("RateLimit"));
        assertEquals("12", reached.fields().get("Retry-After"));

        time.pass(Duration.ofSeconds(12));
        assertNull(limits.count(List.of(client), at("10.0.0.1")));
        assertNotNull(limits.count(List.of(client), at("10.0.0.1")));
    }

    @Test
    public void aNetworkOfIpv6IsOneClient() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertNull(limits.count(List.of(client), at("2001:db8:1:2::" + i)));
        }
        assertNotNull(limits.count(List.of(client), at("2001:db8:1:2:ffff::1")));
        assertNull(limits.count(List.of(client), at("2001:db8:1:3::1")));
        assertNull(limits.count(List.of(client), at("10.0.0.2")));
    }

    @Test
    public void whoIsOverHisOwnLimitTakesNothingFromTheOthers() throws Exception {
        for (int i = 0; i < 100; i++) {
            limits.count(List.of(all, client), at("10.0.0.1"));
        }
        assertNull(limits.count(List.of(all, client), at("10.0.0.2")));
        assertNull(limits.count(List.of(all, client), at("10.0.0.3")));
        assertNull(limits.count(List.of(all, client), at("10.0.0.4")));
        RateLimits.Reached reached = limits.count(List.of(all, client), at("10.0.0.5"));
        assertNotNull(reached);
        assertEquals(all, reached.rate());
        assertEquals(1, reached.retrySeconds());
    }

    /** By several threads at once: a number that two limits had would make them one. */
    @Test
    public void eachLimitCountsForItself() throws Exception {
        InetSocketAddress same = at("10.0.0.1");
        CyclicBarrier begin = new CyclicBarrier(8);
        List<FutureTask<Integer>> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int of = thread;
            FutureTask<Integer> task = new FutureTask<>(() -> {
                int refused = 0;
                begin.await(10, TimeUnit.SECONDS);
                for (int i = 0; i < 2000; i++) {
                    Rate once = new Rate(Route.of("/" + of + "/" + i), true, 1, 3600, 1);
                    refused += limits.count(List.of(once), same) == null ? 0 : 1;
                }
                return refused;
            });
            threads.add(task);
            Thread.ofPlatform().start(task);
        }
        for (FutureTask<Integer> task : threads) {
            assertEquals(Integer.valueOf(0), task.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    public void clientsAreBoundedAndForgotten() throws Exception {
        for (int i = 0; i < 300_000; i++) {
            limits.count(List.of(client), at("10." + (i >> 16 & 255) + "." + (i >> 8 & 255) + "." + (i & 255)));
        }
        assertEquals(ClientBuckets.MOST, limits.clients());
        assertNull("one that is known has its own", limits.count(List.of(client), at("10.0.0.1")));

        time.pass(Duration.ofSeconds(61));
        assertNull("and so have newcomers when others are silent", limits.count(List.of(client), at("11.0.0.1")));
        assertTrue(limits.clients() + " clients", limits.clients() <= 2);
    }
}
