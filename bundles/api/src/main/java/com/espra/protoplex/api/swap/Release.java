package com.espra.protoplex.api.swap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One version of a unit with all of its files on this node's disk, verified: what a generation is made of.
 *
 * @param unit the app or role: 1 to 63 lower-case letters, digits and hyphens
 * @param version its version, such as {@code 1.0.1}
 * @param digest the sha256 of the build's manifest, in hexadecimal, and if values configure it a {@code +} and the sha256 of those: two
 *     releases with one digest are the same
 * @param bundles the bundles, in the order in which they are started
 * @param configurations PID (or {@code factoryPid~name}) to properties
 * @param ready how long the new generation may take from its start until it is ready
 * @param drain how long the old generation may take to end what it began
 * @param optionalComponents names of components that may wait for ever
 * @param dropRoutes whether it may serve without routes that the live generation has; it waits for them otherwise
 * @param proved whether it has served well on this node before: nobody has to try it first
 * @param kind what it is a release of
 * @param takeOver whether it holds what can be open once, so that the generation before must have closed it first
 * @param offers the interfaces that it offers to other units, by name: it is not ready before it does
 * @param placement in which processes of a node it runs
 */
public record Release(
        String unit,
        String version,
        String digest,
        List<BundleFile> bundles,
        Map<String, Map<String, Object>> configurations,
        Duration ready,
        Duration drain,
        Set<String> optionalComponents,
        boolean dropRoutes,
        boolean proved,
        Kind kind,
        boolean takeOver,
        Set<String> offers,
        Placement placement) {

    /** The kinds of unit. What a unit finds of the platform, and may show of itself, depends on it. */
    public enum Kind {
        /** What users of the fleet write and push: it finds little of the platform. */
        APP,
        /** What makes a node part of the platform: it finds more, and may extend it. */
        ROLE
    }

    /** In which processes of a node a unit runs. On a node of one process there is no difference. */
    public enum Placement {
        /** In each process that serves. */
        EACH,
        /** In the one process of the node that has such units. */
        ONE
    }

    /** Copies the collections. */
    public Release {
        bundles = List.copyOf(bundles);
        configurations = Map.copyOf(configurations);
        optionalComponents = Set.copyOf(optionalComponents);
        offers = Set.copyOf(offers);
    }

    /** One that is in one process if it takes over, and otherwise in each that serves. */
    public Release(
            String unit,
            String version,
            String digest,
            List<BundleFile> bundles,
            Map<String, Map<String, Object>> configurations,
            Duration ready,
            Duration drain,
            Set<String> optionalComponents,
            boolean dropRoutes,
            boolean proved,
            Kind kind,
            boolean takeOver,
            Set<String> offers) {
        this(
                unit,
                version,
                digest,
                bundles,
                configurations,
                ready,
                drain,
                optionalComponents,
                dropRoutes,
                proved,
                kind,
                takeOver,
                offers,
                takeOver ? Placement.ONE : Placement.EACH);
    }

    /** One that says nothing of what it offers. */
    public Release(
            String unit,
            String version,
            String digest,
            List<BundleFile> bundles,
            Map<String, Map<String, Object>> configurations,
            Duration ready,
            Duration drain,
            Set<String> optionalComponents,
            boolean dropRoutes,
            boolean proved,
            Kind kind,
            boolean takeOver) {
        this(
                unit,
                version,
                digest,
                bundles,
                configurations,
                ready,
                drain,
                optionalComponents,
                dropRoutes,
                proved,
                kind,
                takeOver,
                Set.of());
    }

    /** An app's release that is new to this node, and keeps the routes. */
    public Release(
            String unit,
            String version,
            String digest,
            List<BundleFile> bundles,
            Map<String, Map<String, Object>> configurations,
            Duration ready,
            Duration drain) {
        this(unit, version, digest, bundles, configurations, ready, drain, Set.of(), false, false, Kind.APP, false);
    }

    /** Says what it is, and nothing of its configurations: there may be secrets in them. */
    @Override
    public String toString() {
        return unit + " " + version + " (" + digest + ")";
    }

    /**
     * A bundle of the release.
     *
     * @param name its file name, for people
     * @param file where it is; the file does not change
     */
    public record BundleFile(String name, Path file) {}
}
