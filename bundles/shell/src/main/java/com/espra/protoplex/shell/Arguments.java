package com.espra.protoplex.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jline.builtins.Completers.CompletionData;

/** What Tab offers after a command: the result of another command, run when Tab is pressed. */
final class Arguments {

    private static final Map<String, String> SOURCES = Map.ofEntries(
            Map.entry("gogo:help", "__commands"),
            Map.entry("gogo:cat", "__files"),
            Map.entry("gogo:head", "__files"),
            Map.entry("gogo:tail", "__files"),
            Map.entry("gogo:less", "__files"),
            Map.entry("gogo:ls", "__files"),
            Map.entry("gogo:cd", "__directories"),
            Map.entry("swap:why", "swap:__units"),
            Map.entry("swap:history", "swap:__units"),
            Map.entry("swap:watch", "swap:__units"),
            Map.entry("seed:deploy", "seed:__apps"),
            Map.entry("seed:rollback", "seed:__apps"),
            Map.entry("seed:remove", "seed:__apps"),
            Map.entry("build:list", "seed:__apps"),
            Map.entry("build:show", "seed:__apps"));

    private Arguments() {}

    /** For one session, which may add its own with {@code complete}. */
    @SuppressWarnings("NullAway") // JLine's null: no options, no description, no condition
    static Map<String, List<CompletionData>> all() {
        Map<String, List<CompletionData>> all = new HashMap<>();
        SOURCES.forEach((command, source) ->
                all.put(command, new ArrayList<>(List.of(new CompletionData(null, null, source, null)))));
        return all;
    }
}
