package com.espra.protoplex.api.swap;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * One release installed on this node. A generation sees its own bundles and services and the platform's, and nothing of any other.
 *
 * <p>Threads: safe from any.
 */
@ProviderType
public interface Generation {

    /**
     * The id of the condition ({@code org.osgi.service.condition.Condition}, OSGi Core 8.0, chapter 5.11) that a generation's bundles find
     * while it is the live one of its unit, and at no other time.
     */
    String LIVE_ID = "protoplex.live";

    /**
     * The target of a reference to that condition, {@code @Reference(target = Generation.LIVE) Condition live}: a component with it is active
     * while its generation is live. It is for what may run once only: the consumer of a queue, a timer. Readiness does not wait for it.
     */
    String LIVE = "(osgi.condition.id=" + LIVE_ID + ")";

    /** The id of the condition that a live generation's bundles find while new requests come to it. */
    String ADMITTING_ID = "protoplex.admitting";

    /**
     * The target of a reference to that condition. It goes before {@link #LIVE} does, at the moment when a take-over begins and new requests
     * wait, and comes back if the take-over is given up. Who keeps requests waiting, as a long poll does, refers to it dynamically
     * ({@code OPTIONAL, DYNAMIC}), and ends them when it goes: the take-over waits for them, and gives up when they stay.
     */
    String ADMITTING = "(osgi.condition.id=" + ADMITTING_ID + ")";

    /** The app or role. */
    String unit();

    /** What it is a generation of. */
    Release.Kind kind();

    /** Its version; empty until it is installed, for it may have been prepared before its release was known. */
    String version();

    /** Unique on this node for as long as its framework lives, such as {@code hello-7}. */
    String id();

    /** The bundles of the release, in the order in which they are started; all of them from the start of the first one on. */
    List<Bundle> bundles();

    /**
     * The context of a bundle without code that belongs to the generation. It sees what the generation sees, so a service tracker
     * or a whole whiteboard that runs on it serves this generation and no other. It is valid until the generation is removed.
     */
    BundleContext context();

    /** Whether the service was registered by a bundle of this generation. */
    boolean owns(ServiceReference<?> reference);

    /** Names of its components that may wait for ever, see {@link Release}; empty until it is installed. */
    Set<String> optionalComponents();
}
