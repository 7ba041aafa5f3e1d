package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health checks of a generation: each must be OK, or warn only, once before the generation serves. */
final class HealthGate implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthGate.class);

    private static final Duration PAUSE = Duration.ofMillis(90);

    private final BundleContext context;
    private final Runnable changed;
    private final Set<String> packages;
    private final Map<ServiceReference<?>, Check> checks = new ConcurrentHashMap<>();

    HealthGate(BundleContext context, Set<String> packages, Runnable changed) {
        this.context = context;
        this.packages = packages;
        this.changed = changed;
    }

    /** Asks the checks that are not well yet again, and says what is known now. Does not wait for them. */
    List<Problem> problems(Collection<Bundle> bundles) {
        return bundles.stream()
                .map(Bundle::getRegisteredServices)
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .filter(HealthGate::isHealthCheck)
                .map(reference -> checks.computeIfAbsent(reference, Check::new))
                .map(Check::problem)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The generation is about to be live again: every check is asked anew. */
    void reset() {
        close();
    }

    @Override
    public void close() {
        checks.values().forEach(Check::end);
        checks.clear();
    }

    private static boolean isHealthCheck(ServiceReference<?> reference) {
        return Arrays.asList((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .contains(HealthCheck.class.getName());
    }

    private final class Check {
        private final ServiceReference<?> reference;
        private final String name;
        private volatile @Nullable Object service;
        private @Nullable Thread running;
        private String problem;
        private boolean well;
        private long ended;

        Check(ServiceReference<?> reference) {
            this.reference = reference;
            this.name = "the health check '"
                    + Objects.requireNonNullElse(
                            reference.getProperty(HealthCheck.NAME),
                            "of " + reference.getBundle().getSymbolicName())
                    + "'";
            this.problem = name + " has not answered yet";
            run();
        }

        synchronized Optional<Problem> problem() {
            if (well) {
                return Optional.empty();
            }
            if (running == null && System.nanoTime() - ended > PAUSE.toNanos()) {
                run();
            }
            return Optional.of(new Problem(false, problem, ""));
        }

        private synchronized void run() {
            running = Thread.ofPlatform().daemon().name(name).start(() -> {
                String answer = execute();
                synchronized (this) {
                    running = null;
                    ended = System.nanoTime();
                    well = answer.isEmpty();
                    problem = answer;
                }
                changed.run();
            });
        }

        /** The service is held until now: a component that is let go of between two questions forgets what it was about. */
        synchronized void end() {
            if (running != null) {
                running.interrupt();
            }
            try {
                context.ungetService(reference);
            } catch (IllegalStateException e) {
                LOG.debug("{}: its generation is gone", name);
            }
        }

        /** Empty when it is well. */
        private String execute() {
            try {
                Object found = held();
                return found instanceof HealthCheck check
                        ? describe(check.execute())
                        : name
                                + " is not of the platform's org.apache.felix.hc.api: import that package, do not embed it";
            } catch (RuntimeException | LinkageError e) {
                return name + " failed: " + FailureText.of(e, packages);
            }
        }

        /** One question is asked at a time, so this needs no lock, which a component that hangs would hold. */
        private @Nullable Object held() {
            Object known = service;
            if (known == null) {
                known = context.getService(reference);
                service = known;
            }
            return known;
        }

        private String describe(Result result) {
            if (result.getStatus() == Result.Status.OK || result.getStatus() == Result.Status.WARN) {
                return "";
            }
            StringBuilder messages = new StringBuilder();
            result.forEach(
                    entry -> messages.append(messages.isEmpty() ? "" : ", ").append(entry.getMessage()));
            return name + " is " + result.getStatus() + (messages.isEmpty() ? "" : ": " + messages);
        }
    }
}
