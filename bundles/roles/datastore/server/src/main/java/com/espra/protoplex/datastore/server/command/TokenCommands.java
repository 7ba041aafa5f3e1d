package com.espra.protoplex.datastore.server.command;

import com.espra.protoplex.datastore.server.OpenStore;
import com.espra.protoplex.datastore.server.access.DataAccess;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.espra.protoplex.datastore.server.access.DataScope;
import com.espra.protoplex.datastore.server.access.DataToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ds:token}: who may use the datastore of this node. */
@Component(service = TokenCommands.class)
@GogoCommand(
        scope = "ds",
        function = {"token"})
public final class TokenCommands {

    private static final String ANY = "*";
    private static final String USAGE = "use ds:token list, ds:token create [--scopes read,write] [--namespace NAME]"
            + " [NOTE...], or ds:token revoke ID";

    private final DataAccess access;

    /** While the store is open. */
    @Activate
    public TokenCommands(@Reference OpenStore open) {
        access = open.access();
    }

    /** A row of {@code ds:token list}. */
    public record TokenLine(
            String id,
            String scopes,
            String namespace,
            String created,
            long asked,
            long refused,
            long sentKib,
            int underWay,
            String note) {}

    @Descriptor("who may use it, and what each has asked since the store was opened; the first token is in its folder")
    public Object token(
            @Descriptor("read, write or read,write") @Parameter(names = "--scopes", absentValue = "read,write")
                    String scopes,
            @Descriptor("the only one that it may name; any unless it is said")
                    @Parameter(names = "--namespace", absentValue = ANY)
                    String namespace,
            @Descriptor("list, create or revoke") String verb,
            @Descriptor("of create a note whose it is, of revoke an id") String... words)
            throws IOException {
        return switch (verb) {
            case "list" -> list();
            case "create" ->
                access.tokens()
                        .create(
                                DataScope.of(scopes, namespace.equals(ANY) ? null : namespace),
                                String.join(" ", words));
            case "revoke" -> revoke(words);
            default -> throw new IllegalArgumentException("'" + verb + "' is not known: " + USAGE);
        };
    }

    private String revoke(String... ids) throws IOException {
        if (ids.length != 1) {
            throw new IllegalArgumentException(USAGE);
        }
        if (!access.tokens().revoke(ids[0])) {
            throw new IllegalArgumentException("there is no token " + ids[0] + ": ds:token list shows them");
        }
        return "token " + ids[0] + " is good for nothing any more";
    }

    private List<TokenLine> list() {
        List<TokenLine> lines = new ArrayList<>();
        lines.add(line(access.first(), "", "the file \"token\""));
        lines.add(line(access.fleet(), "", "roles of the fleet"));
        lines.add(line(access.node(), "", "units of this node"));
        for (DataToken each : access.tokens().all()) {
            lines.add(line(access.of(each), each.created().toString(), each.note()));
        }
        return lines;
    }

    private static TokenLine line(DataCaller caller, String created, String note) {
        String namespace = caller.scope().namespace();
        return new TokenLine(
                caller.id(),
                caller.scope().rights(),
                namespace == null ? ANY : namespace.isEmpty() ? "(default)" : namespace,
                created,
                caller.asked(),
                caller.refused(),
                caller.sentKib(),
                caller.underWay(),
                note);
    }
}
