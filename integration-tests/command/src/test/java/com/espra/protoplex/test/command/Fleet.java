package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A fleet of the test's own, driven by the real command as a user would. What is left of it afterwards is ended by its process id. */
final class Fleet extends ExternalResource {

    /** Long enough for a machine that is busy with something else: a limit, never a measure. */
    static final Duration DEADLINE = Duration.ofSeconds(Integer.getInteger("deadline", 60));

    /** Long, as somebody who has time for it asks for by {@code -Dsoak}; otherwise as short as the promise can be shown in. */
    static final boolean SOAK = Boolean.getBoolean("soak");

    private static final Path REPOSITORY =
            Path.of(System.getProperty("repository")).toAbsolutePath().normalize();
    private static final List<Integer> PORTS = List.of(8080, 8443, 8060, 8061, 8022, 8050);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the build has made. */
    static final Path DISTRIBUTION = REPOSITORY.resolve("runtimes/dist/target/protoplex");

    private final TemporaryFolder folder = new TemporaryFolder();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private String place = "fleet";
    private FileChannel reserved;
    private final Map<String, String> variables = new HashMap<>();
    private Path distribution = DISTRIBUTION;
    private Path script = REPOSITORY.resolve("protoplex");
    private int offset;

    /** How a command ended, and what it said. */
    record Result(int status, String output, String errors) {

        Result succeeded() {
            assertEquals(toString(), 0, status);
            return this;
        }

        Result failedWith(int expected) {
            assertEquals(toString(), expected, status);
            return this;
        }

        String all() {
            return output + errors;
        }

        JsonNode json() throws IOException {
            return JSON.readTree(output);
        }

        @Override
        public String toString() {
            return "exit " + status + "\n--- stdout\n" + output + "\n--- stderr\n" + errors;
        }
    }

    @Override
    protected void before() throws IOException {
        folder.create();
        reservePorts();
    }

    @Override
    protected void after() {
        try {
            run("down");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the fleet cannot be ended", e);
        } finally {
            end();
        }
    }

    /** Ends what is left of it, at once. */
    void end() {
        try {
            for (long pid : pids()) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (IOException e) {
            throw new AssertionError("the fleet cannot be ended", e);
        } finally {
            folder.delete();
            release();
        }
    }

    private void release() {
        try {
            if (reserved != null) {
                reserved.close();
            }
        } catch (IOException e) {
            throw new AssertionError("the ports cannot be given to others", e);
        }
    }

    /** Commands and nodes are of another distribution from now on. */
    void use(Path other) {
        distribution = other;
    }

    /** Commands are those of a distribution that lies somewhere else, by the script that is in it. */
    void useScriptOf(Path other) {
        use(other);
        script = other.resolve("protoplex");
    }

    /** Commands and nodes see an environment variable from now on. */
    void with(String variable, String value) {
        variables.put(variable, value);
    }

    /** Its folder is called so, from before its first start. */
    void place(String name) {
        place = name;
    }

    Path root() {
        return folder.getRoot().toPath();
    }

    Path dir() {
        return root().resolve(place);
    }

    Path node(String name) {
        return dir().resolve("nodes").resolve(name);
    }

    /** Changes what a node is configured with, before its first start or later; it reads that when it starts, or starts children. */
    void configure(String node, Consumer<ObjectNode> change) throws IOException {
        Path file = Files.createDirectories(node(node)).resolve("node.json");
        ObjectNode configuration =
                Files.exists(file) ? (ObjectNode) JSON.readTree(file.toFile()) : JSON.createObjectNode();
        change.accept(configuration);
        JSON.writeValue(file.toFile(), configuration);
    }

    int port(int standard) {
        return standard + offset;
    }

    Result up(String... options) throws IOException, InterruptedException {
        return tryUp(options).succeeded();
    }

    /** {@code up}, however it ends. */
    Result tryUp(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("up", "--detach", "--port-offset", Integer.toString(offset)));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    /** {@code up} as a user types it: it stays, and a signal to it stops the fleet. Returns when the fleet serves. */
    Process upInForeground() throws IOException {
        Process up = start("up", "--port-offset", Integer.toString(offset));
        Await.until("the fleet serves", DEADLINE, () -> {
            assertTrue(result(up).toString(), up.isAlive());
            return result(up).output().contains("node-1 serves");
        });
        return up;
    }

    /** Waits until no deployment is on its way. */
    void awaitRest() {
        Await.until("all deployments have ended", DEADLINE, () -> {
            JsonNode status = api("/v1/status");
            return status.path("deploying").isEmpty()
                    && status.path("connected").asInt() > 0;
        });
    }

    /** The version of an app that should serve, by what {@code status} says. */
    String version(String app) throws IOException, InterruptedException {
        for (JsonNode each : run("status", "--json").succeeded().json().path("apps")) {
            if (each.path("app").asText().equals(app)) {
                return each.path("version").asText();
            }
        }
        throw new AssertionError("status does not know " + app);
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        if (!process.waitFor(5 * DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(
                    "still running: " + String.join(" ", arguments) + "\n" + result(process, arguments));
        }
        return result(process, arguments);
    }

    /** Starts a command on a terminal. */
    Terminal terminal(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(script.toString());
        command.addAll(List.of(arguments));
        return new Terminal(command, environment(), root());
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("PROTOPLEX_DIR", dir().toString());
        if (!script.startsWith(distribution)) {
            environment.put("PROTOPLEX_HOME", distribution.toString());
        }
        return environment;
    }

    /** Starts a command without waiting for it; {@link #result} has what it said when it has ended. */
    Process start(String... arguments) throws IOException {
        Process process = start(ProcessBuilder.Redirect.PIPE, arguments);
        process.getOutputStream().close();
        return process;
    }

    private Process start(ProcessBuilder.Redirect input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(script.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root().toFile());
        builder.environment().putAll(environment());
        String name = "command-" + System.nanoTime();
        Path output = root().resolve(name + ".out");
        Path errors = root().resolve(name + ".err");
        Process process = builder.redirectInput(input)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        Files.writeString(root().resolve(process.pid() + ".name"), name);
        return process;
    }

    /** Runs a command that reads this from standard input. */
    Result runWith(String input, String... arguments) throws IOException, InterruptedException {
        Process process = start(
                ProcessBuilder.Redirect.from(Files.writeString(Files.createTempFile(root(), "input", ""), input)
                        .toFile()),
                arguments);
        process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        return result(process, arguments);
    }

    Result result(Process process, String... arguments) throws IOException {
        String name = Files.readString(root().resolve(process.pid() + ".name"));
        return new Result(
                process.isAlive() ? -1 : process.exitValue(),
                Files.readString(root().resolve(name + ".out")),
                Files.readString(root().resolve(name + ".err")));
    }

    /** What the Seed says, as an operator's program asks for it. */
    JsonNode api(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = ask(operators(path).build());
        assertEquals(response.body(), 200, response.statusCode());
        return JSON.readTree(response.body());
    }

    /** Asks the Seed to do something, as an operator's program does. */
    HttpResponse<String> post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return ask(operators(path)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    private HttpRequest.Builder operators(String path) throws IOException {
        String token = Files.readString(dir().resolve("operator.token")).strip();
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port(8060) + path))
                .header("Authorization", "Bearer " + token)
                .timeout(DEADLINE);
    }

    private HttpResponse<String> ask(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(8080, path);
    }

    HttpResponse<String> get(int standardPort, String path) throws IOException, InterruptedException {
        return get(URI.create("http://localhost:" + port(standardPort) + path));
    }

    HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(uri).timeout(DEADLINE).build());
    }

    void assertServes(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertEquals(path + ": " + response.body(), 200, response.statusCode());
        assertEquals(body, response.body());
    }

    /** The processes of a node's children that serve. */
    Set<Long> serving(String node) throws IOException, InterruptedException {
        return children(node, "SERVING");
    }

    void awaitServing(String node, int children) {
        Await.until(children + " children serve", DEADLINE, () -> serving(node).size() == children);
    }

    /** The processes of a node's children for the public port that are in a phase of their lives. */
    Set<Long> children(String node, String phase) throws IOException, InterruptedException {
        return children(
                node,
                child -> child.path("group").asText().equals("serving")
                        && child.path("phase").asText().equals(phase));
    }

    /** The process of a node's units that are placed in one, when it serves. */
    Set<Long> one(String node) throws IOException, InterruptedException {
        return children(
                node,
                child -> child.path("group").asText().equals("single")
                        && child.path("phase").asText().equals("SERVING"));
    }

    /** The processes of all children of a node. */
    Set<Long> children(String node) throws IOException, InterruptedException {
        return children(node, child -> true);
    }

    /** As the Meta port tells, like the shell's node:children, but without a process to start each time that somebody looks. */
    private Set<Long> children(String node, Predicate<JsonNode> which) throws IOException, InterruptedException {
        String report = get(URI.create(address(node, "meta") + "/v1/node")).body();
        JsonNode children = JSON.readTree(report).path("processes").path("children");
        assertTrue("no children in " + report, children.isArray());
        Set<Long> pids = new TreeSet<>();
        for (JsonNode child : children) {
            if (which.test(child)) {
                pids.add(child.path("pid").asLong());
            }
        }
        return pids;
    }

    static List<String> commandLine(long pid) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Ends a node as a power cut would, and waits until it is gone. */
    void kill(String node) throws IOException {
        long pid = pid(node);
        ProcessHandle process =
                ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(node + " does not run: " + pid));
        process.destroyForcibly();
        Await.until(node + " is gone", DEADLINE, () -> !isRunning(pid));
    }

    /** Starts a node that was killed as it was started before, and nothing else: what a service manager does. */
    Process restart(String node, List<String> commandLine) throws IOException {
        Process process = new ProcessBuilder(commandLine)
                .directory(node(node).toFile())
                .redirectErrorStream(true)
                .redirectOutput(root().resolve(node + ".console").toFile())
                .start();
        process.getOutputStream().close();
        return process;
    }

    /** How a node was started. */
    List<String> commandLine(String node) throws IOException {
        String words = Files.readString(Path.of("/proc", Long.toString(pid(node)), "cmdline"));
        return List.of(words.split("\0"));
    }

    /** The URL of a node's listener. */
    String address(String node, String listener) throws IOException {
        return JSON.readTree(node(node).resolve("status.json").toFile())
                .path("addresses")
                .path(listener)
                .asText();
    }

    /** Whether the process runs, or still has its ports. One that has ended and that nobody has waited for (a zombie) does not. */
    static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> ProcessRef.of(process).alive())
                .isPresent();
    }

    /** Whether its first node runs. */
    boolean isUp() throws IOException {
        return Files.exists(node("node-1").resolve("status.json")) && isRunning(pid("node-1"));
    }

    long pid(String node) throws IOException {
        return JSON.readTree(node(node).resolve("status.json").toFile())
                .path("pid")
                .asLong();
    }

    private List<Long> pids() throws IOException {
        List<Long> pids = new ArrayList<>();
        if (Files.isDirectory(dir().resolve("nodes"))) {
            try (var nodes = Files.list(dir().resolve("nodes"))) {
                for (Path node : nodes.toList()) {
                    if (Files.exists(node.resolve("status.json"))) {
                        pids.add(pid(node.getFileName().toString()));
                    }
                }
            }
        }
        return pids;
    }

    /** Nobody else's: the other JVM of this build looks for ports at the same time, and so may other builds. Held until {@link #end}. */
    private void reservePorts() throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "protoplex-test-ports"));
        int first = (int) (ProcessHandle.current().pid() % 600);
        for (int i = 0; i < 600; i++) {
            // No offset reaches the ports that the system gives to clients.
            int candidate = 10_000 + (first + i) % 600 * 23;
            FileChannel file = FileChannel.open(
                    folder.resolve(Integer.toString(candidate)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(file) && allFree(candidate)) {
                offset = candidate;
                reserved = file;
                return;
            }
            file.close();
        }
        throw new AssertionError("no free ports");
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException anotherFleetOfThisTest) {
            return false;
        }
    }

    private static boolean allFree(int offset) {
        for (int port : PORTS) {
            try (ServerSocket socket = new ServerSocket(port + offset, 1, InetAddress.getByName("0.0.0.0"))) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
