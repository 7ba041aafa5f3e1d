package com.espra.protoplex.shell;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Dictionary;
import java.util.Map;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Converters;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The words of the shell's language: Gogo's own, registered here because the bundle that they are from must not start (see bnd.bnd).
 * What needs a terminal of its own or edits files of the node ({@code tmux}, {@code nano}) is left out.
 */
final class Builtins implements AutoCloseable {

    private static final String[] LANGUAGE = {
        "format",
        "getopt",
        "new",
        "set",
        "tac",
        "type",
        "jobs",
        "fg",
        "bg",
        "keymap",
        "setopt",
        "unsetopt",
        "complete",
        "history",
        "widget",
        "__files",
        "__directories",
        "__usage_completion"
    };
    private static final String[] CONTROL = {"each", "if", "not", "throw", "try", "until", "while", "break", "continue"
    };
    private static final String[] TEXT = {
        "cat", "echo", "grep", "sort", "sleep", "cd", "pwd", "ls", "less", "watch", "head", "tail", "clear", "wc",
        "date"
    };

    private static final Logger LOG = LoggerFactory.getLogger(Builtins.class);

    private final BundleContext context;
    private final Deque<ServiceRegistration<?>> registrations = new ArrayDeque<>();

    Builtins(BundleContext context, CommandProcessor processor) {
        this.context = context;
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        registrations.push(context.registerService(Converter.class, new Converters(system), null));
        register(new Builtin(), LANGUAGE);
        register(new Procedural(), CONTROL);
        register(new Posix(processor), TEXT);
        register(new Help(), "help", "__commands");
    }

    private void register(Object commands, String... names) {
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(
                Map.of(CommandProcessor.COMMAND_SCOPE, "gogo", CommandProcessor.COMMAND_FUNCTION, names));
        registrations.push(context.registerService(Object.class, commands, properties));
    }

    @Override
    public void close() {
        while (!registrations.isEmpty()) {
            try {
                registrations.pop().unregister();
            } catch (IllegalStateException e) {
                LOG.debug("The framework has unregistered a command already: the bundle stops", e);
            }
        }
    }
}
