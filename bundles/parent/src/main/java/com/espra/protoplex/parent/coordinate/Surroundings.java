package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.SwapEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What the core needs of the world.
 *
 * @param executor runs tasks one after the other, each later than the call: all that changes the core runs there
 * @param alarm calls back
 * @param clock tells the time
 * @param listeners is told of every step of the node, on the executor
 * @param one is told, on the executor, whether the process of units that are placed in one is needed, and of each change
 */
public record Surroundings(
        Executor executor, Alarm alarm, InstantSource clock, Consumer<SwapEvent> listeners, Consumer<Boolean> one) {

    /** Calls back, once, from any thread. */
    @FunctionalInterface
    public interface Alarm {

        /**
         * Makes a call later.
         *
         * @return takes the call back; does nothing when it was made already
         */
        Runnable after(Duration delay, Runnable call);
    }
}
