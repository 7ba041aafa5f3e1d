package com.espra.protoplex.shell;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shell, open: Gogo's words, the SSH port, and the service that tells where it is. Closed in the opposite order. */
final class OpenShell implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenShell.class);
    /** The name of its address among the node's listeners. */
    static final String NAME = "shell";

    private final Node node;
    private final CommandProcessor processor;
    private final Path histories;
    private final Builtins builtins;
    private final ShellServer server;
    private final ServiceRegistration<Listener> registration;

    OpenShell(BundleContext context, ShellConfig config, Node node, CommandProcessor processor) throws IOException {
        this.node = node;
        this.processor = processor;
        Path data = node.data(NAME);
        histories = Files.createDirectories(data.resolve("history"));
        AuthorizedKeys keys = new AuthorizedKeys(Path.of(config.authorizedKeys()));
        builtins = new Builtins(context, processor);
        try {
            server = new ShellServer(config, data, keys, this::shell, this::command);
        } catch (IOException | RuntimeException | LinkageError e) {
            builtins.close();
            throw e;
        }
        URI address = server.address();
        registration = context.registerService(
                Listener.class,
                new Address(NAME, NAME, address, server.isEverywhere()),
                FrameworkUtil.asDictionary(Map.of(Listener.NAME, NAME, Dispatcher.GROUP, NAME)));
        LOG.info("The shell is open at {} for {} keys", address, keys.count());
    }

    private Command command(ChannelSession channel, String line) {
        return new GogoChannel(processor, new OneCommand(line));
    }

    private Command shell(ChannelSession channel) throws IOException {
        Path history = history(Objects.requireNonNull(channel.getSession().getAttribute(AuthorizedKeys.FINGERPRINT)));
        Conversation conversation = new Conversation(node.name(), welcome(), history);
        return new GogoChannel(
                processor, session -> (session.terminal() == null ? new Script() : conversation).run(session));
    }

    private String welcome() {
        return "Protoplex node " + node.name() + " (" + node.region() + "; " + String.join(", ", node.roles())
                + "). 'help' lists the commands, Tab completes, Ctrl-D leaves.";
    }

    /** One file for each key: what one operator typed is nobody else's to recall. */
    private Path history(String fingerprint) throws IOException {
        Path file = histories.resolve(fingerprint.replaceAll("[^A-Za-z0-9]", "_"));
        try {
            PrivateFiles.create(file, "");
        } catch (FileAlreadyExistsException e) {
            return file;
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("The shell's address is gone already", e);
        }
        server.close();
        builtins.close();
    }

    private record Address(String name, String group, URI address, boolean isEverywhere) implements Listener {}
}
