package com.espra.protoplex.swap.traffic;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.ChannelTraffic;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.http.OriginalClient;
import com.espra.protoplex.api.http.RouteConflictException;
import com.espra.protoplex.api.http.StreamAdmission;
import com.espra.protoplex.api.http.StreamFlight;
import com.espra.protoplex.api.http.UnitTraffic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatchers of all groups of listeners as one, for units that are served by more than the public ones. A unit that is not costs
 * nothing. A flip is one volatile write in each group, the public one last, because it says who serves.
 *
 * <p>Threads: safe from any; changes of one unit come one after the other.
 */
public final class GroupedDispatcher implements Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(GroupedDispatcher.class);

    private final Dispatcher main;
    private final Map<String, Dispatcher> groups;
    private final Map<String, GroupedBackend> live = new ConcurrentHashMap<>();

    /**
     * @param main the dispatcher of the public listeners
     * @param groups those of all groups, by name; it may change
     */
    public GroupedDispatcher(Dispatcher main, Map<String, Dispatcher> groups) {
        this.main = main;
        this.groups = groups;
    }

    private Dispatcher group(String name) {
        Dispatcher dispatcher = name.equals(PUBLIC) ? main : groups.get(name);
        if (dispatcher == null) {
            throw new IllegalArgumentException("no listener of this node is of the group '" + name
                    + "': give it one in node.json (\"listeners\": {\"...\": {\"group\": \"" + name + "\"}})");
        }
        return dispatcher;
    }

    @Override
    public Backend open(String unit, String generation) {
        return new GroupedBackend(main.open(unit, generation), this::group, this::added);
    }

    /** Who is live already gets the requests of the new group, too. */
    private void added(GroupedBackend backend, String name) {
        if (backend.equals(live.get(backend.unit()))) {
            try {
                group(name).flip(backend.at(name));
            } catch (RouteConflictException e) {
                LOG.warn(
                        "{} is not served on the listeners of the group {}: {} belongs to {}. Remove one of the two, or change its path",
                        backend,
                        name,
                        e.route(),
                        e.holder());
            }
        }
    }

    @Override
    public Optional<Backend> flip(Backend backend) throws RouteConflictException {
        if (!(backend instanceof GroupedBackend next)) {
            throw new IllegalStateException("backend " + backend + " is of another dispatcher: open a new one");
        }
        GroupedBackend previous = live.get(next.unit());
        Set<String> others = new HashSet<>(next.groups());
        if (previous != null) {
            others.addAll(previous.groups());
        }
        Deque<String> flipped = new ArrayDeque<>();
        try {
            for (String name : others) {
                flipped.push(name);
                move(name, next.unit(), next);
            }
            main.flip(next.main());
        } catch (RouteConflictException | RuntimeException e) {
            flipped.forEach(name -> moveBack(name, next.unit(), previous));
            throw e;
        }
        live.put(next.unit(), next);
        return next.equals(previous) ? Optional.empty() : Optional.ofNullable(previous);
    }

    private void move(String name, String unit, @Nullable GroupedBackend to) throws RouteConflictException {
        if (to != null && to.groups().contains(name)) {
            group(name).flip(to.at(name));
        } else {
            group(name).withdraw(unit);
        }
    }

    private void moveBack(String name, String unit, @Nullable GroupedBackend previous) {
        try {
            move(name, unit, previous);
        } catch (RouteConflictException | RuntimeException e) {
            LOG.error("{} lost its routes on the listeners of the group {}: {}", unit, name, e.getMessage());
        }
    }

    @Override
    public Optional<Backend> withdraw(String unit) {
        GroupedBackend previous = live.remove(unit);
        main.withdraw(unit);
        if (previous != null) {
            previous.groups().forEach(name -> group(name).withdraw(unit));
        }
        return Optional.ofNullable(previous);
    }

    @Override
    public Hold hold(String unit, Hold.Bounds bounds) {
        GroupedBackend backend = live.get(unit);
        List<Hold> holds = new ArrayList<>();
        try {
            holds.add(main.hold(unit, bounds));
            if (backend != null) {
                backend.groups().forEach(name -> holds.add(group(name).hold(unit, bounds)));
            }
        } catch (RuntimeException e) {
            holds.forEach(Hold::release);
            throw e;
        }
        return holds.size() == 1 ? holds.getFirst() : new GroupHolds(holds);
    }

    @Override
    public StreamAdmission admit(String listener, StreamFlight flight) throws InterruptedException {
        return main.admit(listener, flight);
    }

    @Override
    public void fallback(@Nullable Handler handler) {
        main.fallback(handler);
    }

    @Override
    public void serve(Request request, Response response, Callback callback, OriginalClient client) {
        main.serve(request, response, callback, client);
    }

    @Override
    public void unclaimed(@Nullable Backend backend, @Nullable Handler handler) {
        main.unclaimed(backend instanceof GroupedBackend grouped ? grouped.main() : backend, handler);
    }

    @Override
    public List<Claim> claims() {
        return main.claims();
    }

    @Override
    public long shed() {
        return main.shed();
    }

    @Override
    public long disconnected() {
        return main.disconnected();
    }

    @Override
    public long malformed() {
        return main.malformed();
    }

    @Override
    public List<UnitTraffic> traffic() {
        return main.traffic();
    }

    @Override
    public List<ChannelTraffic> channels() {
        return main.channels();
    }
}
