package com.espra.protoplex.datastore.server.command;

import com.espra.protoplex.datastore.model.Inspection;
import com.espra.protoplex.datastore.server.OpenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ds:stats}, {@code ds:check}, {@code ds:backup} and {@code ds:restore}: the store as a whole. */
@Component(service = StoreCommands.class)
@GogoCommand(
        scope = "ds",
        function = {"stats", "check", "backup", "restore"})
public final class StoreCommands {

    private static final long LONGEST_COUNT_SECONDS = 10;

    private final OpenStore open;

    /** While the store is open. */
    @Activate
    public StoreCommands(@Reference OpenStore open) {
        this.open = open;
    }

    /**
     * What {@code ds:stats} tells.
     *
     * @param whole whether all entities were counted; if not, there are at least so many
     */
    public record Stats(long bytesOnDisk, long bytesInMemory, long rows, boolean whole, List<Inspection.Count> kinds) {}

    @Descriptor("what there is of which kind, and what it takes; it counts for 10 s at most")
    public Stats stats() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_COUNT_SECONDS);
        boolean[] late = new boolean[1];
        List<Inspection.Count> counts = new Inspection(
                        open.store(), open.service().indexes())
                .counts(() -> late[0] = System.nanoTime() - end > 0);
        return new Stats(
                open.store().bytesOnDisk(),
                open.store().bytesInMemory(),
                open.store().rows(),
                !late[0],
                counts);
    }

    @Descriptor("reads everything and compares checksums, entities and indexes; takes as long as that takes")
    public String check() {
        Inspection.Findings findings =
                new Inspection(open.store(), open.service().indexes()).check();
        if (!findings.faults().isEmpty()) {
            throw new IllegalStateException("the store is damaged: " + String.join("; ", findings.faults())
                    + ". Bring back a backup by ds:restore");
        }
        return findings.entities() + " entities and " + findings.rows() + " index rows are as they should be";
    }

    @Descriptor("makes a verified copy while commits go on, in a new folder of this node: backup /backups/monday")
    public String backup(String folder) throws IOException {
        Path to = absolute(folder);
        open.store().backup(to);
        return to + " has all that was acknowledged; copy it to another disk";
    }

    @Descriptor(
            "has a copy taken in place of what is there, when the role is started the next time: restore /backups/monday")
    public String restore(String folder) throws IOException {
        Path from = absolute(folder);
        open.restore(from);
        return from + " is sound and lies beside the store. It is taken when the role is started the next time (push"
                + " its next version, or start the node again); what is written until then is kept beside it in rocks.before-restore-TIME";
    }

    /** The node's working folder is nothing that an operator elsewhere knows. */
    private static Path absolute(String folder) {
        Path path = Path.of(folder);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(
                    "'" + folder + "' is not absolute: the folder is one of the node's machine");
        }
        return path.normalize();
    }
}
