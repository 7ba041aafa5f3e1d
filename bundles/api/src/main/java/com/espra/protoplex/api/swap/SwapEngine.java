package com.espra.protoplex.api.swap;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves the units of this node from one generation to the next: a service.
 *
 * <p>Calls for one unit are carried out one after the other, in the order in which they came; different units do not wait for each
 * other. Every step is told to the {@link SwapListener}s.
 *
 * <p>Threads: safe from any; no call blocks.
 */
@ProviderType
public interface SwapEngine {

    /**
     * Makes this release the one that serves. If a generation of the same digest is at rest, it is flipped to: nothing is installed.
     * If it is the one that serves already, nothing happens.
     *
     * @return completes when new requests go to the release, and never fails because of a bad release: see {@link Outcome}
     */
    CompletableFuture<Outcome> swap(Release release);

    /**
     * Looks whether all that a release needs is there, as the first step of a swap does, and installs nothing.
     *
     * @return completes with what is missing, for people: empty when nothing is. Fails with {@link UnsupportedOperationException} if this
     *     process cannot tell
     */
    default CompletableFuture<String> check(Release release) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("this process installs nothing itself"));
    }

    /** Drains and uninstalls all generations of the unit; completes when they are gone. */
    CompletableFuture<Outcome> remove(String unit);

    /** The units that this node has, by name. */
    List<UnitStatus> units();

    /** The last swaps of the node, the newest first; at most 256. */
    List<SwapRecord> history();

    /** Tells the listeners of a step that the agent carries out before it calls {@link #swap}: FETCH or VERIFY. */
    void tell(SwapEvent event);

    /**
     * How a swap ended.
     *
     * @param done whether the release serves now (or the unit is removed)
     * @param failedAt the step that failed, or the last one
     * @param reason the cause and its remedy, for people; empty when done
     * @param flip from install to serving; zero when nothing had to be done
     */
    record Outcome(boolean done, Step failedAt, String reason, Duration flip) {}

    /**
     * A unit of this node.
     *
     * @param unit its name
     * @param live the generation that serves; empty when none does
     * @param generations all of its generations, the newest first
     */
    record UnitStatus(String unit, String live, List<GenerationStatus> generations) {}

    /**
     * A generation of a unit.
     *
     * @param id its id
     * @param version its version
     * @param digest the digest of its release
     * @param phase where it is in its life
     * @param since when it came to this phase
     * @param inFlight requests and upgraded connections in flight
     * @param served requests since its start
     * @param routes its routes, for people
     * @param bundles symbolic name and version of its bundles, such as {@code com.example.hello 1.0.0}
     */
    record GenerationStatus(
            String id,
            String version,
            String digest,
            Phase phase,
            Instant since,
            long inFlight,
            long served,
            List<String> routes,
            List<String> bundles) {}

    /** Where a generation is in its life. */
    enum Phase {
        /** Being installed and started, beside the live one. */
        STARTING,
        /** Gets new requests. */
        LIVE,
        /** Ends what it began. */
        DRAINING,
        /** Kept for a roll-back. */
        RESTING,
        /** Uninstalled; its class loaders are not yet collected. */
        REMOVED
    }

    /**
     * A swap that ended.
     *
     * @param time when it began
     * @param unit the unit
     * @param from the version that served before; empty when none did
     * @param to the version that was to serve; empty for a removal
     * @param outcome how it ended
     * @param events all of its events, in order; at most 64
     */
    record SwapRecord(Instant time, String unit, String from, String to, Outcome outcome, List<SwapEvent> events) {}
}
