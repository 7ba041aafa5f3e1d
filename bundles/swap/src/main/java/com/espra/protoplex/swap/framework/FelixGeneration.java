package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.api.swap.GenerationAdapter.Binding;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.swap.engine.Generations.Candidate;
import com.espra.protoplex.swap.engine.Generations.Unloading;
import com.espra.protoplex.swap.engine.Refused;
import com.espra.protoplex.swap.isolation.GenerationKey;
import com.espra.protoplex.swap.offer.GenerationOffers;
import com.espra.protoplex.swap.preflight.Archive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One release in the framework. */
final class FelixGeneration implements Candidate, Generation {

    private static final Logger LOG = LoggerFactory.getLogger(FelixGeneration.class);

    private final Platform platform;
    private final String unit;
    private final Backend backend;
    private final Function<Release, List<Archive>> checked;
    private final GenerationKey key;
    private final String id;
    private final Set<String> packages = new HashSet<>();
    private final InstalledBundles installed;
    private final TargetedConfigurations configurations;
    private final List<Binding> bindings = new CopyOnWriteArrayList<>();
    /** Whom the bindings are of. */
    private List<GenerationAdapter> bound = List.of();

    /** Tells of services only until the generation is ready: after that, bindings tell of their changes themselves. */
    private final ServiceListener services = event -> changed();

    private volatile String version = "";
    private volatile Set<String> optional = Set.of();
    private volatile boolean takesOver;
    private volatile List<Archive> archives = List.of();
    private boolean removed;
    private volatile Runnable listener = () -> {};
    private final GenerationOffers offers = new GenerationOffers();
    private volatile boolean proved;
    private volatile Set<String> declaredOffers = Set.of();
    private volatile @Nullable OfferedServices offered;
    private volatile @Nullable HealthGate health;
    private volatile @Nullable LiveServices live;

    FelixGeneration(
            Platform platform,
            String unit,
            GenerationKey key,
            String id,
            Backend backend,
            Function<Release, List<Archive>> checked) {
        this.platform = platform;
        this.unit = unit;
        this.backend = backend;
        this.checked = checked;
        this.key = key;
        this.id = id;
        this.installed = new InstalledBundles(platform, key, id, packages);
        this.configurations = new TargetedConfigurations(platform.configurations(), key);
    }

    @Override
    public void prepare() throws Refused {
        installed.installAnchor();
        bind(platform.adapters().get());
        bindings.forEach(Binding::rested);
    }

    @Override
    public void install(Release release) throws Refused {
        version = release.version();
        optional = release.optionalComponents();
        takesOver = release.takeOver();
        proved = release.proved();
        declaredOffers = release.offers();
        archives = checked.apply(release);
        archives.forEach(archive -> packages.addAll(archive.packages()));
        List<GenerationAdapter> adapters = platform.adapters().get();
        if (installed.hasAnchor() && bound.equals(adapters)) {
            bindings.forEach(Binding::resumed);
            installBundles(release);
        } else {
            unbind();
            installUnprepared(release, adapters);
        }
    }

    /**
     * What the generation serves with is made while its bundles are installed: each takes about half of the time, and under load the
     * processor is shared by threads.
     */
    private void installUnprepared(Release release, List<GenerationAdapter> adapters) throws Refused {
        if (!installed.hasAnchor()) {
            installed.installAnchor();
        }
        FutureTask<Boolean> binding = new FutureTask<>(() -> {
            bind(adapters);
            return true;
        });
        Thread thread = Thread.ofPlatform().daemon().name("binding " + id).unstarted(binding);
        // Threads that an adapter starts inherit this: it must not be a loader of a generation.
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.start();
        try {
            installBundles(release);
        } finally {
            // Also when the installation failed: nobody takes away what is still being made.
            await(thread);
        }
        refusal(binding);
    }

    /** Without a limit of its own: the engine watches this thread, and interrupts it. */
    private static void await(Thread binding) {
        try {
            binding.join();
        } catch (InterruptedException e) {
            LOG.debug("{} is given up", binding.getName(), e);
            binding.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private static void refusal(FutureTask<Boolean> binding) throws Refused {
        try {
            binding.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("it was interrupted: the node stops, or it took too long", e);
        }
    }

    private void installBundles(Release release) throws Refused {
        installed.install(archives);
        try {
            configurations.create(release.configurations(), archives);
        } catch (IOException | IllegalArgumentException e) {
            throw new Refused("its configurations cannot be written: " + e.getMessage(), e);
        }
        installed.resolve();
        health = new HealthGate(context(), packages, this::changed);
        OfferedServices opening = new OfferedServices(context(), key, offers, this::changed);
        offered = opening;
        opening.open();
    }

    private void bind(List<GenerationAdapter> adapters) throws Refused {
        bound = List.copyOf(adapters);
        for (GenerationAdapter adapter : adapters) {
            try {
                adopt(adapter.bind(this, backend));
            } catch (Exception e) {
                throw new Refused(
                        adapter.getClass().getSimpleName() + " cannot serve it: " + FailureText.of(e, packages), e);
            }
        }
    }

    /** An adapter that hung may come here after the removal: its binding is closed at once. */
    private void adopt(Binding binding) throws Refused {
        synchronized (bindings) {
            if (!removed) {
                bindings.addFirst(binding);
                binding.onChange(this::changed);
                return;
            }
        }
        binding.close();
        throw new Refused(id + " is removed already");
    }

    @Override
    public void start() throws Refused {
        context().addServiceListener(services);
        installed.start();
    }

    @Override
    public String remarks() {
        return configurations.unwanted();
    }

    @Override
    public List<Problem> problems() {
        boolean opensLater = takesOver && live == null;
        List<Problem> problems = new ArrayList<>();
        if (takesOver && !opensLater) {
            problems.addAll(platform.components().activateThoseForLive(installed.bundles(), context()));
        }
        problems.addAll(platform.components().problems(installed.bundles(), packages, optional, opensLater));
        if (!proved) {
            problems.addAll(ForRolesAlone.problems(key.kind(), installed.bundles()));
        }
        bindings.forEach(binding -> problems.addAll(binding.problems()));
        HealthGate gate = health;
        if (gate != null) {
            problems.addAll(gate.problems(installed.bundles()));
        }
        OfferedServices open = offered;
        if (open != null) {
            // What is closed until it takes over cannot be offered before.
            problems.addAll(open.problems(opensLater ? Set.of() : declaredOffers));
        }
        if (problems.isEmpty()) {
            context().removeServiceListener(services);
        }
        return problems;
    }

    @Override
    public void onChange(Runnable next) {
        listener = next;
    }

    @Override
    public List<Endpoint> endpoints() {
        return bindings.stream()
                .flatMap(binding -> binding.endpoints().stream())
                .toList();
    }

    @Override
    public GenerationOffers offers() {
        return offers;
    }

    @Override
    public void rested() {
        bindings.forEach(Binding::rested);
    }

    @Override
    public void resumed() {
        HealthGate gate = health;
        if (gate != null) {
            gate.reset();
        }
        bindings.forEach(Binding::resumed);
    }

    @Override
    public void live() {
        notLive();
        if (takesOver) {
            // It becomes ready a second time.
            context().addServiceListener(services);
        }
        LiveServices opening = new LiveServices(platform.context(), context(), key.kind(), unit, id);
        live = opening;
        opening.open();
    }

    @Override
    public void admit(boolean requests) {
        LiveServices open = live;
        if (open != null) {
            open.admit(requests);
        }
    }

    @Override
    public void notLive() {
        LiveServices open = live;
        live = null;
        if (open != null) {
            open.close();
            if (takesOver) {
                platform.components().awaitInactive(installed.bundles());
            }
        }
    }

    @Override
    public Unloading remove() {
        listener = () -> {};
        notLive();
        HealthGate gate = health;
        if (gate != null) {
            gate.close();
        }
        synchronized (bindings) {
            removed = true;
        }
        // Before the bindings: a whiteboard holds a lock while a component that it asked for hangs in its activation.
        installed.endStart();
        unbind();
        OfferedServices open = offered;
        if (open != null) {
            open.close();
        }
        Unloading proof = installed.remove();
        configurations.delete();
        return proof;
    }

    private void unbind() {
        for (Binding binding : bindings) {
            try {
                binding.close();
            } catch (RuntimeException e) {
                LOG.warn("{}: a binding failed to close: {}", id, FailureText.of(e, packages), e);
            }
        }
        bindings.clear();
    }

    @Override
    public List<Bundle> bundles() {
        return installed.bundles();
    }

    @Override
    public List<String> labels() {
        return archives.stream().map(Archive::label).toList();
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public Release.Kind kind() {
        return key.kind();
    }

    @Override
    public Set<String> optionalComponents() {
        return optional;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public BundleContext context() {
        return installed.anchorContext();
    }

    @Override
    public boolean owns(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        return bundle != null && key.owns(bundle);
    }

    private void changed() {
        listener.run();
    }
}
