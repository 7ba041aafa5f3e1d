package com.espra.protoplex.cli;

import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.files.ProcessRef;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the commands that people wait for against a Seed that answers nothing but examples, so that the JVM can note which classes they
 * load: {@code java -XX:AOTCacheOutput=aot/cli.aot -cp 'lib/cli/*' com.espra.protoplex.cli.Rehearsal}.
 */
public final class Rehearsal {

    private static final String EXAMPLE = """
        {"version":"1","since":"2026-01-01T00:00:00Z","nodes":[{"node":"node-1","roles":["app"],"addresses":{},"units":[]}],
         "connected":1,"apps":[{"app":"a","version":"1.0.0"}],"deploying":[],"builds":[{"unit":"a","digest":"00"}],
         "routes":[{"route":"/a"}]}
        """;

    private Rehearsal() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        JsonTree.prepare();
        Path folder = Files.createTempDirectory("rehearsal");
        Path token = folder.resolve("operator.token");
        Path fleet = folder.resolve("fleet.json");
        HttpServer seed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        seed.createContext("/", Rehearsal::answer);
        seed.start();
        try {
            Files.writeString(token, "none");
            String address = "http://127.0.0.1:" + seed.getAddress().getPort();
            FleetState.RunningNode node =
                    new FleetState.RunningNode("node-1", ProcessRef.current(), Map.of("seed", address));
            new FleetState(address, Optional.empty(), List.of(node)).write(new FleetDir(folder));
            for (String command : new String[] {"status", "nodes", "builds", "routes"}) {
                run(folder, command, "--dir", folder.toString());
                run(folder, command, "--json", "--dir", folder.toString());
            }
            run(folder, "rollback");
            run(folder, "push", "--help");
        } finally {
            seed.stop(0);
            Files.delete(token);
            Files.delete(fleet);
            Files.delete(folder);
        }
    }

    private static void run(Path folder, String... args) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Console console = new Console(nowhere, nowhere, false, false);
        Protoplex.run(new Environment(console, folder, Map.of(), Optional.empty(), Optional.empty()), args);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] body = EXAMPLE.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
