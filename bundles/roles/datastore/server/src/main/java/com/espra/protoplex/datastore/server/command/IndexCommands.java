package com.espra.protoplex.datastore.server.command;

import com.espra.protoplex.datastore.model.CompositeIndex;
import com.espra.protoplex.datastore.model.IndexYaml;
import com.espra.protoplex.datastore.model.Indexes;
import com.espra.protoplex.datastore.server.OpenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ds:indexes}: composite indexes. */
@Component(service = IndexCommands.class)
@GogoCommand(
        scope = "ds",
        function = {"indexes"})
public final class IndexCommands {

    private static final String PROJECT = "protoplex";
    private static final String PROJECT_HELP = "the project; protoplex unless it is said";
    private static final String DATABASE_HELP = "the database; the default one unless it is said";

    private final Indexes indexes;

    /** While the store is open. */
    @Activate
    public IndexCommands(@Reference OpenStore open) {
        indexes = open.service().indexes();
    }

    /** An index. */
    public record IndexLine(long id, String state, String kind, String properties, String problem) {}

    @Descriptor(
            "composite indexes: indexes list; indexes wanted (what queries asked for since the store was opened, as index.yaml)")
    public Object indexes(
            @Descriptor(PROJECT_HELP) @Parameter(names = "--project", absentValue = PROJECT) String project,
            @Descriptor(DATABASE_HELP) @Parameter(names = "--database", absentValue = "") String database,
            @Descriptor("list or wanted") String what) {
        return switch (what) {
            case "list" -> list(project, database);
            case "wanted" -> indexes.wanted(project, database);
            default -> throw unknown(what);
        };
    }

    @Descriptor("indexes apply /path/index.yaml: makes those that are not there; indexes delete ID")
    public Object indexes(
            @Descriptor(PROJECT_HELP) @Parameter(names = "--project", absentValue = PROJECT) String project,
            @Descriptor(DATABASE_HELP) @Parameter(names = "--database", absentValue = "") String database,
            @Descriptor("apply or delete") String what,
            @Descriptor("a file of the node's machine, or an id") String which)
            throws IOException {
        return switch (what) {
            case "apply" -> apply(project, database, which);
            case "delete" -> delete(project, database, which);
            default -> throw unknown(what);
        };
    }

    private Object list(String project, String database) {
        List<IndexLine> lines = indexes.list(project, database).stream()
                .map(IndexCommands::line)
                .toList();
        return lines.isEmpty() ? "there are no composite indexes" : lines;
    }

    private static IndexLine line(CompositeIndex index) {
        List<String> parts = index.parts().stream()
                .map(each -> each.property() + (each.descending() ? " desc" : ""))
                .toList();
        return new IndexLine(
                index.id(),
                index.state().name().toLowerCase(Locale.ROOT),
                index.kind(),
                (index.ancestor() ? "(ancestor) " : "") + String.join(", ", parts),
                index.problem());
    }

    private String apply(String project, String database, String file) throws IOException {
        Path path = Path.of(file);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("'" + file + "' is not absolute: the file is one of the node's machine");
        }
        int made = indexes.create(project, database, IndexYaml.read(Files.readString(path)))
                .size();
        return made == 0
                ? "all of them are there already"
                : made + " are being built: ds:indexes list tells when they are ready";
    }

    private String delete(String project, String database, String id) {
        if (!id.matches("[0-9]{1,19}")) {
            throw new IllegalArgumentException("'" + id + "' is no id of an index: see ds:indexes list");
        }
        indexes.delete(project, database, Long.parseLong(id));
        return "the index " + id + " is not used any more, and its rows are removed";
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("'" + what
                + "' is not known: indexes list, indexes wanted, indexes apply /path/index.yaml, indexes delete ID");
    }
}
