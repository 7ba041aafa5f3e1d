package com.espra.protoplex.swap.offer;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.offer.UnitUnavailableException;
import com.espra.protoplex.swap.offer.GenerationOffers.Offer;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Test;

/** One proxy, and the generations behind it. */
@SuppressWarnings("unchecked")
public class UnitOffersTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final Map<Class<?>, Object> found = new ConcurrentHashMap<>();
    private final Map<Class<?>, Map<String, Object>> properties = new ConcurrentHashMap<>();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final UnitOffers unit = new UnitOffers("counter", (name, type, proxy, more) -> {
        found.put(type, proxy);
        properties.put(type, more);
        return new Publisher.Publication() {
            @Override
            public void update(Map<String, Object> now) {
                properties.put(type, now);
            }

            @Override
            public void withdraw() {
                found.remove(type);
            }
        };
    });

    @After
    public void end() {
        callers.shutdownNow();
    }

    private static GenerationOffers of(Supplier<?> service) {
        GenerationOffers offers = new GenerationOffers();
        offers.set(Map.of(Supplier.class, new Offer(service, Map.of())));
        return offers;
    }

    private Supplier<Object> proxy() {
        return (Supplier<Object>) found.get(Supplier.class);
    }

    private void live(GenerationOffers generation) {
        unit.flip(generation, SOON);
        unit.release();
        unit.publish();
    }

    @Test
    public void theProxyStaysWhenTheGenerationChanges() {
        live(of(() -> "one"));
        Supplier<Object> proxy = proxy();
        assertEquals("one", proxy.get());
        live(of(() -> "two"));
        assertSame(proxy, proxy());
        assertEquals("two", proxy.get());
        assertEquals(proxy, proxy);
        assertNotEquals(proxy, "another");
        assertEquals(proxy.hashCode(), System.identityHashCode(proxy));
        assertEquals("java.util.function.Supplier of counter", proxy.toString());
    }

    @Test
    public void aCallEndsWhereItBeganAndIsWaitedFor() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        GenerationOffers first = of(() -> {
            begun.countDown();
            awaitLatch(goOn);
            return "one";
        });
        live(first);
        Future<Object> call = callers.submit(proxy()::get);
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        live(of(() -> "two"));
        assertEquals("two", proxy().get());
        CompletableFuture<Long> drained = first.idle(SOON);
        assertFalse(drained.isDone());
        assertEquals(
                1L, first.idle(Duration.ofMillis(1)).get(10, TimeUnit.SECONDS).longValue());
        goOn.countDown();
        assertEquals("one", call.get(10, TimeUnit.SECONDS));
        assertEquals(0L, drained.get(10, TimeUnit.SECONDS).longValue());
    }

    @Test
    public void whatIsAnsweredLaterIsInFlightUntilThen() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        GenerationOffers first = of(() -> answer);
        live(first);
        assertSame(answer, proxy().get());
        assertEquals(1, first.inFlight());
        answer.complete("done");
        assertEquals(0, first.inFlight());
    }

    @Test
    public void callsWaitWhileItIsHeldAndGoToWhoIsLiveThen() throws Exception {
        live(of(() -> "one"));
        unit.hold(SOON);
        Future<Object> call = callers.submit(proxy()::get);
        GenerationOffers next = new GenerationOffers();
        unit.flip(next, SOON);
        next.set(Map.of(Supplier.class, new Offer((Supplier<Object>) () -> "two", Map.of())));
        assertFalse(call.isDone());
        unit.release();
        assertEquals("two", call.get(10, TimeUnit.SECONDS));
    }

    @Test
    public void aHoldThatTakesTooLongFailsTheCallInWords() {
        live(of(() -> "one"));
        unit.hold(Duration.ofMillis(20));
        UnitUnavailableException failure = assertThrows(UnitUnavailableException.class, proxy()::get);
        assertEquals("counter", failure.unit());
        assertEquals(
                "counter moves to another version, and does not offer java.util.function.Supplier in time",
                failure.getMessage());
    }

    @Test
    public void noMoreCallsWaitThanMay() throws Exception {
        live(of(() -> "one"));
        Supplier<Object> proxy = proxy();
        unit.hold(Duration.ofSeconds(60));
        List<Future<Object>> calls = new ArrayList<>();
        for (int i = 0; i < UnitOffers.MOST_WAITING + 10; i++) {
            calls.add(callers.submit(proxy::get));
        }
        Await.until(
                "ten are turned away",
                SOON,
                () -> calls.stream().filter(Future::isDone).count() == 10);
        unit.release();
        int answered = 0;
        for (Future<Object> call : calls) {
            try {
                assertEquals("one", call.get(10, TimeUnit.SECONDS));
                answered++;
            } catch (java.util.concurrent.ExecutionException e) {
                assertTrue(e.toString(), e.getMessage().contains("1024 calls wait for it already"));
            }
        }
        assertEquals(UnitOffers.MOST_WAITING, answered);
    }

    @Test
    public void whatIsNotOfferedYetIsWaitedForOnlyWhileTheUnitMoves() throws Exception {
        live(of(() -> "one"));
        Supplier<Object> proxy = proxy();
        GenerationOffers next = new GenerationOffers();
        unit.flip(next, SOON);
        unit.publish();
        assertSame("it is found while the unit moves", proxy, proxy());
        Future<Object> call = callers.submit(proxy::get);
        next.set(Map.of(Supplier.class, new Offer((Supplier<Object>) () -> "two", Map.of("service.ranking", 1))));
        assertEquals("two", call.get(10, TimeUnit.SECONDS));
        unit.release();
        unit.publish();
        assertEquals(Map.of("service.ranking", 1), properties.get(Supplier.class));
        next.set(Map.of());
        assertEquals(Map.of(), found);
        UnitUnavailableException failure = assertThrows(UnitUnavailableException.class, proxy::get);
        assertEquals("counter does not offer java.util.function.Supplier", failure.getMessage());
    }

    @Test
    public void aUnitThatIsGoneIsNotFoundAndCallsFail() {
        live(of(() -> "one"));
        Supplier<Object> proxy = proxy();
        unit.withdraw();
        unit.publish();
        assertEquals(Map.of(), found);
        UnitUnavailableException failure = assertThrows(UnitUnavailableException.class, proxy::get);
        assertEquals("counter is not live on this node", failure.getMessage());
    }

    @Test
    public void whatAServiceThrowsIsThrown() {
        GenerationOffers offers = new GenerationOffers();
        Callable<Object> service = () -> {
            throw new IOException("its own");
        };
        offers.set(Map.of(Callable.class, new Offer(service, Map.of())));
        live(offers);
        IOException failure = assertThrows(IOException.class, ((Callable<Object>) found.get(Callable.class))::call);
        assertEquals("its own", failure.getMessage());
        assertEquals(0, offers.inFlight());
    }

    /** Reflection may go by native code, below which a virtual thread that waits keeps its carrier. */
    @Test
    public void noCallGoesByReflection() throws Exception {
        live(of(() -> StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES)
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.startsWith("java.lang.reflect.Method") || name.contains("NativeAccessor"))
                        .toList())));
        assertEquals(List.of(), callers.submit(proxy()::get).get(10, TimeUnit.SECONDS));
    }

    /** Each generation is closed as soon as it has drained: a call that it gets afterwards would fail. */
    @Test
    public void noCallReachesAGenerationThatHasDrained() throws Exception {
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicLong answered = new AtomicLong();
        live(closable(new AtomicBoolean()));
        Supplier<Object> proxy = proxy();
        List<Future<?>> load = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            load.add(callers.submit(() -> {
                while (running.get()) {
                    proxy.get();
                    answered.incrementAndGet();
                }
            }));
        }
        AtomicBoolean closed = new AtomicBoolean();
        GenerationOffers before = closable(closed);
        live(before);
        for (int i = 0; i < 200; i++) {
            AtomicBoolean next = new AtomicBoolean();
            GenerationOffers after = closable(next);
            long seen = answered.get();
            live(after);
            assertEquals(0L, before.idle(SOON).get(10, TimeUnit.SECONDS).longValue());
            closed.set(true);
            before = after;
            closed = next;
            Await.until("it is called", SOON, () -> answered.get() > seen);
        }
        running.set(false);
        for (Future<?> one : load) {
            one.get(10, TimeUnit.SECONDS);
        }
    }

    private static GenerationOffers closable(AtomicBoolean closed) {
        return of(() -> {
            if (closed.get()) {
                throw new IllegalStateException("it is closed");
            }
            return "open";
        });
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
