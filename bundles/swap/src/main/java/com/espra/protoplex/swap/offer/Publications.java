package com.espra.protoplex.swap.offer;

import com.espra.protoplex.swap.offer.GenerationOffers.Offer;
import com.espra.protoplex.swap.offer.Publisher.Publication;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies of a unit that others find: one for each interface, which stays while generations change. Whoever hears of one may do anything, so no
 * lock is held meanwhile; if two come at a time, the first does what the second wants as well.
 */
final class Publications {

    private static final Logger LOG = LoggerFactory.getLogger(Publications.class);

    private final UnitOffers unit;
    private final Publisher publisher;
    private final Map<Class<?>, Published> published = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();

    Publications(UnitOffers unit, Publisher publisher) {
        this.unit = unit;
        this.publisher = publisher;
    }

    private record Published(Publication publication, Map<String, Object> properties) {}

    boolean isEmpty() {
        return published.isEmpty();
    }

    /** Brings what is found in line with what is offered. */
    void renew() {
        if (asked.getAndIncrement() > 0) {
            return;
        }
        int seen;
        do {
            seen = asked.get();
            try {
                renewNow();
            } catch (RuntimeException e) {
                LOG.warn("what {} offers cannot be told: {}", unit.name(), e.toString());
            }
        } while (asked.addAndGet(-seen) > 0);
    }

    private void renewNow() {
        // In this order: a unit that begins to move after it was asked keeps what it had.
        boolean moves = unit.moves();
        Map<Class<?>, Offer> offers = unit.offers();
        offers.forEach((type, offer) -> publish(type, offer.properties()));
        if (!moves) {
            published.keySet().stream()
                    .filter(type -> !offers.containsKey(type))
                    .forEach(this::withdraw);
        }
    }

    private void publish(Class<?> type, Map<String, Object> properties) {
        Published known = published.get(type);
        if (known == null) {
            Publication made = publisher.publish(unit.name(), type, OfferProxy.of(unit, type), properties);
            published.put(type, new Published(made, properties));
        } else if (!known.properties().equals(properties)) {
            known.publication().update(properties);
            published.put(type, new Published(known.publication(), properties));
        }
    }

    private void withdraw(Class<?> type) {
        Published known = published.remove(type);
        if (known != null) {
            known.publication().withdraw();
        }
    }
}
