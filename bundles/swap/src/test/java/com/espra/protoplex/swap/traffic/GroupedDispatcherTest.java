package com.espra.protoplex.swap.traffic;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.http.RouteConflictException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.junit.Test;

/** A unit that is served on the listeners of two groups moves on both, or on none. */
public class GroupedDispatcherTest {

    private static final Hold.Bounds BOUNDS = new Hold.Bounds(10, 1000, Duration.ofSeconds(1));

    /** A group without sockets. */
    private final class Group {
        final Map<String, String> live = new TreeMap<>();
        final Map<String, Set<Route>> serves = new HashMap<>();
        final List<String> held = new ArrayList<>();
        boolean conflict;
        long inFlight;

        final Dispatcher dispatcher = (Dispatcher) Proxy.newProxyInstance(
                Dispatcher.class.getClassLoader(),
                new Class<?>[] {Dispatcher.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "open" -> backend((String) arguments[0], (String) arguments[1]);
                    case "flip" -> flip((Backend) arguments[0]);
                    case "withdraw" -> Optional.ofNullable(live.remove((String) arguments[0]));
                    case "hold" -> hold((String) arguments[0]);
                    default -> throw new AssertionError(method.getName());
                });

        private Backend backend(String unit, String generation) {
            return (Backend) Proxy.newProxyInstance(
                    Backend.class.getClassLoader(),
                    new Class<?>[] {Backend.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "unit" -> unit;
                        case "generation" -> generation;
                        case "inFlight" -> inFlight;
                        case "serve" -> serve(generation, (List<?>) arguments[0]);
                        case "drain" -> CompletableFuture.completedFuture(inFlight);
                        default -> throw new AssertionError(method.getName());
                    });
        }

        private Object serve(String generation, List<?> endpoints) {
            serves.put(
                    generation,
                    endpoints.stream()
                            .map(Endpoint.class::cast)
                            .flatMap(each -> each.routes().stream())
                            .collect(Collectors.toSet()));
            return Optional.empty();
        }

        private Object flip(Backend backend) throws RouteConflictException {
            if (conflict) {
                throw new RouteConflictException(Route.of("/a"), "other");
            }
            live.put(backend.unit(), backend.generation());
            return Optional.empty();
        }

        private Hold hold(String unit) {
            held.add(unit);
            return new Hold() {
                @Override
                public CompletableFuture<Long> idle(Duration limit) {
                    return CompletableFuture.completedFuture(inFlight);
                }

                @Override
                public Outcome release() {
                    held.remove(unit);
                    return new Outcome(Duration.ofMillis(1 + inFlight), 1, Duration.ofMillis(inFlight), 0);
                }
            };
        }
    }

    private final Group open = new Group();
    private final Group tools = new Group();
    private final GroupedDispatcher all =
            new GroupedDispatcher(open.dispatcher, Map.of("public", open.dispatcher, "tools", tools.dispatcher));

    private static final Handler HANDLER = new Handler.Abstract() {
        @Override
        public boolean handle(
                org.eclipse.jetty.server.Request request,
                org.eclipse.jetty.server.Response response,
                org.eclipse.jetty.util.Callback callback) {
            return false;
        }
    };

    private Backend generation(String id, Route... routes) {
        Backend backend = all.open("unit", id);
        backend.serve(List.of(new Endpoint(Set.of(routes), HANDLER)));
        return backend;
    }

    @Test
    public void eachRouteIsServedOnItsGroupAndAFlipIsOneOnBoth() throws Exception {
        Route here = Route.of("/here");
        Route there = Route.of("/there").on("tools");
        all.flip(generation("1", here, there));

        assertEquals(Set.of(here), open.serves.get("1"));
        assertEquals(Set.of(there), tools.serves.get("1"));
        assertEquals(Map.of("unit", "1"), open.live);
        assertEquals(Map.of("unit", "1"), tools.live);

        all.flip(generation("2", here));
        assertEquals("what the next one does not serve is gone", Map.of(), tools.live);
        all.withdraw("unit");
        assertEquals(Map.of(), open.live);
    }

    @Test
    public void aConflictOnOneGroupLeavesBothAsTheyWere() throws Exception {
        Route there = Route.of("/there").on("tools");
        all.flip(generation("1", there));
        Backend next = generation("2", there);
        open.conflict = true;

        assertThrows(RouteConflictException.class, () -> all.flip(next));
        assertEquals(Map.of("unit", "1"), open.live);
        assertEquals(Map.of("unit", "1"), tools.live);
    }

    @Test
    public void whatIsInFlightAndHeldIsThatOfBoth() throws Exception {
        Backend backend = generation("1", Route.of("/here"), Route.of("/there").on("tools"));
        all.flip(backend);
        open.inFlight = 2;
        tools.inFlight = 3;
        assertEquals(5, backend.inFlight());
        assertEquals(5L, (long) backend.drain(Duration.ZERO).join());

        Hold hold = all.hold("unit", BOUNDS);
        assertEquals(List.of("unit"), tools.held);
        assertEquals(5L, (long) hold.idle(Duration.ZERO).join());
        Hold.Outcome outcome = hold.release();
        assertEquals(2, outcome.requests());
        assertEquals(Duration.ofMillis(3), outcome.longest());
        assertTrue(open.held.isEmpty() && tools.held.isEmpty());
    }

    @Test
    public void whoServesAlreadyIsReachedByAGroupThatComesLater() throws Exception {
        Backend backend = generation("1", Route.of("/here"));
        all.flip(backend);
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/there").on("tools")), HANDLER)));
        assertEquals(Map.of("unit", "1"), tools.live);
    }

    @Test
    public void aGroupThatTheNodeHasNotIsNamed() {
        Backend backend = all.open("unit", "1");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> backend.at("mail"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("group 'mail'"));
    }
}
