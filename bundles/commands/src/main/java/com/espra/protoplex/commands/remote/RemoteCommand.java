package com.espra.protoplex.commands.remote;

import com.espra.protoplex.commands.CommandHelp;
import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command of a child, in the parent's shell. What it prints comes when it has ended; Ctrl-C gives the prompt back, and it goes on to its
 * end.
 *
 * @param name with its scope
 * @param help what it does
 * @param child one that has it, when it is typed
 */
record RemoteCommand(String name, CommandHelp help, Supplier<Peer> child) implements Function, CommandHelp.Known {

    @Override
    public @Nullable Object execute(CommandSession session, List<Object> arguments) throws Exception {
        Map<String, Object> answer;
        try {
            answer = child.get()
                    .ask(
                            CommandTopics.COMMAND,
                            Map.of(
                                    CommandTopics.NAME,
                                    name,
                                    CommandTopics.ARGUMENTS,
                                    arguments.stream().map(String::valueOf).toList()))
                    .get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String message = String.valueOf(cause.getMessage());
            // Gogo's words for arguments that do not fit, which the shell knows.
            throw message.startsWith("Cannot coerce ")
                    ? new IllegalArgumentException(message, cause)
                    : new IOException(message, cause);
        }
        session.getConsole().print(answer.getOrDefault(CommandTopics.PRINTED, ""));
        if (answer.get(CommandTopics.LIST) instanceof List<?> list) {
            return list;
        }
        String text = String.valueOf(answer.getOrDefault(CommandTopics.TEXT, ""));
        return text.isEmpty() ? null : text;
    }
}
