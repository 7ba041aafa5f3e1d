package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** Two Live nodes, and one that publishes and hears through them, while Live is pushed and its owner is killed. */
public class LiveIT {

    private static final Path ROLE =
            Path.of(System.getProperty("repository")).resolve("bundles/roles/live/role/target/role");
    private static final String TOKEN = "a token for tests alone";
    private static final String PAGE = "live.md";
    private static final String COMPONENTS = "org.osgi.service.component.annotations.*";

    private static final String SHOWS = """
            package com.example.cache;

            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.io.*;
            import org.osgi.service.component.annotations.*;
            import org.osgi.service.servlet.whiteboard.propertytypes.*;

            @Component(service = Servlet.class)
            @HttpWhiteboardServletPattern("/known")
            public class Shows extends HttpServlet {
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    if (request.getParameter("add") != null) {
                        Known.FILES.add(request.getParameter("add"));
                    }
                    response.getWriter().print(new java.util.TreeSet<>(Known.FILES));
                }
            }
            """;

    private static final String ORDER = """
            package com.example.order;

            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.io.*;
            import org.osgi.service.component.annotations.*;
            import org.osgi.service.servlet.whiteboard.propertytypes.*;

            @Component(service = Servlet.class)
            @HttpWhiteboardServletPattern("/order")
            public class Order extends HttpServlet {
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    byte[] message = "{\\"keys\\": [\\"orders\\"], \\"data\\": \\"17 was sent\\"}".getBytes("UTF-8");
                    response.setHeader("X-Live", String.valueOf(message.length));
                    response.getOutputStream().write(message);
                    response.getOutputStream().write("thank you".getBytes("UTF-8"));
                }
            }
            """;

    @Rule
    public final Fleet fleet = new Fleet();

    /** The role as it is built, as another version. */
    private Path role(String version) throws IOException {
        Path folder = Files.createDirectories(fleet.root().resolve("live-" + version));
        Path bundles = Files.createDirectories(folder.resolve("bundles"));
        try (Stream<Path> jars = Files.list(ROLE.resolve("bundles"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, bundles.resolve(jar.getFileName()));
            }
        }
        String feature = Files.readString(ROLE.resolve("live.json"))
                .replaceFirst("(\"id\": \"[^\"]*:live:)[^\"]*\"", "$1" + version + "\"");
        return Files.writeString(folder.resolve("live.json"), feature);
    }

    private Path order() throws IOException {
        Path target = Files.createDirectories(fleet.root().resolve("order"));
        TestBundle.named("order").version("1.0.0").source(ORDER).build(target);
        return feature(target, "order");
    }

    private static Path feature(Path target, String name) throws IOException {
        return Files.writeString(target.resolve(name + ".json"), """
                {
                  "feature-resource-version": "1.0",
                  "id": "com.example:NAME:1.0.0",
                  "bundles": [{"id": "com.example:NAME:1.0.0"}],
                  "extensions": {"protoplex.unit": {"kind": "mandatory", "type": "json", "json": {"kind": "role"}}}
                }
                """.replace("NAME", name));
    }

    /** What the handbook shows, as a role. */
    private Path cache() throws IOException {
        Path target = Files.createDirectories(fleet.root().resolve("cache"));
        TestBundle.named("cache")
                .version("1.0.0")
                .source(SHOWS)
                .source(Handbook.source(
                        PAGE,
                        "listener",
                        "com.example.cache",
                        "com.espra.protoplex.api.live.KeyListener",
                        "java.util.Set",
                        "java.util.concurrent.ConcurrentHashMap",
                        COMPONENTS))
                .source(Handbook.source(
                        PAGE,
                        "publisher",
                        "com.example.say",
                        "com.espra.protoplex.api.live.*",
                        "jakarta.servlet.Servlet",
                        "jakarta.servlet.http.*",
                        "java.io.IOException",
                        "java.util.concurrent.CompletionStage",
                        COMPONENTS,
                        "org.osgi.service.servlet.whiteboard.propertytypes.*"))
                .build(target);
        return feature(target, "cache");
    }

    private String address(String node) throws IOException {
        return URI.create(fleet.address(node, "http")).getAuthority();
    }

    private String hubs(String node) throws Exception {
        return fleet.run("shell", node, "live:hubs").succeeded().output();
    }

    private String get(String path) throws Exception {
        return fleet.get(URI.create(fleet.address("node-1", "http") + path)).body();
    }

    @Test
    public void noUpdateIsLostInAPushAndWithTheOwner() throws Exception {
        fleet.up(
                "--nodes",
                "3",
                "--roles",
                "node-1=seed,live-link,proxy",
                "--roles",
                "node-2=live",
                "--roles",
                "node-3=live");
        fleet.runWith(TOKEN + "\n", "secret", "set", "live", "token").succeeded();
        fleet.run("config", "set", "live", "addressMessages=1000").succeeded();
        try (LiveLoad load = new LiveLoad(List.of(address("node-2"), address("node-3")), TOKEN, 3)) {
            load.awaitMore(50);
            fleet.run("push", role("9.0.0").toString()).succeeded();
            load.awaitMore(50);
            fleet.run("rollback", "live").succeeded();
            load.awaitMore(50);

            keysAreHeardOnAnotherNode();
            anAnswerSaysSomethingThroughTheProxy();

            String owner = hubs("node-2").matches("(?s).*main +owns.*") ? "node-2" : "node-3";
            String second = owner.equals("node-2") ? "node-3" : "node-2";
            assertTrue(hubs(second), hubs(second).matches("(?s).*main +follows.*"));
            load.aNodeDies();
            fleet.kill(owner);
            load.awaitMore(50);
            assertTrue(hubs(second), hubs(second).matches("(?s).*main +owns.*"));
            load.assertAllHeardAll();
        }
    }

    private void anAnswerSaysSomethingThroughTheProxy() throws Exception {
        fleet.run("push", order().toString()).succeeded();
        fleet.run("role", "add", "node-2", "order").succeeded();
        Await.until("it is answered", Fleet.DEADLINE, () -> get("/order").equals("thank you"));
        Await.until(
                "it is published",
                Fleet.DEADLINE,
                () -> fleet.run("shell", "node-3", "live:history", "main", "1000")
                        .succeeded()
                        .output()
                        .contains("17 was sent"));
    }

    private void keysAreHeardOnAnotherNode() throws Exception {
        fleet.run("push", cache().toString()).succeeded();
        fleet.run("role", "add", "node-1", "cache").succeeded();
        // It may be told at first that everything may have changed.
        Await.until("it hears of keys", Fleet.DEADLINE, () -> {
            get("/known?add=file:a");
            get("/known?add=file:b");
            assertTrue(get("/say?file=a").contains(":"));
            String known = get("/known");
            return known.equals("[file:b]");
        });
        assertEquals("[file:b, file:c]", get("/known?add=file:c"));
    }
}
