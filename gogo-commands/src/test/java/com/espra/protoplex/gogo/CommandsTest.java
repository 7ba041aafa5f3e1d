package com.espra.protoplex.gogo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The commands as Gogo runs and prints them; the Seed is an HTTP server that answers what docs/openapi.yaml says. */
public class CommandsTest {

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private ThreadIOImpl streams;
    private CommandProcessorImpl processor;
    private CommandSession session;
    private HttpServer seed;
    private SeedCommands commands;

    @Before
    public void open() throws IOException {
        streams = new ThreadIOImpl();
        streams.start();
        processor = new CommandProcessorImpl(streams);
        processor.addConverter(new RecordFormat());
        seed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        seed.createContext("/", this::answer);
        seed.start();
        Path token = FOLDER.getRoot().toPath().resolve("operator.token");
        Files.writeString(token, "secret\n");
        commands = new SeedCommands(new FixedConfig(token.toString()), new Address(address()), new TestNode());
        processor.addCommand("seed", commands, "nodes");
        processor.addCommand("seed", commands, "forget");
        processor.addCommand("seed", commands, "apps");
        processor.addCommand("seed", commands, "deploy");
        processor.addCommand("seed", commands, "rollback");
        processor.addCommand("seed", commands, "remove");
        processor.addCommand("seed", commands, "abort");
        BuildCommands builds = new BuildCommands(commands);
        processor.addCommand("build", builds, "list");
        processor.addCommand("build", builds, "show");
        session = processor.createSession(new ByteArrayInputStream(new byte[0]), printed, printed);
    }

    @After
    public void close() {
        session.close();
        seed.stop(0);
        processor.stop();
        streams.stop();
    }

    @Test
    public void printsRecordsAsATable() throws Exception {
        assertEquals("""
                APP      VERSION  SERVING  PREVIOUS  DEPLOYING
                hello    1.0.1    1 of 1   1.0.0
                goodbye  2.0.0    0 of 1             d-7""", print("seed:apps"));
    }

    @Test
    public void printsOneRecordAsNamesAndValues() {
        record Inner(String step, Duration took) {}
        record Outer(String unit, Instant time, Duration up, List<Inner> steps) {}
        String text = session.format(
                        new Outer(
                                "hello",
                                Instant.parse("2026-01-02T03:04:05Z"),
                                Duration.ofSeconds(3723),
                                List.of(new Inner("FLIP", Duration.ofMillis(7)))),
                        Converter.INSPECT)
                .toString();
        assertTrue(text, text.startsWith("UNIT   hello\nTIME   2026-01-0"));
        assertTrue(text, text.contains("UP     1h 2m 3s\n\nSTEP  TOOK\nFLIP  7.0 ms"));
    }

    @Test
    public void asksTheSeedWithTheOperatorsToken() throws Exception {
        assertTrue(print("seed:nodes").contains("node-1  connected"));
        assertTrue(asked.toString(), asked.contains("GET /v1/nodes Bearer secret"));
        session.execute("seed:forget node-3");
        assertTrue(asked.toString(), asked.contains("DELETE /v1/nodes/node-3 Bearer secret"));
    }

    @Test
    public void followsADeploymentToItsEnd() throws Exception {
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", session.execute("seed:deploy hello 1.0.0"));
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("node-1  flip done  7 ms"));
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", session.execute("seed:rollback hello"));
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", session.execute("seed:remove hello"));
        assertTrue(asked.toString(), asked.contains("DELETE /v1/apps/hello Bearer secret"));
    }

    @Test
    public void givesADeploymentUp() throws Exception {
        assertEquals("hello 1.0.0 serves on 1 of 1 nodes", session.execute("seed:abort d-1"));
        assertTrue(asked.toString(), asked.contains("POST /v1/deployments/d-1/abort Bearer secret"));
    }

    @Test
    public void whatStrangersWroteCannotCommandTheTerminal() {
        record Line(String node, List<String> roles) {}
        String text = session.format(List.of(new Line("\u001b]0;owned\u0007", List.of("a\nb"))), Converter.INSPECT)
                .toString();
        assertTrue(text, text.contains("\\u001b]0;owned\\u0007"));
        assertEquals(text, 2, text.lines().count());
    }

    @Test
    public void tellsWhatWasRefusedAndWhatToDo() {
        IOException refused = assertThrows(IOException.class, () -> session.execute("seed:deploy bad 1.0.0"));
        assertEquals("node-1 refused it. push a build that starts", refused.getMessage());
        IOException unknown = assertThrows(IOException.class, () -> session.execute("seed:deploy none 1.0.0"));
        assertEquals("there is no app none. push it first", unknown.getMessage());
        assertThrows(IllegalArgumentException.class, () -> session.execute("seed:remove '../builds'"));
    }

    @Test
    public void showsBuilds() throws Exception {
        assertTrue(print("build:list hello").contains("hello  1.0.0"));
        assertFalse(print("build:list other").contains("hello"));
        assertTrue(print("build:show hello 1.0.0").contains("\"unit\" : \"hello\""));
        assertThrows(IllegalArgumentException.class, () -> session.execute("build:show hello 9.9.9"));
    }

    private String print(String command) throws Exception {
        return session.format(session.execute(command), Converter.INSPECT).toString();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + path + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        exchange.getRequestBody().readAllBytes();
        int status = path.startsWith("/v1/apps/none") ? 404 : 200;
        byte[] body = body(path).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String body(String path) {
        return switch (path) {
            case "/v1/apps" -> """
                {"apps":[
                 {"app":"hello","version":"1.0.1","digest":"ab","previous":"1.0.0","serving":1,"nodes":1,"deploying":""},
                 {"app":"goodbye","version":"2.0.0","digest":"cd","previous":"","serving":0,"nodes":1,"deploying":"d-7"}]}""";
            case "/v1/nodes" -> """
                {"nodes":[{"node":"node-1","region":"local","roles":["app"],"connected":true,"since":"2026-01-01T00:00:00Z",
                 "version":"0.1.0","units":[{"unit":"hello","version":"1.0.1"}]}]}""";
            case "/v1/builds" -> """
                {"builds":[{"digest":"ab12","unit":"hello","version":"1.0.0","created":"2026-01-01T00:00:00Z","author":"k1",
                 "files":1,"bytes":4096,"state":"serving"}]}""";
            case "/v1/builds/ab12/manifest" -> "{\"unit\":\"hello\"}";
            case "/v1/apps/bad/deployments" -> """
                {"id":"d-2","state":"refused","ended":"2026-01-01T00:00:00Z","detail":"node-1 refused it","remedy":"push a build that starts"}""";
            case "/v1/apps/none/deployments" -> """
                {"title":"Not found","status":404,"detail":"there is no app none","remedy":"push it first"}""";
            case "/v1/deployments/d-1/events" -> """
                {"node":"node-1","step":"FLIP","state":"DONE","detail":"7 ms"}

                {"end":true,"id":"d-1","state":"done","detail":"hello 1.0.0 serves on 1 of 1 nodes"}
                """;
            default -> "{\"id\":\"d-1\",\"state\":\"moving\"}";
        };
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + seed.getAddress().getPort());
    }

    private record FixedConfig(String tokenFile) implements SeedCommands.Config {

        @Override
        public Class<? extends Annotation> annotationType() {
            return SeedCommands.Config.class;
        }
    }

    private record Address(URI address) implements Listener {

        @Override
        public String name() {
            return "seed";
        }

        @Override
        public String group() {
            return "seed";
        }
    }

    private record TestNode() implements Node {

        @Override
        public String name() {
            return "node-1";
        }

        @Override
        public String region() {
            return "local";
        }

        @Override
        public Set<String> roles() {
            return Set.of("seed");
        }

        @Override
        public Path data(String owner) {
            throw new UnsupportedOperationException("no command keeps data");
        }
    }
}
