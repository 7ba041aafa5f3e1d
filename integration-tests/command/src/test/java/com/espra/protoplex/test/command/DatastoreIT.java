package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Query;
import com.google.cloud.http.HttpTransportOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** The Datastore role on a real node, under the load of Google's own client: swapped, and killed. */
public class DatastoreIT {

    private static final Path ROLE =
            Path.of(System.getProperty("repository")).resolve("bundles/roles/datastore/role/target/role");
    private static final int CLIENTS = 4;

    @Rule
    public final Fleet fleet = new Fleet();

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** The role as it is built, as another version, for development. */
    private Path feature(int number) throws IOException {
        Path folder = Files.createDirectories(fleet.root().resolve("datastore-" + number));
        Path bundles = Files.createDirectories(folder.resolve("bundles"));
        try (Stream<Path> jars = Files.list(ROLE.resolve("bundles"))) {
            for (Path jar : jars.toList()) {
                Files.createLink(bundles.resolve(jar.getFileName()), jar);
            }
        } catch (IOException otherDisk) {
            try (Stream<Path> jars = Files.list(ROLE.resolve("bundles"))) {
                for (Path jar : jars.toList()) {
                    Files.copy(jar, bundles.resolve(jar.getFileName()));
                }
            }
        }
        String feature = Files.readString(ROLE.resolve("datastore.json"))
                .replaceFirst("(\"id\": \"[^\"]*:datastore:)[^\"]*\"", "$11.0." + number + "\"")
                .replace("\"development:Boolean\": false", "\"development:Boolean\": true");
        return Files.writeString(folder.resolve("datastore.json"), feature);
    }

    private Datastore client(String address) {
        return DatastoreOptions.newBuilder()
                .setProjectId("test-project")
                .setHost(address)
                .setCredentials(NoCredentials.getInstance())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setTransportOptions(HttpTransportOptions.newBuilder().build())
                .build()
                .getService();
    }

    private static Key key(Datastore datastore, String name) {
        return datastore.newKeyFactory().setKind("Load").newKey(name);
    }

    private void load(Datastore datastore, int client) {
        for (int i = 0; !stopped.get(); i++) {
            String name = client + "-" + i;
            try {
                datastore.add(
                        Entity.newBuilder(key(datastore, name)).set("n", i).build());
                acknowledged.add(name);
                if (datastore.get(key(datastore, name)) == null) {
                    failures.add(name + " is acknowledged and not there");
                }
            } catch (DatastoreException e) {
                failures.add(name + ": " + e);
            }
        }
    }

    @Test
    public void itIsSwappedUnderLoadAndKilledAndNothingIsLost() throws Exception {
        fleet.up();
        fleet.run("push", feature(0).toString()).succeeded();
        fleet.run("role", "add", "node-1", "datastore").succeeded();
        Datastore datastore = client(fleet.address("node-1", "http"));
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.add(Thread.ofPlatform().start(() -> load(datastore, client)));
        }
        Await.until("it is used", Fleet.DEADLINE, () -> acknowledged.size() > 100);
        fleet.run("push", feature(1).toString()).succeeded();
        int before = acknowledged.size();
        Await.until("it is used on", Fleet.DEADLINE, () -> acknowledged.size() > before + 100);
        assertEquals("none fails: " + failures.peek(), 0, failures.size());
        theProgramOfTheHandbookUsesIt();

        fleet.kill("node-1");
        stopped.set(true);
        for (Thread client : clients) {
            client.join();
        }
        fleet.up();
        Datastore again = client(fleet.address("node-1", "http"));
        Await.until("it serves again", Fleet.DEADLINE, () -> serves(again));
        Set<String> there = new HashSet<>();
        again.run(Query.newKeyQueryBuilder().setKind("Load").build())
                .forEachRemaining(each -> there.add(each.getName()));
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(there);
        assertEquals("what was acknowledged is there", Set.of(), lost);
        assertTrue("at most what was under way besides", there.size() <= acknowledged.size() + CLIENTS);
    }

    private void theProgramOfTheHandbookUsesIt() throws Exception {
        Path jar = TestBundle.named("com.example.program")
                .source("""
                        package com.example.program;
                        import com.google.cloud.NoCredentials;
                        import com.google.cloud.datastore.*;
                        import com.google.cloud.http.HttpTransportOptions;
                        import java.util.function.Supplier;
                        public final class Program implements Supplier<Datastore> {
                            @Override public Datastore get() {
                                %s
                                return datastore;
                            }
                        }
                        """.formatted(Handbook.example("datastore.md", "client")
                        .replace("http://localhost:8080", fleet.address("node-1", "http"))))
                .build(fleet.root());
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            Datastore datastore = (Datastore) ((Supplier<?>) loader.loadClass("com.example.program.Program")
                            .getConstructor()
                            .newInstance())
                    .get();
            Key key = key(datastore, "handbook");
            datastore.add(Entity.newBuilder(key).set("n", 1).build());
            assertEquals(1, datastore.get(key).getLong("n"));
        }
    }

    /** The app of the handbook, with a servlet before it. */
    private Path shop() {
        return TestBundle.named("shop")
                .version("1.0.0")
                .source(Handbook.source(
                        "datastore.md",
                        "unit",
                        "com.example.shop",
                        "com.google.cloud.datastore.*",
                        "org.osgi.service.component.annotations.*"))
                .source("""
                        package com.example.shop;
                        import jakarta.servlet.Servlet;
                        import jakarta.servlet.http.*;
                        import java.io.IOException;
                        import org.osgi.service.component.annotations.*;
                        import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
                        @Component(service = Servlet.class)
                        @HttpWhiteboardServletPattern("/order")
                        public final class OrderServlet extends HttpServlet {
                            @Reference Orders orders;
                            @Override protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                    throws IOException {
                                orders.put(request.getParameter("id"), 7);
                                response.getWriter().print("written");
                            }
                        }
                        """)
                .build(fleet.root().resolve("shop"));
    }

    private String shell(String command) throws Exception {
        return fleet.run("shell", "node-1", command).succeeded().output();
    }

    @Test
    public void anAppUsesItOnItsNodeAndFromAnotherOneAndOperatorsSeeIt() throws Exception {
        fleet.up("--nodes", "2", "--roles", "node-1=seed,app,datastore", "--roles", "node-2=app,datastore-remote");
        fleet.run(
                        "push",
                        shop().toString(),
                        ROLE.resolve("client/com.espra.protoplex.datastore.client.jar")
                                .toString(),
                        "--app",
                        "shop")
                .succeeded();
        HttpClient http = HttpClient.newHttpClient();
        for (String node : List.of("node-1", "node-2")) {
            HttpResponse<String> written = http.send(
                    HttpRequest.newBuilder(URI.create(fleet.address(node, "http") + "/order?id=" + node))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(written.body(), 200, written.statusCode());
        }
        String found = shell("ds:query 'SELECT * FROM Order'");
        assertTrue(found, found.contains("Order:node-1") && found.contains("Order:node-2"));
        String callers = shell("ds:token list");
        assertTrue(callers, callers.contains("units of this node") && callers.contains("roles of the fleet"));

        String token = shell("ds:token create --scopes read guest").strip();
        assertEquals(200, lookup(http, token));
        assertEquals("nobody without one", 401, lookup(http, "x"));
        String copy = fleet.root().resolve("monday").toString();
        assertTrue(shell("ds:backup " + copy).contains("has all that was acknowledged"));
        assertTrue(Files.exists(Path.of(copy, "CURRENT")));
        assertTrue(shell("ds:check").contains("are as they should be"));
    }

    private int lookup(HttpClient http, String token) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(fleet.address("node-1", "http") + "/v1/projects/p:lookup"))
                                .header("Content-Type", "application/json")
                                .header("Authorization", "Bearer " + token)
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"keys\": [{\"path\": [{\"kind\": \"T\", \"name\": \"a\"}]}]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    /** It is in the one process, which has a listener of its own. */
    @Test
    public void onANodeWithChildrenItIsInOneProcessAndOutlivesIt() throws Exception {
        fleet.configure("node-1", json -> {
            json.withObjectProperty("child").put("standby", 0);
            json.withObjectProperty("listeners")
                    .withObjectProperty("data")
                    .put("process", "one")
                    .put("host", "127.0.0.1")
                    .put("port", 0);
        });
        fleet.up("--children", "2");
        fleet.run("push", feature(0).toString()).succeeded();
        fleet.run("role", "add", "node-1", "datastore").succeeded();
        String address = fleet.address("node-1", "data");
        Datastore datastore = client(address);
        Thread load = Thread.ofPlatform().start(() -> load(datastore, 0));
        Await.until("it is used", Fleet.DEADLINE, () -> acknowledged.size() > 50);
        fleet.run("push", feature(1).toString()).succeeded();
        int before = acknowledged.size();
        Await.until("it is used on", Fleet.DEADLINE, () -> acknowledged.size() > before + 50);
        assertEquals("none fails: " + failures.peek(), 0, failures.size());

        long process = fleet.one("node-1").iterator().next();
        assertTrue(ProcessHandle.of(process).orElseThrow().destroyForcibly());
        Await.until("it is gone", Fleet.DEADLINE, () -> !Fleet.isRunning(process));
        stopped.set(true);
        load.join();
        Datastore again = client(address);
        Await.until("it serves again", Fleet.DEADLINE, () -> serves(again));
        for (String name : acknowledged) {
            assertTrue(name + " is lost", again.get(key(again, name)) != null);
        }
    }

    private static boolean serves(Datastore datastore) {
        try {
            return datastore.get(key(datastore, "0-0")) != null;
        } catch (DatastoreException notYet) {
            return false;
        }
    }
}
