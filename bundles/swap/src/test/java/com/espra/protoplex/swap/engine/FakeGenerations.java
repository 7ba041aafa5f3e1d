package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.swap.offer.GenerationOffers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/** A framework that does as it is told: any call of any version can fail, hang or throw. */
final class FakeGenerations implements Generations {

    /** What a call can do. */
    enum Way {
        FAIL,
        THROW,
        HANG,
        /** Also when what hangs has been let go. */
        HANG_AGAIN
    }

    /** {@code "1.0.1 start"} to what happens. */
    final Map<String, Way> ways = new ConcurrentHashMap<>();

    final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();
    /** Version to what keeps it from being ready once it is live. */
    final Map<String, List<Problem>> problemsWhenLive = new ConcurrentHashMap<>();
    /** Version to what it serves. */
    final Map<String, Set<Route>> routes = new ConcurrentHashMap<>();

    /** Versions that serve nothing while they are not live. */
    final Set<String> serveWhenLive = ConcurrentHashMap.newKeySet();

    final List<String> calls = new CopyOnWriteArrayList<>();
    final Map<String, FakeCandidate> present = new ConcurrentHashMap<>();
    /** Places that wait for a release. */
    final Set<String> prepared = ConcurrentHashMap.newKeySet();

    /** Versions that may do what only the live one may. */
    final Set<String> live = ConcurrentHashMap.newKeySet();
    /** The versions that were told that new requests do not come. */
    final Set<String> deaf = ConcurrentHashMap.newKeySet();

    /** Unit and interface to the proxy that others find. */
    final Map<String, Object> published = new ConcurrentHashMap<>();

    final CountDownLatch release = new CountDownLatch(1);
    final CountDownLatch again = new CountDownLatch(1);
    volatile boolean collects = true;
    volatile boolean overdue;

    @Override
    public void check(Release release) throws Refused {
        preflight(release);
    }

    @Override
    public void preflight(Release checked) throws Refused {
        call(checked, "preflight");
    }

    @Override
    public Candidate create(Release.Kind kind, String unit, long number, Backend backend) {
        return new FakeCandidate(unit + "-" + number);
    }

    @Override
    public Publication publish(String unit, Class<?> type, Object proxy, Map<String, Object> properties) {
        published.put(unit + " " + type.getSimpleName(), proxy);
        return new Publication() {
            @Override
            public void update(Map<String, Object> now) {
                // The tests do not change properties.
            }

            @Override
            public void withdraw() {
                published.remove(unit + " " + type.getSimpleName());
            }
        };
    }

    private void call(Release of, String what) throws Refused {
        way(of.version() + " " + what, what);
    }

    private void way(String call, String what) throws Refused {
        calls.add(call);
        switch (ways.get(call)) {
            case FAIL -> throw new Refused(what + " is refused");
            case THROW -> throw new IllegalStateException(what + " is broken");
            case HANG -> await(release);
            case HANG_AGAIN -> await(again);
            case null -> {
                // It is done.
            }
        }
    }

    private static void await(CountDownLatch latch) throws Refused {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new Refused("interrupted");
        }
    }

    final class FakeCandidate implements Candidate {
        private final String id;
        final GenerationOffers offers = new GenerationOffers();
        private volatile @Nullable Release of;
        private volatile Runnable listener = () -> {};

        FakeCandidate(String id) {
            this.id = id;
        }

        private Release of() {
            return Objects.requireNonNull(of, id + " has no release yet");
        }

        @Override
        public GenerationOffers offers() {
            return offers;
        }

        void change() {
            listener.run();
        }

        @Override
        public void prepare() throws Refused {
            prepared.add(id);
            way(id + " prepare", "prepare");
        }

        @Override
        public void install(Release installed) throws Refused {
            of = installed;
            prepared.remove(id);
            present.put(id, this);
            call(installed, "install");
        }

        @Override
        public String remarks() {
            return "";
        }

        @Override
        public void start() throws Refused {
            call(of(), "start");
        }

        @Override
        public List<Problem> problems() {
            try {
                call(of(), "problems");
            } catch (Refused e) {
                return List.of(new Problem(true, "a component failed", "Mend it"));
            }
            return (live.contains(of().version()) ? problemsWhenLive : problems)
                    .getOrDefault(of().version(), List.of());
        }

        @Override
        public void onChange(Runnable next) {
            listener = next;
        }

        @Override
        public List<Endpoint> endpoints() {
            Set<Route> mine = routes.getOrDefault(of().version(), Set.of());
            boolean closed = serveWhenLive.contains(of().version()) && !live.contains(of().version());
            return mine.isEmpty() || closed ? List.of() : List.of(new Endpoint(mine, new Handler.Wrapper()));
        }

        @Override
        public void live() {
            live.add(of().version());
            deaf.remove(of().version());
            try {
                call(of(), "live");
            } catch (Refused e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void admit(boolean requests) {
            if (!requests) {
                deaf.add(of().version());
            } else {
                deaf.remove(of().version());
            }
        }

        @Override
        public void notLive() {
            live.remove(of().version());
            change();
            try {
                call(of(), "notLive");
            } catch (Refused e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void rested() {
            calls.add(of().version() + " rested");
            if (ways.containsKey(of().version() + " rested")) {
                throw new IllegalStateException("it cannot rest");
            }
        }

        @Override
        public void resumed() {
            calls.add(of().version() + " resumed");
        }

        @Override
        public Unloading remove() {
            prepared.remove(id);
            Release gone = of;
            if (gone == null) {
                return new FakeUnloading();
            }
            calls.add(gone.version() + " remove");
            // Foreign code may ignore that it is interrupted.
            while (ways.get(gone.version() + " remove") == Way.HANG && release.getCount() > 0) {
                Thread.onSpinWait();
            }
            present.remove(id);
            return new FakeUnloading();
        }

        @Override
        public List<String> labels() {
            return List.of(of().unit() + " " + of().version());
        }
    }

    private final class FakeUnloading implements Unloading {
        @Override
        public boolean collected() {
            return collects;
        }

        @Override
        public boolean overdue() {
            return overdue;
        }

        @Override
        public String holders() {
            return "thread 'x'";
        }
    }
}
