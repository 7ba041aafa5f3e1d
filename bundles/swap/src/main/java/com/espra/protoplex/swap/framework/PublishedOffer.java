package com.espra.protoplex.swap.framework;

import com.espra.protoplex.api.offer.OfferProperties;
import com.espra.protoplex.swap.offer.Publisher.Publication;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy of an offer, as a service of the platform. */
final class PublishedOffer implements Publication {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedOffer.class);

    private final String unit;
    private final ServiceRegistration<?> registration;

    PublishedOffer(BundleContext platform, String unit, Class<?> type, Object proxy, Map<String, Object> properties) {
        this.unit = unit;
        this.registration = platform.registerService(type.getName(), proxy, marked(properties));
    }

    private Dictionary<String, Object> marked(Map<String, Object> properties) {
        Map<String, Object> marked = new HashMap<>(properties);
        marked.put(OfferProperties.OFFER, true);
        marked.put(OfferProperties.UNIT, unit);
        return FrameworkUtil.asDictionary(marked);
    }

    @Override
    public void update(Map<String, Object> properties) {
        registration.setProperties(marked(properties));
    }

    @Override
    public void withdraw() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("the offer of {} is gone with the framework", unit, e);
        }
    }
}
