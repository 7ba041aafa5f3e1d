package com.espra.protoplex.swap.traffic;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.stream.StreamHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;

/**
 * The traffic of one generation by the listeners of all groups: a backend on the public ones, as every unit has, and one more for each group
 * where it serves something.
 */
final class GroupedBackend implements Backend {

    private final Backend main;
    private final Function<String, Dispatcher> dispatchers;
    private final BiConsumer<GroupedBackend, String> added;
    private final Map<String, Backend> others = new ConcurrentHashMap<>();
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private volatile List<Endpoint> endpoints = List.of();

    /**
     * @param main the part on the public listeners
     * @param dispatchers of the other groups, by name; throws an {@link IllegalArgumentException} for one that is not there
     * @param added told of each group where it begins to serve something
     */
    GroupedBackend(Backend main, Function<String, Dispatcher> dispatchers, BiConsumer<GroupedBackend, String> added) {
        this.main = main;
        this.dispatchers = dispatchers;
        this.added = added;
    }

    Backend main() {
        return main;
    }

    /** The groups beside the public one where it serves, or has served, something. */
    Set<String> groups() {
        return Set.copyOf(served);
    }

    @Override
    public Backend at(String group) {
        return group.equals(Dispatcher.PUBLIC)
                ? main
                : others.computeIfAbsent(group, name -> dispatchers.apply(name).open(main.unit(), main.generation()));
    }

    @Override
    public String unit() {
        return main.unit();
    }

    @Override
    public String generation() {
        return main.generation();
    }

    @Override
    public void start(Handler handler) throws Exception {
        main.start(handler);
    }

    @Override
    public void stop(Handler handler) {
        main.stop(handler);
    }

    @Override
    public Handler channels(ChannelReceiver receiver) {
        return main.channels(receiver);
    }

    @Override
    public Handler streams(StreamHandler handler) {
        return main.streams(handler);
    }

    @Override
    public void serve(List<Endpoint> next) {
        endpoints = List.copyOf(next);
        Map<String, List<Endpoint>> byGroup = byGroup(next);
        Set<String> groups = new HashSet<>(served);
        groups.addAll(byGroup.keySet());
        groups.remove(Dispatcher.PUBLIC);
        for (String group : groups) {
            at(group).serve(byGroup.getOrDefault(group, List.of()));
            if (served.add(group)) {
                added.accept(this, group);
            }
        }
        main.serve(byGroup.getOrDefault(Dispatcher.PUBLIC, List.of()));
    }

    private static Map<String, List<Endpoint>> byGroup(List<Endpoint> endpoints) {
        Map<String, List<Endpoint>> byGroup = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            Map<String, Set<Route>> routes =
                    endpoint.routes().stream().collect(Collectors.groupingBy(Route::group, Collectors.toSet()));
            if (routes.isEmpty()) {
                routes = Map.of(Dispatcher.PUBLIC, Set.of());
            }
            routes.forEach((group, its) -> byGroup.computeIfAbsent(group, any -> new ArrayList<>())
                    .add(new Endpoint(its, endpoint.handler())));
        }
        return byGroup;
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    private Stream<Backend> all() {
        return Stream.concat(Stream.of(main), others.values().stream());
    }

    private long sum(ToLongFunction<Backend> figure) {
        return all().mapToLong(figure).sum();
    }

    @Override
    public long inFlight() {
        return sum(Backend::inFlight);
    }

    @Override
    public long served() {
        return sum(Backend::served);
    }

    @Override
    public CompletableFuture<Long> drain(Duration deadline) {
        return all().map(each -> each.drain(deadline))
                .reduce((one, other) -> one.thenCombine(other, Long::sum))
                .orElseThrow();
    }

    @Override
    public void close() {
        endpoints = List.of();
        others.values().forEach(Backend::close);
        main.close();
    }

    @Override
    public String toString() {
        return main.toString();
    }
}
