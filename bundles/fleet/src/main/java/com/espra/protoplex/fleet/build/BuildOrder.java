package com.espra.protoplex.fleet.build;

import java.util.Comparator;

/**
 * The order of the versions of builds, the oldest first: OSGi's (Core 8, section 3.2.5), but for what {@code dev} makes. By its qualifier
 * ({@code 1.0.1.dev-...}) it would come after 1.0.1, and it is made on the way there.
 */
public final class BuildOrder implements Comparator<String> {

    /** The order. */
    public static final BuildOrder ORDER = new BuildOrder();

    /** How the qualifier of a version begins that is not a release. */
    public static final String DEV = "dev-";

    private static final Comparator<Parts> PARTS = Comparator.comparingInt(Parts::major)
            .thenComparingInt(Parts::minor)
            .thenComparingInt(Parts::micro)
            .thenComparing(parts -> !parts.isDev())
            .thenComparing(Parts::qualifier);

    private record Parts(int major, int minor, int micro, String qualifier) {

        static Parts of(String version) {
            String[] parts = (version.isEmpty() ? "0.0.0" : version).split("\\.", 4);
            return new Parts(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    parts.length > 3 ? parts[3] : "");
        }

        boolean isDev() {
            return qualifier.startsWith(DEV);
        }

        Parts numbers() {
            return new Parts(major, minor, micro, "");
        }
    }

    private BuildOrder() {}

    @Override
    public int compare(String one, String other) {
        return PARTS.compare(Parts.of(one), Parts.of(other));
    }

    /** Whether this is no release, but work on the way to one. */
    public static boolean isDev(String version) {
        return Parts.of(version).isDev();
    }

    /** Whether who pushes this over what serves would go back without meaning it. Work on a version may go on while its release serves. */
    public static boolean isStepBack(String to, String serving) {
        Parts next = Parts.of(to);
        boolean work = next.isDev() && next.numbers().equals(Parts.of(serving).numbers());
        return !work && ORDER.compare(to, serving) < 0;
    }
}
