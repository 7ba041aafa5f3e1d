package com.espra.protoplex.host.process.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The cgroup v2 that a process is in, see cgroups(7).
 *
 * @param folder where it can be reached
 * @param top the topmost that this process can see: that of the machine, or, in a container, that of the container
 */
record CgroupMembership(Path folder, Path top) {

    private static final String UNIFIED = "0::";
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;

    /**
     * Finds it.
     *
     * @param cgroup the lines of /proc/self/cgroup
     * @param mounts the lines of /proc/self/mountinfo
     * @return empty where there is no cgroup v2, or where it is mounted nowhere that this process can see
     */
    static Optional<CgroupMembership> of(List<String> cgroup, List<String> mounts) {
        return cgroup.stream()
                .filter(line -> line.startsWith(UNIFIED))
                .map(line -> line.substring(UNIFIED.length()))
                .filter(path -> path.startsWith("/"))
                .flatMap(path -> mounts.stream().flatMap(mount -> below(mount.split(" "), Path.of(path)).stream()))
                .findFirst();
    }

    /** A line is: number, parent, device, root, mount point, options, tags that are optional, "-", type, ... */
    private static Optional<CgroupMembership> below(String[] mount, Path path) {
        int dash = List.of(mount).indexOf("-");
        if (dash <= MOUNT_POINT || dash + 1 == mount.length || !mount[dash + 1].equals("cgroup2")) {
            return Optional.empty();
        }
        Path root = Path.of(unescaped(mount[ROOT]));
        // "/.." is outside of what a container may see.
        if (!path.startsWith(root) || path.startsWith("/..")) {
            return Optional.empty();
        }
        Path top = Path.of(unescaped(mount[MOUNT_POINT]));
        return Optional.of(
                new CgroupMembership(top.resolve(root.relativize(path)).normalize(), top));
    }

    /** Blanks and the like are written as octal numbers. */
    private static String unescaped(String text) {
        return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
