package com.espra.protoplex.commands.remote;

import com.espra.protoplex.commands.CommandHelp;
import com.espra.protoplex.peer.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * In a parent: the commands of its children, as commands of its own shell, while one of them has them. What the parent has itself is not
 * among them.
 */
@Component(
        service = {},
        immediate = true)
public final class CommandsOfChildren {

    private static final int LAST = Integer.MIN_VALUE;

    private final BundleContext context;
    private final ServiceTracker<Peer, Peer> children;
    private final ServiceRegistration<Peer> answers;
    private final Map<ServiceReference<Peer>, Map<String, CommandHelp>> told = new HashMap<>();
    private final Map<String, ServiceRegistration<Function>> shown = new HashMap<>();

    /** @param host there in a parent alone */
    @Activate
    public CommandsOfChildren(
            BundleContext context, @Reference(target = "(" + Peer.NAME + "=" + Peer.HOST + ")") Peer host)
            throws InvalidSyntaxException {
        this.context = context;
        this.children =
                new ServiceTracker<>(
                        context,
                        context.createFilter("(&(" + Constants.OBJECTCLASS + "=" + Peer.class.getName() + ")("
                                + Peer.NAME + "=*)(" + Peer.GROUP + "=*))"),
                        null) {
                    @Override
                    public void removedService(ServiceReference<Peer> reference, Peer child) {
                        gone(reference);
                        context.ungetService(reference);
                    }
                };
        children.open();
        this.answers = CommandTopics.answer(context, CommandTopics.COMMANDS, this::hear);
    }

    private CompletionStage<Map<String, Object>> hear(Map<String, Object> body) {
        String id = String.valueOf(body.get(Peer.CHILD));
        Map<String, CommandHelp> commands = new TreeMap<>();
        if (body.get(CommandTopics.COMMANDS) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> command) {
                    commands.put(
                            String.valueOf(command.get(CommandTopics.NAME)),
                            new CommandHelp(
                                    String.valueOf(command.get(CommandTopics.SUMMARY)),
                                    String.valueOf(command.get(CommandTopics.DETAILS))));
                }
            }
        }
        ServiceReference<Peer>[] references = children.getServiceReferences();
        if (references != null) {
            for (ServiceReference<Peer> reference : references) {
                if (id.equals(reference.getProperty(Peer.NAME))) {
                    put(reference, commands);
                    return CompletableFuture.completedFuture(Map.of());
                }
            }
        }
        return CompletableFuture.failedFuture(new IllegalStateException("child " + id + " is not known here yet"));
    }

    private synchronized void put(ServiceReference<Peer> child, Map<String, CommandHelp> commands) {
        told.put(child, commands);
        show();
    }

    private synchronized void gone(ServiceReference<Peer> child) {
        told.remove(child);
        show();
    }

    private void show() {
        Map<String, CommandHelp> wanted = new TreeMap<>();
        told.values().forEach(wanted::putAll);
        wanted.keySet().removeAll(own());
        shown.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().unregister();
            }
            return gone;
        });
        wanted.forEach((name, help) -> shown.computeIfAbsent(name, missing -> register(name, help)));
    }

    /** The names of the parent's own commands. */
    private Set<String> own() {
        Set<String> names = new HashSet<>();
        try {
            ServiceReference<?>[] all =
                    context.getAllServiceReferences(null, "(" + CommandProcessor.COMMAND_SCOPE + "=*)");
            if (all != null) {
                for (ServiceReference<?> reference : all) {
                    if (!context.getBundle().equals(reference.getBundle())) {
                        names.addAll(OwnCommands.names(reference));
                    }
                }
            }
            return names;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is a constant", e);
        }
    }

    private ServiceRegistration<Function> register(String name, CommandHelp help) {
        int colon = name.indexOf(':');
        return context.registerService(
                Function.class,
                new RemoteCommand(name, help, () -> having(name)),
                FrameworkUtil.asDictionary(Map.of(
                        CommandProcessor.COMMAND_SCOPE,
                        name.substring(0, colon),
                        CommandProcessor.COMMAND_FUNCTION,
                        name.substring(colon + 1),
                        // One that the parent has itself comes first, whenever it comes.
                        Constants.SERVICE_RANKING,
                        LAST)));
    }

    private Peer having(String name) {
        List<ServiceReference<Peer>> candidates = new ArrayList<>();
        synchronized (this) {
            told.forEach((child, commands) -> {
                if (commands.containsKey(name)) {
                    candidates.add(child);
                }
            });
        }
        for (ServiceReference<Peer> candidate : candidates) {
            Peer child = children.getService(candidate);
            if (child != null) {
                return child;
            }
        }
        throw new IllegalStateException(name + ": no child has this command any more");
    }

    @Deactivate
    void deactivate() {
        answers.unregister();
        children.close();
        synchronized (this) {
            told.clear();
            show();
        }
    }
}
