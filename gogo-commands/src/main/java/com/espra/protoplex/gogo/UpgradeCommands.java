package com.espra.protoplex.gogo;

import com.espra.protoplex.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node:upgrade} replaces the processes of a node with children; no request is lost. */
@Component(service = UpgradeCommands.class)
@GogoCommand(scope = "node", function = "upgrade")
public final class UpgradeCommands {

    private final BundleContext context;
    private final Peer host;

    /** @param host the process's host */
    @Activate
    public UpgradeCommands(
            BundleContext context, @Reference(target = "(" + Peer.NAME + "=" + Peer.HOST + ")") Peer host) {
        this.context = context;
        this.host = host;
    }

    /** From the running distribution. */
    @Descriptor("replaces this node's processes by new ones, of node.json as it is now")
    public String upgrade(
            @Descriptor("replace the children alone, and not their parent")
                    @Parameter(
                            names = {"-c", "--children"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean children)
            throws IOException {
        return upgrade(children, context.getProperty("protoplex.home"));
    }

    /** From another distribution. */
    @Descriptor("replaces this node's processes by those of another distribution")
    public String upgrade(
            @Descriptor("replace the children alone, and not their parent")
                    @Parameter(
                            names = {"-c", "--children"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean children,
            @Descriptor("the folder of the distribution") String home)
            throws IOException {
        if (!Files.isDirectory(Path.of(home, "features"))) {
            throw new IOException(home + " is no distribution: it has no folder 'features'");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("home", home);
        body.put("parent", !children);
        try {
            Map<String, Object> answer = host.ask("upgrade", body).join();
            if (!Boolean.TRUE.equals(answer.get("done"))) {
                throw new IOException(answer.get("reason") + ". The processes that served before serve on");
            }
            return children
                    ? "new children serve, after " + answer.get("seconds") + " s"
                    : "a successor of process " + answer.get("process") + " is on its way; this shell ends with it";
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(cause.getMessage(), cause);
        }
    }
}
