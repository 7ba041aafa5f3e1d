package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.swap.isolation.Border;
import com.espra.protoplex.swap.isolation.GenerationKey;
import com.espra.protoplex.swap.offer.GenerationOffers;
import com.espra.protoplex.swap.offer.GenerationOffers.Offer;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of a generation that it offers to other units, in any of its phases; what may not be offered is said once. */
final class OfferedServices implements ServiceTrackerCustomizer<Object, Object>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OfferedServices.class);

    private static final String FILTER = "(" + OfferProperties.OFFER + "=true)";

    private final BundleContext generation;
    private final GenerationKey key;
    private final GenerationOffers offers;
    private final Runnable changed;
    private final ServiceTracker<Object, Object> tracker;
    /** The one of the highest ranking last. */
    private final NavigableMap<ServiceReference<Object>, Object> services = new TreeMap<>();

    private final Set<String> refused = new ConcurrentSkipListSet<>();

    /**
     * It is not open yet.
     *
     * @param generation finds the services
     * @param key whose they are
     * @param offers is told of them
     * @param changed is told that something changed
     */
    OfferedServices(BundleContext generation, GenerationKey key, GenerationOffers offers, Runnable changed) {
        this.generation = generation;
        this.key = key;
        this.offers = offers;
        this.changed = changed;
        try {
            tracker = new ServiceTracker<>(generation, FrameworkUtil.createFilter(FILTER), this);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    void open() {
        tracker.open();
    }

    /**
     * What keeps the generation from being ready.
     *
     * @param declared the interfaces that its release says it offers
     */
    List<Problem> problems(Set<String> declared) {
        List<Problem> problems = new ArrayList<>();
        refused.forEach(what -> problems.add(new Problem(
                true, what, "Offer an interface of the platform or of the JDK, as docs/writing-roles.md lists them")));
        Set<String> missing = new TreeSet<>(declared);
        offers.all().keySet().forEach(type -> missing.remove(type.getName()));
        if (!missing.isEmpty()) {
            problems.add(new Problem(
                    false,
                    "it does not offer " + String.join(", ", missing) + ", as its feature says",
                    "Register a service of it with the property " + OfferProperties.OFFER
                            + "=true, or take it out of the feature's 'offers'"));
        }
        return problems;
    }

    @Override
    public @Nullable Object addingService(ServiceReference<Object> reference) {
        Bundle owner = reference.getBundle();
        if (owner == null || !key.owns(owner) || types(reference).isEmpty()) {
            return null;
        }
        Object service = generation.getService(reference);
        if (service != null) {
            // It could not be activated otherwise, which readiness tells of.
            synchronized (services) {
                services.put(reference, service);
            }
            tell();
        }
        return service;
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, Object service) {
        tell();
    }

    @Override
    public void removedService(ServiceReference<Object> reference, Object service) {
        synchronized (services) {
            services.remove(reference);
        }
        tell();
        try {
            generation.ungetService(reference);
        } catch (IllegalStateException e) {
            LOG.debug("{} is gone with its generation", reference);
        }
    }

    private void tell() {
        Map<Class<?>, Offer> all = new HashMap<>();
        synchronized (services) {
            services.forEach((reference, service) -> types(reference)
                    .forEach(type -> all.put(type, new Offer(service, ServiceProperties.of(reference)))));
        }
        offers.set(all);
        changed.run();
    }

    /** The interfaces that it may be offered by; the others are noted. */
    private List<Class<?>> types(ServiceReference<?> reference) {
        List<Class<?>> types = new ArrayList<>();
        Bundle owner = reference.getBundle();
        if (owner == null) {
            return types;
        }
        for (String name : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
            try {
                Class<?> type = owner.loadClass(name);
                why(type).ifPresentOrElse(reason -> refuse(owner, name, reason), () -> types.add(type));
            } catch (ClassNotFoundException e) {
                refuse(owner, name, "which it cannot load: " + e.getMessage());
            }
        }
        return types;
    }

    /** Why others cannot be offered it. */
    private Optional<String> why(Class<?> type) {
        Bundle origin = FrameworkUtil.getBundle(type);
        if (origin != null && GenerationKey.of(origin).isPresent()) {
            return Optional.of("a class of its own: other units have another class of that name, or none");
        }
        if (!type.isInterface() || !Modifier.isPublic(type.getModifiers())) {
            return Optional.of("which is no public interface");
        }
        return Border.mayOffer(key.kind(), type.getName())
                ? Optional.empty()
                : Optional.of("which " + (key.kind() == Release.Kind.ROLE ? "no role" : "no app") + " may offer");
    }

    private void refuse(Bundle owner, String type, String reason) {
        String what = owner.getSymbolicName() + " offers " + type + ", " + reason;
        if (refused.add(what)) {
            LOG.warn("{}. It is not found by others", what);
        }
    }

    @Override
    public void close() {
        tracker.close();
        synchronized (services) {
            services.clear();
        }
        offers.set(Map.of());
    }
}
