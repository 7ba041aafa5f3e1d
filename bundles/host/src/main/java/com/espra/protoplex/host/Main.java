package com.espra.protoplex.host;

import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.DataLock;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.launch.NodeFramework;
import com.espra.protoplex.host.log.NodeLog;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a node: {@code java -cp 'lib/host/*' com.espra.protoplex.host.Main --data FOLDER}. It ends with 0 after an orderly
 * stop (SIGTERM or SIGINT), with 1 when it cannot start or has to be ended by force, with 2 when its arguments are wrong.
 */
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    /** See the class. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2 || !arguments[0].equals("--data")) {
            System.err.println("usage: java -cp 'lib/host/*' " + Main.class.getName() + " --data FOLDER");
            System.exit(USAGE);
        }
        try {
            run(Path.of(arguments[1]).toAbsolutePath().normalize());
        } catch (StartException e) {
            LOG.error("The node does not start", e);
            System.err.println("protoplex: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private static void run(Path data) throws StartException, InterruptedException {
        // Held until the process ends, and let go by the kernel.
        @SuppressWarnings("unused")
        DataLock lock = DataLock.take(data);
        NodeConfiguration configuration = NodeConfiguration.read(data.resolve("node.json"), System.getenv());
        NodeLog.open(data, configuration);
        Distribution distribution = new Distribution(home());
        List<String> roles = configuration.texts("roles");
        LOG.info(
                "Node {} starts as {}, process {}",
                configuration.text("name"),
                roles,
                ProcessHandle.current().pid());
        Map<String, String> properties = new HashMap<>();
        properties.put("protoplex.config", configuration.json());
        properties.put("protoplex.home", distribution.home().toString());
        properties.put("protoplex.data", data.toString());
        properties.put("ds.loglevel", "1");
        NodeFramework framework = NodeFramework.start(data, distribution.bundles(roles), properties);
        stopOnSignal(framework, Duration.ofSeconds(configuration.number("stopSeconds")));
        framework.await();
    }

    private static void stopOnSignal(NodeFramework framework, Duration deadline) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            boolean stopped = framework.stop(deadline);
                            if (!stopped) {
                                LOG.error(
                                        "The node did not stop within {} s (stopSeconds): it is ended by force",
                                        deadline.toSeconds());
                            } else {
                                LOG.info("The node has stopped");
                            }
                            Runtime.getRuntime().halt(stopped ? DONE : FAILED);
                        },
                        "stop"));
    }

    /** The distribution that this class is in: {@code HOME/lib/host/host.jar}; a system property names another one. */
    private static Path home() throws StartException {
        String given = System.getProperty("protoplex.home");
        if (given != null) {
            return Path.of(given).toAbsolutePath().normalize();
        }
        try {
            Path jar = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolve("../../..").normalize();
        } catch (URISyntaxException e) {
            throw new StartException("the distribution cannot be found; name it with -Dprotoplex.home=FOLDER", e);
        }
    }
}
