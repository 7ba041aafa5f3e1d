package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.TestBundle;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Units that are placed in one process, on nodes with children: they run there and nowhere else, through swaps, kills and upgrades. */
public class OneProcessIT {

    private static final String NODE = "node-1";

    @Rule
    public final Fleet fleet = new Fleet();

    private void fewChildren(String node) throws IOException {
        fleet.configure(node, json -> json.withObjectProperty("child").put("standby", 0));
    }

    private void ownListeners(String node) throws IOException {
        fleet.configure(node, json -> {
            ObjectNode listeners = json.withObjectProperty("listeners");
            listeners
                    .withObjectProperty("own")
                    .put("process", "one")
                    .put("host", "127.0.0.1")
                    .put("port", 0);
            listeners
                    .withObjectProperty("echo")
                    .put("process", "one")
                    .put("protocol", "stream")
                    .put("host", "127.0.0.1")
                    .put("port", 0);
        });
    }

    private int port(String listener) throws IOException {
        return URI.create(fleet.address(NODE, listener)).getPort();
    }

    private String get(String listener, String path) throws Exception {
        return fleet.get(URI.create(fleet.address(NODE, listener) + path))
                .body()
                .strip();
    }

    private int status(String listener, String path) throws Exception {
        return fleet.get(URI.create(fleet.address(NODE, listener) + path)).statusCode();
    }

    private long count() throws Exception {
        return Long.parseLong(get("own", "/echo/count"));
    }

    private void awaitCount(long expected) throws Exception {
        Await.until("it counts on", Fleet.DEADLINE, () -> status("own", "/echo/hello") == 200);
        assertEquals("what was acknowledged is there, and nothing else", expected, count());
    }

    private long one(String node) throws Exception {
        // What the unit answers is known before the phase of its process is.
        Await.until("one process has it", Fleet.DEADLINE, () -> fleet.one(node).size() == 1);
        return fleet.one(node).iterator().next();
    }

    private void push(Path feature) throws Exception {
        fleet.run("push", feature.toString()).succeeded();
    }

    @Test
    public void whatTakesOverRunsOnceThroughSwapsAndKillsAndUpgrades() throws Exception {
        fewChildren(NODE);
        ownListeners(NODE);
        fleet.up("--children", "2");
        Set<Long> serving = fleet.serving(NODE);
        EchoRole echo = new EchoRole(fleet.root());

        push(echo.build("1.0.0"));
        fleet.run("role", "add", NODE, "echo").succeeded();
        assertEquals("echo hello", get("own", "/echo/hello"));
        assertEquals("in the other processes it is not", 404, status("http", "/echo/hello"));
        assertEquals(1, count());
        assertEquals(
                "the shell reaches it",
                "1",
                fleet.run("shell", NODE, "echo:count").succeeded().output().strip());
        // On a machine that is busy a child may be too late for a scrape.
        Await.until(
                "its meters are the node's",
                Fleet.DEADLINE,
                () -> get("meta", "/metrics")
                        .lines()
                        .anyMatch(line -> line.startsWith("echo_answers_total") && line.contains("single-0")));

        long counted = 1 + swappedUnderLoad(echo);
        fleet.run("config", "set", "echo", "prefix=hi").succeeded();
        assertEquals("hi hello", get("own", "/echo/hello"));
        refusedAndRolledBack(echo);

        echo.build("1.2.0");
        push(echo.feature("echo-tcp.json", "1.2.0"));
        assertEquals("hello", line("hello"));
        awaitCount(++counted);

        long killed = one(NODE);
        assertTrue(ProcessHandle.of(killed).orElseThrow().destroyForcibly());
        Await.until("another one is there", Fleet.DEADLINE, () -> {
            Set<Long> now = fleet.one(NODE);
            return now.size() == 1 && !now.contains(killed);
        });
        awaitCount(++counted);
        assertEquals("the others went on", serving, fleet.serving(NODE));

        long before = one(NODE);
        fleet.run("upgrade", "--children").succeeded();
        assertTrue("it was replaced", before != one(NODE));
        awaitCount(++counted);
        fleet.run("upgrade").succeeded();
        awaitCount(++counted);
        assertEquals("hello", line("hello"));

        Set<Long> children = fleet.children(NODE);
        fleet.kill(NODE);
        Await.until(
                "its children have noticed",
                Fleet.DEADLINE,
                () -> children.stream().noneMatch(Fleet::isRunning));
        fleet.up();
        awaitCount(++counted);

        push(role("line", "1.0.0", "{\"kind\": \"role\"}", "LISTENER + \"=line\"", "LISTENER + \"=echo\""));
        Fleet.Result elsewhere = fleet.run("role", "add", NODE, "line").failedWith(1);
        assertTrue(elsewhere.toString(), elsewhere.errors().contains("which the one process of this node has"));

        fleet.run("role", "remove", NODE, "echo").succeeded();
        assertEquals(404, status("own", "/echo/hello"));
        Fleet.Result gone = fleet.run("shell", NODE, "echo:count").failedWith(1);
        assertTrue(gone.toString(), gone.errors().contains("echo:count"));
    }

    /** First the process alone is killed, then the whole node. */
    @Test
    public void whatIsKilledInTheMiddleOfATakeOverCountsOn() throws Exception {
        fewChildren(NODE);
        ownListeners(NODE);
        fleet.up("--children", "2");
        EchoRole echo = new EchoRole(fleet.root());
        Path told = fleet.root().resolve("told");
        Path closing = fleet.root().resolve("closing");
        Path opening = fleet.root().resolve("opening");
        push(echo.build("2.1.0", EchoRole.hangsClosing(told, closing)));
        fleet.run("role", "add", NODE, "echo").succeeded();
        long counted = count();

        killedWhen(closing, told, echo.build("2.1.1"), this::killOne);
        awaitCount(++counted);
        killedWhen(opening, told, echo.build("2.1.2", EchoRole.hangsOpening(told, opening)), this::killOne);
        awaitCount(++counted);

        Path again = fleet.root().resolve("opening-again");
        killedWhen(again, told, echo.build("2.1.3", EchoRole.hangsOpening(told, again)), () -> {
            fleet.kill(NODE);
            Files.delete(told);
            fleet.up();
        });
        awaitCount(++counted);
        push(echo.build("2.1.4"));
        awaitCount(++counted);
    }

    private void killOne() throws Exception {
        assertTrue(ProcessHandle.of(one(NODE)).orElseThrow().destroyForcibly());
    }

    @FunctionalInterface
    private interface Kill {
        void run() throws Exception;
    }

    private void killedWhen(Path reached, Path told, Path next, Kill kill) throws Exception {
        Files.createFile(told);
        Process push = fleet.start("push", next.toString());
        Await.until("the step is reached", Fleet.DEADLINE, () -> {
            assertTrue(fleet.result(push).toString(), push.isAlive());
            return Files.exists(reached);
        });
        kill.run();
        Files.deleteIfExists(told);
        fleet.awaitRest();
        assertTrue(push.waitFor(2 * Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    /** Returns how many were counted. */
    private long swappedUnderLoad(EchoRole echo) throws Exception {
        Set<String> numbers = ConcurrentHashMap.newKeySet();
        try (RoomLoad room = new RoomLoad(port("own"), "/echo/room", 4, 2);
                Load load = new Load(port("own"), "/echo/count", 4, numbers::add)) {
            Await.until("it counts", Fleet.DEADLINE, () -> load.requests() > 50);
            push(echo.build("1.1.0"));
            long seen = load.requests();
            Await.until("it counts on", Fleet.DEADLINE, () -> load.requests() > seen + 50);
            fleet.run("rollback", "echo").succeeded();
            long back = load.requests();
            Await.until("it counts on", Fleet.DEADLINE, () -> load.requests() > back + 50);
            load.close();
            load.assertNothingFailed();
            room.awaitVersion("1.1.0");
            room.assertAllHeardAll();
            assertEquals(
                    "no number is lost",
                    Long.toString(1 + load.requests()),
                    fleet.run("shell", NODE, "echo:count").succeeded().output().strip());
            return load.requests();
        }
    }

    private void refusedAndRolledBack(EchoRole echo) throws Exception {
        Path bad = echo.build(
                "1.1.5",
                source -> source.replace(
                        "        file = new CountFile(",
                        "        if (live != null) throw new IOException(\"no folder\");\n        file = new CountFile("));
        Fleet.Result refused = fleet.run("push", bad.toString()).failedWith(1);
        assertTrue(refused.toString(), refused.all().contains("no folder"));
        assertEquals("the one before has its file again", "hi hello", get("own", "/echo/hello"));
        String why = fleet.run("shell", NODE, "swap:why echo").succeeded().output();
        assertTrue(why, why.contains("no folder"));
    }

    private String line(String text) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port("echo"))) {
            socket.setSoTimeout(Math.toIntExact(Fleet.DEADLINE.toMillis()));
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            return Load.line(socket.getInputStream()).strip();
        }
    }

    /** A role of one class of the handbook. */
    private Path role(String name, String version, String unit, String text, String instead) throws IOException {
        String page = Files.readString(Path.of("../../docs/writing-roles.md"));
        int start = page.indexOf("package com.example." + name + ";");
        String source = page.substring(start, page.indexOf("```", start));
        return role(name, version, unit, source.replace(text, instead));
    }

    private Path role(String name, String version, String unit, String source) throws IOException {
        Path target = Files.createDirectories(fleet.root().resolve(name + "-" + version));
        TestBundle.named(name).version(version).source(source).build(target);
        return Files.writeString(target.resolve(name + ".json"), """
                {"feature-resource-version": "1.0", "id": "com.example:%1$s:%2$s",
                 "bundles": [{"id": "com.example:%1$s:%2$s"}],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": %3$s}}}
                """.formatted(name, version, unit));
    }

    private Path stock(String version) throws IOException {
        return role(
                "stock",
                version,
                "{\"kind\": \"role\", \"placement\": \"one\"}",
                "\"twelve\"",
                "\"twelve of " + version + "\"");
    }

    private boolean isAnswered(String version) throws Exception {
        for (int i = 0; i < 6; i++) {
            if (!get("http", "/shop").equals("in stock: twelve of " + version)) {
                return false;
            }
        }
        return true;
    }

    /** Without the Seed and without a listener of its own the process is there for its units alone. */
    @Test
    public void theProcessComesWithItsUnitsAndIsCalledByTheOthers() throws Exception {
        fewChildren(NODE);
        fewChildren("node-2");
        fleet.up("--nodes", "2", "--children", "2");
        String other = "node-2";
        assertEquals("nothing needs it", Set.of(), fleet.one(other));

        push(role("shop", "1.0.0", "{\"kind\": \"role\"}", "", ""));
        fleet.run("role", "add", NODE, "shop").succeeded();
        push(stock("1.0.0"));
        fleet.run("role", "add", other, "stock").succeeded();
        long process = one(other);
        Await.until("each child of node-1 has heard where it is", Fleet.DEADLINE, () -> isAnswered("1.0.0"));
        fleet.run("role", "add", NODE, "stock").succeeded();
        fleet.run("role", "remove", other, "stock").succeeded();
        Await.until("nothing needs it any more", Fleet.DEADLINE, () -> !Fleet.isRunning(process));
        Await.until("another process of its own node has it", Fleet.DEADLINE, () -> isAnswered("1.0.0"));

        try (Load load = new Load(port("http"), "/shop", 4, answer -> answer.startsWith("in stock: twelve of 1."))) {
            Await.until("it is asked", Fleet.DEADLINE, () -> load.requests() > 100);
            push(stock("1.1.0"));
            long before = load.requests();
            Await.until("it is asked on", Fleet.DEADLINE, () -> load.requests() > before + 100);
            load.close();
            load.assertNothingFailed();
        }
        assertTrue(isAnswered("1.1.0"));
        refusedByName();
    }

    private void refusedByName() throws Exception {
        push(new EchoRole(fleet.root()).build("1.0.0"));
        Fleet.Result nobody = fleet.run("role", "add", "node-2", "echo").failedWith(1);
        assertTrue(nobody.toString(), nobody.errors().contains("nobody would reach"));
        assertTrue(nobody.toString(), nobody.errors().contains("\"process\": \"one\""));
        Await.until(
                "nothing needs the process",
                Fleet.DEADLINE,
                () -> fleet.one("node-2").isEmpty());
        Path each = role(
                "each",
                "1.0.0",
                "{\"kind\": \"role\", \"takeOver\": true, \"placement\": \"each\"}",
                "package com.example.each; public final class Each {}");
        Fleet.Result refused = fleet.run("push", each.toString()).failedWith(1);
        assertTrue(refused.toString(), refused.all().contains("\"placement\" is \"each\""));
    }

    /** Each client's channel lives in one child, and stays there. */
    @Test
    public void channelsOfChildrenLiveThroughASwap() throws Exception {
        fewChildren(NODE);
        fleet.up("--children", "2");
        push(mirror("1.0.0"));
        fleet.run("role", "add", NODE, "mirror").succeeded();
        List<RoomLoad> rooms = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                rooms.add(new RoomLoad(port("http"), "/mirror", 1, 0));
            }
            for (RoomLoad room : rooms) {
                room.awaitVersion("1.0.0");
            }
            push(mirror("1.1.0"));
            for (RoomLoad room : rooms) {
                room.awaitVersion("1.1.0");
                room.forget("1.0.0");
            }
            fleet.run("rollback", "mirror").succeeded();
            for (RoomLoad room : rooms) {
                room.awaitVersion("1.0.0");
                room.assertAllHeardAll();
            }
        } finally {
            for (RoomLoad room : rooms) {
                room.close();
            }
        }
    }

    /** Says what it hears, to whoever said it, with its version and how often that one has said something. */
    private Path mirror(String version) throws IOException {
        return role("mirror", version, "{\"kind\": \"role\"}", """
                package com.example.mirror;
                import com.espra.protoplex.api.channel.*;
                import com.espra.protoplex.api.http.HandlerProperties;
                import java.nio.charset.StandardCharsets;
                import java.util.Map;
                import java.util.concurrent.ConcurrentHashMap;
                import org.osgi.service.component.annotations.Component;
                @Component(service = ChannelReceiver.class, property = HandlerProperties.PATH + "=/mirror")
                public final class Mirror implements ChannelReceiver {
                    private final Map<Channel, Integer> said = new ConcurrentHashMap<>();
                    @Override public void opened(Channel channel) { said.put(channel, 0); }
                    @Override public void message(Channel channel, String text) {
                        channel.send("%s " + text + " " + said.merge(channel, 1, Integer::sum));
                    }
                    @Override public byte[] leave(Channel channel) {
                        return String.valueOf(said.remove(channel)).getBytes(StandardCharsets.UTF_8);
                    }
                    @Override public void adopted(Channel channel, byte[] state) {
                        said.put(channel, Integer.valueOf(new String(state, StandardCharsets.UTF_8)));
                    }
                    @Override public void closed(Channel channel, int code, String reason) { said.remove(channel); }
                }
                """.formatted(version));
    }
}
