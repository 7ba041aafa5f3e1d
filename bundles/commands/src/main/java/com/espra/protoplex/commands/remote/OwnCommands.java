package com.espra.protoplex.commands.remote;

import com.espra.protoplex.commands.CommandHelp;
import com.espra.protoplex.peer.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In a child: tells the parent, which has the shell, of the commands that are here, and runs them for it. */
@Component(
        service = {},
        immediate = true)
public final class OwnCommands {

    private static final Logger LOG = LoggerFactory.getLogger(OwnCommands.class);

    /** Bundles come and go in numbers; the parent is told when they are done. */
    private static final long QUIET_MILLIS = 100;

    private static final long AGAIN_MILLIS = 2_000;
    private static final int MOST = 1_000;

    private final Peer parent;
    private final CommandProcessor processor;
    private final ScheduledExecutorService executor;
    private final ServiceTracker<Object, Object> tracker;
    private final ServiceRegistration<Peer> answers;
    private boolean telling;

    /** @param parent there in a child alone */
    @Activate
    public OwnCommands(
            BundleContext context,
            @Reference(target = "(" + Peer.NAME + "=" + Peer.PARENT + ")") Peer parent,
            @Reference CommandProcessor processor)
            throws InvalidSyntaxException {
        this.parent = parent;
        this.processor = processor;
        this.executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("commands-", 0).factory());
        this.answers = CommandTopics.answer(context, CommandTopics.COMMAND, this::run);
        this.tracker =
                new ServiceTracker<>(
                        context, context.createFilter("(" + CommandProcessor.COMMAND_SCOPE + "=*)"), null) {
                    @Override
                    public @Nullable Object addingService(ServiceReference<Object> reference) {
                        tell(QUIET_MILLIS);
                        return reference;
                    }

                    @Override
                    public void removedService(ServiceReference<Object> reference, Object service) {
                        tell(QUIET_MILLIS);
                    }
                };
        tracker.open();
        tell(QUIET_MILLIS);
    }

    private synchronized void tell(long afterMillis) {
        if (!telling && !executor.isShutdown()) {
            telling = true;
            var _ = executor.schedule(this::tellNow, afterMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void tellNow() {
        synchronized (this) {
            telling = false;
        }
        try {
            var _ = parent.ask(CommandTopics.COMMANDS, Map.of(CommandTopics.COMMANDS, commands()))
                    .whenComplete((heard, failure) -> {
                        if (failure != null) {
                            LOG.debug("the parent has not heard of the commands yet", failure);
                            tell(AGAIN_MILLIS);
                        }
                    });
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("the parent's shell is not told of the commands that are here", e);
        }
    }

    private List<Map<String, Object>> commands() {
        Set<String> names = new TreeSet<>();
        ServiceReference<?>[] references = tracker.getServiceReferences();
        if (references != null) {
            for (ServiceReference<?> reference : references) {
                names.addAll(names(reference));
            }
        }
        List<Map<String, Object>> commands = new ArrayList<>();
        try (CommandSession session = session(new BoundedOutput())) {
            for (String name : names.stream().limit(MOST).toList()) {
                CommandHelp help = CommandHelp.of(session, name).orElse(new CommandHelp("", ""));
                commands.add(Map.of(
                        CommandTopics.NAME,
                        name,
                        CommandTopics.SUMMARY,
                        help.summary(),
                        CommandTopics.DETAILS,
                        help.details()));
            }
        }
        return commands;
    }

    /** The names of the commands that a service is, with their scope. */
    static List<String> names(ServiceReference<?> reference) {
        Object functions = reference.getProperty(CommandProcessor.COMMAND_FUNCTION);
        Collection<?> all = functions instanceof Collection<?> many
                ? many
                : functions instanceof Object[] array
                        ? Arrays.asList(array)
                        : functions == null ? List.of() : List.of(functions);
        String scope = String.valueOf(reference.getProperty(CommandProcessor.COMMAND_SCOPE));
        return all.stream().map(function -> scope + ":" + function).toList();
    }

    private CommandSession session(BoundedOutput out) {
        return processor.createSession(new ByteArrayInputStream(new byte[0]), out, out);
    }

    /** The thread is the asker's own: see {@link Peer}. */
    private CompletionStage<Map<String, Object>> run(Map<String, Object> body) {
        BoundedOutput out = new BoundedOutput();
        try (CommandSession session = session(out)) {
            String name = String.valueOf(body.get(CommandTopics.NAME));
            if (!(session.get(name) instanceof Function function)) {
                throw new IOException(name + ": there is no such command any more");
            }
            List<Object> arguments = body.get(CommandTopics.ARGUMENTS) instanceof List<?> given
                    ? new ArrayList<>(given)
                    : new ArrayList<>();
            Object result = function.execute(session, arguments);
            session.getConsole().flush();
            return CompletableFuture.completedFuture(answer(session, out, result));
        } catch (Exception | LinkageError e) {
            Throwable cause =
                    e instanceof java.lang.reflect.InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            return CompletableFuture.failedFuture(cause);
        }
    }

    private static Map<String, Object> answer(CommandSession session, BoundedOutput out, @Nullable Object result) {
        if (result instanceof Collection<?> many && many.stream().allMatch(String.class::isInstance)) {
            return Map.of(
                    CommandTopics.PRINTED,
                    out.text(),
                    CommandTopics.LIST,
                    many.stream().limit(MOST).toList());
        }
        String text = result == null ? "" : String.valueOf(session.format(result, Converter.INSPECT));
        return Map.of(CommandTopics.PRINTED, out.text(), CommandTopics.TEXT, BoundedOutput.fit(text));
    }

    @Deactivate
    void deactivate() {
        answers.unregister();
        tracker.close();
        synchronized (this) {
            executor.shutdownNow();
        }
    }
}
