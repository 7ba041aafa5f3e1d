package com.espra.protoplex.commands.remote;

import com.espra.protoplex.peer.Peer;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** What a parent and its children say to each other about commands. */
final class CommandTopics {

    /** Child to parent: these are my {@link #COMMANDS} now, each with {@link #NAME}, {@link #SUMMARY} and {@link #DETAILS}. */
    static final String COMMANDS = "commands";

    static final String NAME = "name";
    static final String SUMMARY = "summary";
    static final String DETAILS = "details";

    /**
     * Parent to child: run the command of this {@link #NAME} with these {@link #ARGUMENTS}, texts. The answer has what it {@link #PRINTED},
     * and its result as {@link #TEXT}, or as a {@link #LIST} of texts.
     */
    static final String COMMAND = "command";

    static final String ARGUMENTS = "arguments";
    static final String PRINTED = "printed";
    static final String TEXT = "text";
    static final String LIST = "list";

    private CommandTopics() {}

    static ServiceRegistration<Peer> answer(
            BundleContext context,
            String topic,
            Function<Map<String, Object>, CompletionStage<Map<String, Object>>> handler) {
        Peer service = (asked, body) -> handler.apply(body).toCompletableFuture();
        return context.registerService(Peer.class, service, FrameworkUtil.asDictionary(Map.of(Peer.TOPIC, topic)));
    }
}
