package com.espra.protoplex.host;

import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.node.ChildNode;
import com.espra.protoplex.host.node.NodeLaunch;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a node: {@code java -cp 'lib/host/*:bundles/*:roles/seed/bundles/*' com.espra.protoplex.host.Main --data FOLDER}. It ends with 0 after an orderly
 * stop (SIGTERM or SIGINT), with 1 when it cannot start or has to be ended by force, with 2 when its arguments are wrong.
 */
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int NODE = 2;
    private static final int CHILD = 10;

    private Main() {}

    /** See the class. */
    public static void main(String[] arguments) throws InterruptedException {
        if (!fit(arguments)) {
            System.err.println("usage: java -cp 'lib/host/*:bundles/*:roles/seed/bundles/*' " + Main.class.getName()
                    + " --data FOLDER");
            System.exit(USAGE);
        }
        try {
            run(arguments);
        } catch (StartException e) {
            LOG.error("The node does not start: {}", e.getMessage());
            LOG.debug("Where it was noticed", e);
            System.err.println("protoplex: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private static void run(String[] arguments) throws StartException, InterruptedException {
        Distribution distribution = new Distribution(home());
        Path data = Path.of(arguments[1]).toAbsolutePath().normalize();
        if (arguments.length == NODE) {
            NodeLaunch.run(data, distribution);
            return;
        }
        List<String> roles = arguments[7].isEmpty() ? List.of() : List.of(arguments[7].split(","));
        NodeLaunch.runChild(
                new ChildNode.Arguments(data, arguments[3], arguments[5], roles, Path.of(arguments[9])), distribution);
    }

    /** A child's arguments come from its parent, always in this order. */
    private static boolean fit(String[] arguments) {
        List<String> names = List.of("--data", "--child", "--slot", "--roles", "--configuration");
        return (arguments.length == NODE || arguments.length == CHILD)
                && IntStream.range(0, arguments.length / 2).allMatch(i -> arguments[2 * i].equals(names.get(i)));
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
