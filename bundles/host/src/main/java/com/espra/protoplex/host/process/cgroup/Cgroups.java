package com.espra.protoplex.host.process.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the children of a parent get cgroups of their own: below one cgroup v2 that the node has been given. Nothing here keeps a node from
 * starting: what cannot be had is logged once, with what to do, and done without. Safe for any thread.
 */
public final class Cgroups {

    /** The setting by which the node's own cgroup is used, if that has been delegated to it. */
    public static final String AUTO = "auto";

    /** The setting by which none is used. */
    public static final String OFF = "off";

    /** The cgroup of the parent itself: one that has children with controllers may hold no process (cgroups(7), "no internal processes"). */
    static final String PARENT = "parent";

    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final List<String> CONTROLLERS = List.of("memory", "pids");

    private final @Nullable Path base;
    private final Set<String> controllers;

    private Cgroups(@Nullable Path base, Set<String> controllers) {
        this.base = base;
        this.controllers = Set.copyOf(controllers);
    }

    /** No child gets one. */
    public static Cgroups none() {
        return new Cgroups(null, Set.of());
    }

    /**
     * Prepares what children need; this process may move into another cgroup by it.
     *
     * @param setting {@link #AUTO}, {@link #OFF}, or the absolute path of a cgroup's folder
     */
    public static Cgroups open(String setting) {
        return open(setting, Path.of("/proc/self"), ProcessHandle.current().pid());
    }

    static Cgroups open(String setting, Path self, long pid) {
        if (setting.equals(OFF)) {
            return none();
        }
        try {
            Optional<CgroupMembership> own = CgroupMembership.of(
                    Files.readAllLines(self.resolve("cgroup")), Files.readAllLines(self.resolve("mountinfo")));
            if (setting.equals(AUTO)) {
                Path base = delegated(own.orElseThrow(() -> new IOException("there is no cgroup v2")), pid);
                return prepare(base, own, pid);
            }
            return prepare(Path.of(setting), own, pid);
        } catch (IOException e) {
            if (setting.equals(AUTO)) {
                LOG.info("The children get no cgroups of their own: {}", text(e));
            } else {
                LOG.warn(
                        "The children get no cgroups of their own, because that of child.cgroup cannot be used: {}. Name the folder of a cgroup"
                                + " v2 that this user may write, or set it to off",
                        text(e));
            }
            return none();
        }
    }

    /**
     * The cgroup that has been given to this node alone.
     *
     * @throws IOException if there is none; the message says why
     */
    static Path delegated(CgroupMembership own, long pid) throws IOException {
        Path base = own.folder();
        // The parent that started this one has moved there, or systemd has (DelegateSubgroup=): this one goes no
        // deeper.
        if (base.endsWith(PARENT) && !base.equals(own.top())) {
            base = base.resolveSibling("");
        }
        if (!Files.exists(base.resolve("cgroup.type"))) {
            throw new IOException("this process is in the root of all cgroups, which is the machine's");
        }
        // A container's topmost cgroup is its own. Elsewhere a cgroup is only ours if systemd says so: it marks those
        // with Delegate=yes.
        if (!base.equals(own.top()) && !isMarked(base)) {
            throw new IOException(base + " is not delegated to this node (with systemd: Delegate=yes in its unit)");
        }
        if (!Files.isWritable(base) || !Files.isWritable(base.resolve("cgroup.subtree_control"))) {
            throw new IOException(base + " cannot be written");
        }
        List<String> others = new ArrayList<>(Files.readAllLines(base.resolve("cgroup.procs")));
        others.remove(Long.toString(pid));
        if (!others.isEmpty()) {
            throw new IOException("other processes are in " + base + ", too: " + others);
        }
        return base;
    }

    private static boolean isMarked(Path base) {
        UserDefinedFileAttributeView marks = Files.getFileAttributeView(base, UserDefinedFileAttributeView.class);
        ByteBuffer value = ByteBuffer.allocate(8);
        try {
            marks.read("delegate", value);
        } catch (IOException e) {
            return false;
        }
        return StandardCharsets.US_ASCII.decode(value.flip()).toString().equals("1");
    }

    private static Cgroups prepare(Path base, Optional<CgroupMembership> own, long pid) throws IOException {
        Path procs = base.resolve("cgroup.procs");
        if (!Files.isWritable(procs)) {
            throw new IOException(base + (Files.exists(procs) ? " cannot be written" : " is no cgroup"));
        }
        // Whoever is elsewhere, in a unit of systemd's perhaps, stays there.
        if (own.isPresent() && own.get().folder().equals(base)) {
            Path leaf = base.resolve(PARENT);
            Files.createDirectories(leaf);
            Files.writeString(leaf.resolve("cgroup.procs"), Long.toString(pid));
        }
        Set<String> enabled = enable(base);
        LOG.info("Each child gets a cgroup of its own in {}, with the controllers {}", base, enabled);
        return new Cgroups(base, enabled);
    }

    private static Set<String> enable(Path base) throws IOException {
        Set<String> there = words(base.resolve("cgroup.controllers"));
        Path control = base.resolve("cgroup.subtree_control");
        Set<String> enabled = words(control);
        enabled.retainAll(CONTROLLERS);
        List<String> missing = new ArrayList<>();
        for (String controller : CONTROLLERS) {
            if (!there.contains(controller)) {
                missing.add(controller + " (not there)");
            } else if (!enabled.contains(controller)) {
                try {
                    Files.writeString(control, "+" + controller);
                    enabled.add(controller);
                } catch (IOException e) {
                    missing.add(controller + " (" + text(e) + ")");
                }
            }
        }
        if (!missing.isEmpty()) {
            LOG.warn(
                    "The kernel does not bound the children of {} by {}: delegate these controllers (with systemd: Delegate=memory pids) and keep"
                            + " other processes out of that cgroup. The node goes on without",
                    base,
                    String.join(" and ", missing));
        }
        return enabled;
    }

    private static Set<String> words(Path file) throws IOException {
        Set<String> words = new HashSet<>(List.of(Files.readString(file).strip().split("\\s+")));
        words.remove("");
        return words;
    }

    private static String text(IOException e) {
        return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
    }

    /**
     * The folder of a child's cgroup, which is not there yet.
     *
     * @param name of the child, among all children of this process
     * @return empty where children get none
     */
    public Optional<ChildCgroup> child(String name) {
        // A parent and its successor have children of the same names at a time.
        return base == null
                ? Optional.empty()
                : Optional.of(
                        new ChildCgroup(base.resolve(ProcessHandle.current().pid() + "-" + name), controllers));
    }
}
