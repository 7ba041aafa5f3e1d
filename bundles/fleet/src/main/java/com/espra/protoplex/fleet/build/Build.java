package com.espra.protoplex.fleet.build;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The manifest of a build: what a release is made of. Its JSON form is what the author signs, byte for byte.
 *
 * @param format 1
 * @param unit the app or role: 1 to 63 lower-case letters, digits and hyphens
 * @param version its version, an OSGi version such as {@code 1.0.1}
 * @param created when the author made it
 * @param author the author's key id: the first 16 hexadecimal digits of the sha256 of the raw 32-byte public key
 * @param bundles the bundles, in the order in which they are started
 * @param configurations PID (or {@code factoryPid~name}) to properties, as {@link TypedProperties} reads them
 * @param readySeconds how long a new generation may take until it is ready; 1 to 3,600
 * @param drainSeconds how long an old generation may take to end what it began; 0 to 86,400
 * @param dropRoutes whether it may take the place of one that has more routes
 * @param optionalComponents names of components that may wait for ever
 * @param kind what it is a build of
 * @param takeOver whether it holds what can be open once: the generation before closes it, then the next one opens it
 * @param needs the roles that a node must have besides, for this role to run there
 * @param offers the interfaces that it offers to other units of its node, by name: it is not ready before it does
 * @param placement in which processes of a node it runs; {@code ONE} with {@code takeOver}
 */
public record Build(
        int format,
        String unit,
        String version,
        Instant created,
        String author,
        List<File> bundles,
        Map<String, Map<String, Object>> configurations,
        int readySeconds,
        int drainSeconds,
        boolean dropRoutes,
        Set<String> optionalComponents,
        Kind kind,
        boolean takeOver,
        Set<String> needs,
        Set<String> offers,
        Placement placement) {

    /** Keeps copies. */
    public Build {
        bundles = List.copyOf(bundles);
        configurations = Map.copyOf(configurations);
        optionalComponents = Set.copyOf(optionalComponents);
        needs = Set.copyOf(needs);
        offers = Set.copyOf(offers);
    }

    /** The kinds of unit. */
    public enum Kind {
        /** It runs wherever apps do. */
        APP,
        /** It runs where it was placed. */
        ROLE;

        /** As manifests and people say it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** In which processes of a node a unit runs. On a node of one process there is no difference. */
    public enum Placement {
        /** In each process that serves. */
        EACH,
        /** In the one process of the node that has such units. */
        ONE;

        /** Where it runs when its author does not say so: what can be open once is in one process. */
        public static Placement standard(boolean takeOver) {
            return takeOver ? ONE : EACH;
        }

        /** As manifests and people say it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One that runs where it does when its author does not say so. */
    public Build(
            int format,
            String unit,
            String version,
            Instant created,
            String author,
            List<File> bundles,
            Map<String, Map<String, Object>> configurations,
            int readySeconds,
            int drainSeconds,
            boolean dropRoutes,
            Set<String> optionalComponents,
            Kind kind,
            boolean takeOver,
            Set<String> needs,
            Set<String> offers) {
        this(
                format,
                unit,
                version,
                created,
                author,
                bundles,
                configurations,
                readySeconds,
                drainSeconds,
                dropRoutes,
                optionalComponents,
                kind,
                takeOver,
                needs,
                offers,
                Placement.standard(takeOver));
    }

    /** An app's build that keeps the routes, and all of whose components count. */
    public Build(
            int format,
            String unit,
            String version,
            Instant created,
            String author,
            List<File> bundles,
            Map<String, Map<String, Object>> configurations,
            int readySeconds,
            int drainSeconds) {
        this(
                format,
                unit,
                version,
                created,
                author,
                bundles,
                configurations,
                readySeconds,
                drainSeconds,
                false,
                Set.of(),
                Kind.APP,
                false,
                Set.of(),
                Set.of());
    }

    /**
     * A file of the build.
     *
     * @param name its file name, for people
     * @param sha256 the sha256 of its content, 64 lower-case hexadecimal digits
     * @param size its size in bytes
     */
    public record File(String name, String sha256, long size) {}
}
