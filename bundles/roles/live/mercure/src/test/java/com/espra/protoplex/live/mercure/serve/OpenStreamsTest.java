package com.espra.protoplex.live.mercure.serve;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.live.mercure.request.MercureRefusal;
import com.espra.protoplex.live.mercure.request.SubscribeRequest;
import org.junit.Test;

public class OpenStreamsTest {

    private static final int LARGE = SubscribeRequest.MOST_STATES;

    private final OpenStreams counts = new OpenStreams(20);

    private void refused(String address, int states) {
        assertEquals(
                429,
                assertThrows(MercureRefusal.class, () -> counts.open(address, states))
                        .status());
    }

    @Test
    public void anAddressHasSoManyStreams() throws Exception {
        for (int i = 0; i < 20; i++) {
            counts.open("192.0.2.1", 0);
        }
        refused("192.0.2.1", 0);
        counts.open("192.0.2.2", 0);
        counts.close("192.0.2.1", 0);
        counts.open("192.0.2.1", 0);
    }

    @Test
    public void aNetworkOfIpv6IsAnAddress() throws Exception {
        for (int i = 0; i < 20; i++) {
            counts.open("2001:db8:0:1::" + Integer.toHexString(i + 1), 0);
        }
        refused("2001:db8:0:1:ffff::1", 0);
        counts.open("2001:db8:0:2::1", 0);
    }

    @Test
    public void patternsOfAnAddressAreBounded() throws Exception {
        int most = OpenStreams.MOST_STATES_OF_ADDRESS / LARGE;
        for (int i = 0; i < most; i++) {
            counts.open("192.0.2.1", LARGE);
        }
        refused("192.0.2.1", 1);
        counts.open("192.0.2.1", 0);
        counts.close("192.0.2.1", LARGE);
        counts.open("192.0.2.1", LARGE);
    }

    @Test
    public void patternsOfAllAreBounded() throws Exception {
        int most = OpenStreams.MOST_STATES / LARGE;
        for (int i = 0; i < most; i++) {
            counts.open("192.0.2." + i % 64, LARGE);
        }
        refused("198.51.100.1", 1);
        counts.open("198.51.100.1", 0);
        counts.close("192.0.2.1", LARGE);
        counts.open("198.51.100.1", 1);
    }

    /** What is there at a swap stays, also if it is more than is let in. */
    @Test
    public void whatComesFromTheVersionBeforeStays() {
        for (int i = 0; i < 30; i++) {
            counts.count("192.0.2.1", LARGE);
        }
        refused("192.0.2.1", 0);
        for (int i = 0; i < 30; i++) {
            counts.close("192.0.2.1", LARGE);
        }
    }
}
