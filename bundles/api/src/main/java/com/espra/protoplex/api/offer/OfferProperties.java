package com.espra.protoplex.api.offer;

/**
 * Service properties by which a unit offers a service to the other units of its process. They find a proxy of it that stays the same while
 * the unit is swapped: the same service object, the same registration.
 */
public final class OfferProperties {

    /**
     * Set to {@code true} by the unit: the service is offered, under each interface that it is registered by. The interfaces are the
     * platform's or the JDK's: docs/writing-roles.md says which. Of several services of one interface the one of the highest ranking is
     * offered.
     */
    public static final String OFFER = "protoplex.offer";

    /** Set by the platform: the unit that offers it, to choose among several by {@code target = "(protoplex.unit=counter)"}. */
    public static final String UNIT = "protoplex.unit";

    private OfferProperties() {}
}
