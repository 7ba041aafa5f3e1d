package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** How a name becomes an address. */
public final class LookupTest {

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private @Nullable IOException failure;
    private final Lookup lookup = new Lookup(this, threads::add, this::find);

    private InetAddress find() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return InetAddress.ofLiteral("192.0.2.1");
    }

    private Lookup.Asker asker(String name) {
        return address -> told.add(name + " " + (address == null ? "none" : address.getHostAddress()));
    }

    @Test
    public void oneThreadLooksUpForAllAndWhatItFoundIsKept() {
        Lookup.Asker leaves = asker("leaves");
        lookup.ask(asker("a"));
        lookup.ask(leaves);
        lookup.ask(asker("b"));
        lookup.leave(leaves);
        assertEquals(1, threads.size());
        assertTrue(lookup.isUnderWay());
        threads.remove().run();
        assertEquals(List.of("a 192.0.2.1", "b 192.0.2.1"), told);
        lookup.ask(asker("c"));
        assertEquals("c 192.0.2.1", told.getLast());
        assertEquals(0, threads.size());
        assertFalse(lookup.isUnderWay());
    }

    @Test
    public void aFailureIsToldToAllAndNotKept() {
        failure = new UnknownHostException("gone");
        lookup.ask(asker("a"));
        lookup.ask(asker("b"));
        threads.remove().run();
        assertEquals(List.of("a none", "b none"), told);
        failure = null;
        lookup.ask(asker("c"));
        threads.remove().run();
        assertEquals("c 192.0.2.1", told.getLast());
    }

    @Test
    public void whereNoThreadIsLeftThereIsNone() {
        Lookup without = new Lookup(
                this,
                task -> {
                    throw new RejectedExecutionException();
                },
                this::find);
        without.ask(asker("a"));
        assertEquals(List.of("a none"), told);
        assertFalse(without.isUnderWay());
    }
}
