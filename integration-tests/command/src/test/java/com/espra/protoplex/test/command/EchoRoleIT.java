package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;

/** The example of a role, as it stands in examples/echo-role. Its versions only grow, so the tests have an order. */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class EchoRoleIT {

    private static final String NODE = "node-1";

    /** The steps of a push take about this long together. */
    private static final int PUSH_MILLIS = 2_500;

    private static final int KILLS = Fleet.SOAK ? 40 : 2;

    @ClassRule
    public static final Fleet fleet = new Fleet();

    @BeforeClass
    public static void up() throws Exception {
        fleet.configure(
                NODE,
                json -> json.withObjectProperty("listeners")
                        .withObjectProperty("echo")
                        .put("protocol", "stream")
                        .put("host", "127.0.0.1")
                        .put("port", 0));
        fleet.up();
    }

    private Path build(String version) throws IOException {
        return new EchoRole(fleet.root()).build(version);
    }

    private Path build(String version, UnaryOperator<String> changed) throws IOException {
        return new EchoRole(fleet.root()).build(version, changed);
    }

    private String get(String path) throws Exception {
        return fleet.get(URI.create(fleet.address(NODE, "http") + path)).body().strip();
    }

    private String shell(String command) throws Exception {
        return fleet.run("shell", NODE, command).succeeded().output().strip();
    }

    private double answers() throws Exception {
        return fleet.get(URI.create(fleet.address(NODE, "meta") + "/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("echo_answers_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    @Test
    public void itAnswersHoldsARoomAndCountsThroughASwap() throws Exception {
        fleet.run("push", build("1.0.0").toString()).succeeded();
        fleet.run("role", "add", NODE, "echo").succeeded();
        assertEquals("echo hello", get("/echo/hello"));
        assertEquals("1", get("/echo/count"));
        assertEquals("1", shell("echo:count"));
        assertEquals(1, answers(), 0);

        push(asker());
        String asked = get("/asker");
        assertTrue("its offer is called: " + asked, asked.startsWith("1 by "));

        int port = URI.create(fleet.address(NODE, "http")).getPort();
        Set<String> numbers = ConcurrentHashMap.newKeySet();
        try (RoomLoad room = new RoomLoad(port, "/echo/room", 4, 2);
                Load load = new Load(port, "/echo/count", 4, numbers::add)) {
            Await.until("it counts", Fleet.DEADLINE, () -> load.requests() > 50);
            fleet.run("push", build("1.1.0").toString()).succeeded();
            long seen = load.requests();
            Await.until("it counts on", Fleet.DEADLINE, () -> load.requests() > seen + 50);
            load.close();
            load.assertNothingFailed();
            room.awaitVersion("1.1.0");
            room.assertAllHeardAll();
            assertEquals("no number is lost", Long.toString(1 + load.requests()), shell("echo:count"));
            assertEquals(
                    "the same object, and what the next version says",
                    asked.replace("1 by ", 1 + load.requests() + " by "),
                    get("/asker"));
        }
        fleet.run("remove", "asker").succeeded();
        assertEquals("echo again", get("/echo/again"));
        assertEquals("counted by both versions", 2, answers(), 0);

        fleet.run("config", "set", "echo", "prefix=hi").succeeded();
        assertEquals("hi hello", get("/echo/hello"));

        build("1.2.0");
        fleet.run(
                        "push",
                        new EchoRole(fleet.root())
                                .feature("echo-tcp.json", "1.2.0")
                                .toString())
                .succeeded();
        assertEquals("what was set stays", "hi hello", get("/echo/hello"));
        saysLinesBack();

        fleet.run("role", "remove", NODE, "echo").succeeded();
        assertEquals(
                404,
                fleet.get(URI.create(fleet.address(NODE, "http") + "/echo/hello"))
                        .statusCode());
        Fleet.Result gone = fleet.run("shell", NODE, "echo:count").failedWith(1);
        assertTrue(gone.toString(), gone.errors().contains("echo:count"));
    }

    /** An app that was wired to the role's offer once, and asks it for the last number at each request. */
    private Path asker() {
        return Apps.with("asker", "1.0.0", """
                private final transient java.util.function.LongSupplier offer;

                @Activate
                public App(@Reference java.util.function.LongSupplier offer) {
                    this.offer = offer;
                }

                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    response.getWriter().print(offer.getAsLong() + " by " + System.identityHashCode(offer));
                }
                """).build(fleet.root());
    }

    private void push(Path what) throws Exception {
        fleet.run("push", what.toString()).succeeded();
    }

    /** In clear text, and over TLS; until the next version comes. */
    private void saysLinesBack() throws Exception {
        int port = URI.create(fleet.address(NODE, "echo")).getPort();
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket other = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertEquals("hello", ask(plain, "hello"));
            assertEquals("go ahead", ask(plain, "STARTTLS"));
            Socket tls = new Trust().context().getSocketFactory().createSocket(plain, "localhost", port, true);
            assertEquals("secret", ask(tls, "secret"));
            assertEquals("here", ask(other, "here"));
            fleet.run("rollback", "echo").succeeded();
            assertEquals("come again", line(other));
        }
    }

    private static String ask(Socket socket, String line) throws IOException {
        socket.setSoTimeout(Math.toIntExact(Fleet.DEADLINE.toMillis()));
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        return line(socket);
    }

    /** Byte by byte, for what follows may be TLS. */
    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Test
    public void whoIsKilledInTheMiddleOfATakeOverGoesBackToTheVersionBefore() throws Exception {
        Path told = fleet.root().resolve("told");
        Path closing = fleet.root().resolve("closing");
        Path opening = fleet.root().resolve("opening");
        push(build("2.1.0", EchoRole.hangsClosing(told, closing)));
        fleet.run("role", "add", NODE, "echo").succeeded();
        long count = Long.parseLong(get("/echo/count"));

        killedWhen(closing, told, build("2.1.1"));
        assertEquals("it was still open", Long.toString(++count), get("/echo/count"));

        killedWhen(opening, told, build("2.1.2", EchoRole.hangsOpening(told, opening)));
        assertEquals("it goes back to who had it", Long.toString(++count), get("/echo/count"));
        assertTrue(fleet.run("roles").succeeded().output().contains("2.1.0"));

        killedWhileChannelsMove(told);
        assertEquals(Long.toString(++count), get("/echo/count"));
        fleet.run("role", "remove", NODE, "echo").succeeded();
    }

    /** Clients of the room come again, and it is whole. */
    private void killedWhileChannelsMove(Path told) throws Exception {
        int port = URI.create(fleet.address(NODE, "http")).getPort();
        Path leaving = fleet.root().resolve("leaving");
        push(build("2.1.3", EchoRole.hangsLeaving(told, leaving)));
        try (RoomLoad room = new RoomLoad(port, "/echo/room", 1, 0)) {
            room.awaitVersion("2.1.3");
            killedWhen(leaving, told, build("2.1.4"));
        }
        roomOf(port, "2.1.3", "2.1.4");

        Path adopting = fleet.root().resolve("adopting");
        push(build("2.1.5"));
        try (RoomLoad room = new RoomLoad(port, "/echo/room", 1, 0)) {
            room.awaitVersion("2.1.5");
            killedWhen(adopting, told, build("2.1.6", EchoRole.hangsAdopting(told, adopting)));
        }
        roomOf(port, "2.1.5", "2.1.6");
    }

    private void roomOf(int port, String before, String next) throws Exception {
        String roles = fleet.run("roles").succeeded().output();
        assertTrue(roles, roles.contains(before) || roles.contains(next));
        try (RoomLoad room = new RoomLoad(port, "/echo/room", 2, 1)) {
            room.awaitVersion(roles.contains(next) ? next : before);
            room.assertAllHeardAll();
        }
    }

    /** Also where no step of ours can be made to wait: between the lock, the state of the node and the flip. */
    @Test
    public void whoIsKilledAtAnyTimeOfATakeOverLosesNoNumberThatWasAnswered() throws Exception {
        fleet.run("push", build("2.0.0").toString()).succeeded();
        fleet.run("role", "add", NODE, "echo").succeeded();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 1; kill <= KILLS; kill++) {
            Path next = build("2.0." + kill);
            AtomicLong answered = new AtomicLong(Long.parseLong(get("/echo/count")));
            Process push = fleet.start("push", next.toString());
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(PUSH_MILLIS));
            while (System.nanoTime() < end) {
                answered.set(Long.parseLong(get("/echo/count")));
            }
            fleet.kill(NODE);
            fleet.up();
            fleet.awaitRest();
            assertTrue(push.waitFor(2 * Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
            String said = "kill " + kill + " of seed " + seed + ": " + fleet.result(push);
            assertEquals(said, answered.get() + 1, Long.parseLong(get("/echo/count")));
            String roles = fleet.run("roles").succeeded().output();
            assertTrue(said + roles, roles.contains("2.0." + kill) || roles.contains("2.0." + (kill - 1)));
            fleet.run("push", next.toString()).succeeded();
        }
        fleet.run("role", "remove", NODE, "echo").succeeded();
    }

    /** Nobody is killed: the deadlines alone end it, and what hung may go on later. */
    @Test
    public void whoDoesNotCloseInATakeOverIsNamedAndTheCountGoesOn() throws Exception {
        Path told = fleet.root().resolve("told-to-hang");
        Path closing = fleet.root().resolve("hangs-closing");
        // It is given so long to open again, too.
        fleet.run("push", build("1.3.0", EchoRole.hangsClosing(told, closing)).toString(), "--ready", "10")
                .succeeded();
        fleet.run("role", "add", NODE, "echo").succeeded();
        long count = Long.parseLong(get("/echo/count"));

        Files.createFile(told);
        refused(build("1.3.1"), "closing echo 1.3.0 did not end within");
        assertTrue(Files.exists(closing));
        Files.delete(told);
        count = countsOn(count);

        push(build("1.3.3"));
        assertEquals(Long.toString(count + 1), get("/echo/count"));
        fleet.run("role", "remove", NODE, "echo").succeeded();
    }

    private void refused(Path next, String why) throws Exception {
        Fleet.Result refused =
                fleet.run("push", next.toString(), "--ready", "2").failedWith(1);
        assertTrue(refused.toString(), refused.all().contains(why));
    }

    /** What had to be closed is open again, at once or when it has ended what it hung in: with the number after the last one. */
    private long countsOn(long last) throws Exception {
        URI uri = URI.create(fleet.address(NODE, "http") + "/echo/count");
        StringBuilder body = new StringBuilder();
        Await.until("it counts on", Fleet.DEADLINE, () -> {
            HttpResponse<String> answer = fleet.get(uri);
            body.replace(0, body.length(), answer.body().strip());
            // Meanwhile what is not open has no route, and what answers the rest of the path answers here, too.
            return body.toString().matches("\\d+");
        });
        assertEquals(Long.toString(last + 1), body.toString());
        return last + 1;
    }

    private void killedWhen(Path reached, Path told, Path next) throws Exception {
        Files.createFile(told);
        Process push = fleet.start("push", next.toString());
        Await.until("the step is reached", Fleet.DEADLINE, () -> {
            assertTrue(fleet.result(push).toString(), push.isAlive());
            return Files.exists(reached);
        });
        fleet.kill(NODE);
        Files.delete(told);
        fleet.up();
        fleet.awaitRest();
        assertTrue(push.waitFor(2 * Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }
}
