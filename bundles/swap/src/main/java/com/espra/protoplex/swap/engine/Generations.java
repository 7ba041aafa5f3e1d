package com.espra.protoplex.swap.engine;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.swap.offer.GenerationOffers;
import com.espra.protoplex.swap.offer.Publisher;
import java.util.List;

/** What the engine needs of a framework. Any call may hang or throw anything: the engine watches each of them. */
public interface Generations extends Publisher {

    /** Looks up every requirement of the release without touching the framework. */
    void preflight(Release release) throws Refused;

    /**
     * Looks for all that a release needs, as {@link #preflight} does, and keeps nothing of it.
     *
     * @throws Refused with all that is missing
     */
    void check(Release release) throws Refused;

    /** A generation that is not installed yet: it is known of which unit, but not of which release. */
    Candidate create(Release.Kind kind, String unit, long number, Backend backend);

    /** One generation, from its installation to its removal. */
    interface Candidate {

        /** Makes, ahead of time, what the generation needs and no release is needed for. It is at rest until it is installed. */
        void prepare() throws Refused;

        /**
         * Installs and resolves the bundles, writes the configurations, and ties the generation to its traffic. The release was the last of
         * its unit to pass {@link #preflight}.
         */
        void install(Release release) throws Refused;

        /** What is odd about what is installed, and no reason to refuse it; empty when nothing is. */
        String remarks();

        /** Starts the bundles, in their order. */
        void start() throws Refused;

        /** What keeps it from being ready, now. */
        List<Problem> problems();

        /** What it offers to other units. */
        GenerationOffers offers();

        /** Who to tell when {@link #problems} or {@link #endpoints} change. */
        void onChange(Runnable listener);

        /** What it serves, now. */
        List<Endpoint> endpoints();

        /**
         * It may do from now on what only one generation of its unit may do at a time. What that needs is among its {@link #problems}
         * from now on; before, it is not, if the release takes over.
         */
        void live();

        /** While it is live: new requests come to it, or wait. Returns when it has heard of it. */
        void admit(boolean requests);

        /** It does no longer what only the live one may do; returns when it has closed what it had open for that. */
        void notLive();

        /** It is at rest from now on. */
        void rested();

        /** It is about to be live again. */
        void resumed();

        /**
         * Takes it away, however far it had come: unbinds, stops all, uninstalls all. Fails never; it may be called more than
         * once.
         *
         * @return the proof that nothing is left. It does not hold the generation
         */
        Unloading remove();

        /** Symbolic names and versions of its bundles. */
        List<String> labels();
    }

    /** The class loaders of a generation that was removed. */
    interface Unloading {

        /** Whether the virtual machine has collected all of them. */
        boolean collected();

        /**
         * Whether the collector had its chance: they should be gone.
         *
         * @return false as long as it would be normal that they are still there
         */
        boolean overdue();

        /** What holds them, for people. */
        String holders();
    }
}
