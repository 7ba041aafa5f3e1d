package com.espra.protoplex.api.swap;

import com.espra.protoplex.api.http.Backend;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Connects a new generation to what it serves: a service, registered by a role. The App role's runs a servlet whiteboard for each
 * generation; another might bind the generation's mail handlers. All adapters are asked for each generation.
 */
@ConsumerType
public interface GenerationAdapter {

    /**
     * Called before any bundle of the generation starts. Its context is there; its {@code bundles()} may be empty, because a unit that
     * serves has its next generation bound before the release is known. Such a binding is put at rest at once
     * ({@link Binding#rested}), {@link Binding#resumed resumed} when its bundles are about to be installed, and closed if no release
     * comes. Called on a thread of its own, which is interrupted if the swap fails meanwhile.
     *
     * @param generation the new generation
     * @param backend its traffic, not yet live. The adapters of a generation share it: see {@link Binding#endpoints}
     * @return the tie between the two
     * @throws Exception if it cannot; the swap fails then
     */
    Binding bind(Generation generation, Backend backend) throws Exception;

    /**
     * The tie between one generation and what it serves. The engine calls {@link #problems} after the bundles have started and until
     * it returns an empty list, and {@link #close} before the bundles are stopped.
     */
    @ConsumerType
    interface Binding extends AutoCloseable {

        /** What keeps the generation from being ready, now. Empty means ready. Does not block. */
        List<Problem> problems();

        /**
         * What the generation offers on the public listeners, now. The engine puts the endpoints of all bindings together.
         * When they change later, the binding says so by calling the listener.
         */
        List<com.espra.protoplex.api.http.Endpoint> endpoints();

        /** The engine's listener for changes of {@link #endpoints} or {@link #problems}; called once, before the bundles start. */
        void onChange(Runnable listener);

        /**
         * The generation no longer gets new requests and has ended all that it began, or it was prepared and waits for its release. It may
         * be made live (again) by a swap or a roll-back: then {@link #resumed} is called before the flip.
         */
        default void rested() {}

        /** The generation, at rest until now, is about to be live again. */
        default void resumed() {}

        @Override
        void close();
    }

    /**
     * Something that keeps a generation from being ready.
     *
     * @param fatal whether waiting is of no use
     * @param what what is wrong and where, for people
     * @param remedy what to do about it; may be empty
     */
    record Problem(boolean fatal, String what, String remedy) {}
}
