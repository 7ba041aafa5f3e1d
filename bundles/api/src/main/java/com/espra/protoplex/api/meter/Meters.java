package com.espra.protoplex.api.meter;

import java.util.function.DoubleSupplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The meters of a unit: a service that each of its generations finds. They are on the node's {@code /metrics}, in the text format of
 * Prometheus, by the name of the unit, an underscore and their own: {@code orders} of the unit {@code web-shop} is
 * {@code web_shop_orders_total}. They belong to the unit and not to one of its versions: what a counter has counted stays through a swap and
 * a roll-back, until the unit is removed from the node or its process ends.
 *
 * <p>Names of meters and labels have lower-case letters, digits and underscores, begin with a letter, and are at most 100 characters long; a
 * unit has at most 200 meters. Asked for again, a meter is the same. If the next version wants other labels, or another kind of meter, it
 * begins anew by that name. A meter has at most 1,000 combinations of label values: what comes later counts for the value {@code other}, for
 * a value that strangers choose would fill the memory.
 *
 * <p>Threads: safe from any; nothing blocks.
 */
@ProviderType
public interface Meters {

    /**
     * What only grows, such as orders or bytes.
     *
     * @param name without {@code _total}, which is added
     * @param help a sentence for people
     * @param labels names of what tells its parts apart
     * @throws IllegalArgumentException if a name is not allowed or taken, or there are too many meters
     */
    Counter counter(String name, String help, String... labels);

    /**
     * How often something took how long; shown in seconds.
     *
     * @param name by custom it ends in {@code _seconds}
     * @throws IllegalArgumentException as for {@link #counter}
     */
    Timer timer(String name, String help, String... labels);

    /**
     * What goes up and down, such as the length of a queue: asked for at each look, of the live generation alone.
     *
     * @param value answers at once, from any thread; when it throws, there is no value at that look
     * @throws IllegalArgumentException as for {@link #counter}
     */
    void gauge(String name, String help, DoubleSupplier value);
}
