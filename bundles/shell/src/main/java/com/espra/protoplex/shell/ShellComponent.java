package com.espra.protoplex.shell;

import com.espra.protoplex.api.node.Node;
import java.io.IOException;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.sshd.server.SshServer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of this node. It opens once the node serves, and on a thread of its own: cryptography takes its time to load, and no start
 * of a node waits for it. While it cannot, such as when another program has its port, it is tried again, and the node's health says so.
 */
@Component(
        service = {},
        configurationPid = ShellConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ShellComponent {

    private static final Logger LOG = LoggerFactory.getLogger(ShellComponent.class);

    private static final long AGAIN_MILLIS = 5_000;

    private final Thread opener;

    private @Nullable OpenShell open;
    private boolean closed;

    /**
     * Begins to open the port.
     *
     * @param served there when the node serves
     */
    @Activate
    public ShellComponent(
            BundleContext context,
            ShellConfig config,
            @Reference Node node,
            @Reference CommandProcessor processor,
            @Reference(target = "(osgi.condition.id=protoplex.restored)") Condition served) {
        // Cryptography takes a while to be set up, and a virtual thread would keep a carrier from the first requests
        // all the while.
        opener = Thread.ofPlatform().daemon().name("shell-open").start(() -> open(context, config, node, processor));
    }

    private void open(BundleContext context, ShellConfig config, Node node, CommandProcessor processor) {
        // MINA looks its parts up through this loader, which its own threads inherit.
        Thread.currentThread().setContextClassLoader(SshServer.class.getClassLoader());
        try (MissingShell missing = new MissingShell(context, config)) {
            while (!isClosed()) {
                try {
                    OpenShell shell = new OpenShell(context, config, node, processor);
                    if (!keep(shell)) {
                        shell.close();
                    }
                    return;
                } catch (IOException | RuntimeException | LinkageError e) {
                    if (!isClosed()) {
                        missing.because(e);
                    }
                }
                Thread.sleep(AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("the shell is closed before it was open", e);
        }
    }

    private synchronized boolean keep(OpenShell shell) {
        if (!closed) {
            open = shell;
        }
        return !closed;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Ends all sessions and closes the port. */
    @Deactivate
    public void close() throws IOException {
        OpenShell shell;
        synchronized (this) {
            closed = true;
            shell = open;
            open = null;
        }
        opener.interrupt();
        if (shell != null) {
            shell.close();
        }
    }
}
