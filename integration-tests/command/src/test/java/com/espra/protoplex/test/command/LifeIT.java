package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** The story of the README, as a user lives it. */
public class LifeIT {

    private static final int SWAPS = Fleet.SOAK ? 20 : 3;
    private static final String[] DEMO = {"demo", "--once"};
    private static final String[] DEMO_SHORT = {"demo", "--once", "--swaps", "2"};
    private static final Pattern HELLO = Pattern.compile("hello 1\\.0\\.\\d+");

    @Rule
    public final SharedFleet shared = new SharedFleet();

    private final Fleet fleet = shared.fleet;

    @Test
    public void pushSwapUnderLoadRollBackRemove() throws Exception {
        Fleet.Result push =
                fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();
        assertTrue(push.toString(), push.output().contains("hello 1.0.0 serves on 1 of 1 nodes"));
        fleet.assertServes("/hello", "hello 1.0.0");

        try (Load load = new Load(
                fleet.port(8080), "/hello", 64, answer -> HELLO.matcher(answer).matches())) {
            for (int i = 1; i <= SWAPS; i++) {
                long before = load.requests();
                fleet.run("push", Apps.hello("1.0." + i, fleet.root()).toString())
                        .succeeded();
                Await.until("load goes on", Fleet.DEADLINE, () -> load.requests() > before + 1000);
            }
            fleet.run("rollback", "hello").succeeded();
            fleet.assertServes("/hello", "hello 1.0." + (SWAPS - 1));
            fleet.run("rollback", "hello", "1.0.1").succeeded();
            load.close();
            load.assertNothingFailed();
        }
        fleet.assertServes("/hello", "hello 1.0.1");

        fleet.run("remove", "hello").succeeded();
        assertEquals(404, fleet.get("/hello").statusCode());
    }

    @Test
    public void untilAnAppClaimsTheRootItSaysWhatRunsAndWhatToType() throws Exception {
        assertEquals(200, fleet.get("/").statusCode());
        assertTrue(fleet.get("/").body(), fleet.get("/").body().contains("protoplex push"));
        assertEquals(404, fleet.get("/nothing").statusCode());
    }

    @Test
    public void aSecondUpFindsTheAppsAndADownEndsAllProcesses() throws Exception {
        fleet.run("push", Apps.app("found", "1.0.0").build(fleet.root()).toString())
                .succeeded();
        long pid = fleet.pid("node-1");

        Fleet.Result again = fleet.run("up", "--detach").succeeded();
        assertEquals("the same process serves: " + again, pid, fleet.pid("node-1"));

        fleet.run("down").succeeded();
        assertFalse("the process is gone", Fleet.isRunning(pid));

        fleet.up();
        fleet.assertServes("/found", "found 1.0.0");
    }

    @Test
    public void theExitStatusSaysWhatHappened() throws Exception {
        fleet.run("push").failedWith(2);
        fleet.run("nonsense").failedWith(2);
        fleet.run("rollback", "nothing").failedWith(1);
        fleet.run("push", "no-such-file.jar").failedWith(2);
        for (String command : Set.of(
                "up",
                "down",
                "status",
                "nodes",
                "builds",
                "routes",
                "push",
                "rollback",
                "remove",
                "shell",
                "logs",
                "new",
                "dev",
                "demo",
                "completion")) {
            Fleet.Result help = fleet.run(command, "--help").succeeded();
            assertTrue(help.toString(), help.output().contains("protoplex " + command));
            assertTrue(help.toString(), help.output().contains("Examples:"));
        }
    }

    /** In bash itself, as a user would load it. */
    @Test
    public void bashCompletesCommandsAndOptions() throws Exception {
        Path script = fleet.root().resolve("completion");
        Files.writeString(script, fleet.run("completion").succeeded().output());
        assertEquals("rollback", completed(script, "protoplex", "rollb"));
        assertEquals("--port-offset", completed(script, "protoplex", "up", "--port"));
    }

    private static String completed(Path script, String... words) throws Exception {
        String line = String.join(" ", words);
        Process bash = new ProcessBuilder(
                        "bash", "--norc", "-c", """
                        compopt() { :; } # bash has it while Tab is pressed only
                        source %s
                        COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=%d
                        entry=$(complete -p protoplex); entry=${entry##*-F }; ${entry%%%% *}
                        printf '%%s\n' "${COMPREPLY[@]}"
                        """.formatted(script, line, words.length - 1, line, line.length()))
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().close();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    public void aNewProjectBuildsAndPushesAsItStands() throws Exception {
        fleet.run("new", "welcome").succeeded();
        Path project = fleet.root().resolve("welcome");
        built(project, maven(project));

        fleet.run("push", project.resolve("target/welcome-1.0.0.jar").toString())
                .succeeded();

        assertEquals(200, fleet.get("/welcome").statusCode());
    }

    /** Their tests, too. */
    @Test
    public void aNewRoleBuildsAndPushesAsItStandsAndTheExampleBuilds() throws Exception {
        fleet.run("new", "tally", "--role").succeeded();
        Path role = fleet.root().resolve("tally");
        Path example = fleet.root().resolve("echo-role");
        copy(Path.of("../../examples/echo-role"), example);
        Process first = maven(role);
        Process second = maven(example, "-Dprotoplex.home=" + Fleet.DISTRIBUTION);
        built(role, first);
        built(example, second);

        fleet.run("push", role.resolve("target/tally.json").toString()).succeeded();
    }

    private Process maven(Path project, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-q", "package"));
        command.addAll(List.of(options));
        ProcessBuilder maven = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(project.resolve("maven.log").toFile());
        // As the API is, what is compiled against it is for this Java.
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return maven.start();
    }

    private static void built(Path project, Process maven) throws IOException, InterruptedException {
        int status = maven.waitFor();
        assertEquals("mvn package: see below\n" + Files.readString(project.resolve("maven.log")), 0, status);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each :
                    all.filter(path -> !path.startsWith(from.resolve("target"))).toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }

    @Test
    public void theDemoTellsTheWholeStory() throws Exception {
        Fleet.Result demo = fleet.run(Fleet.SOAK ? DEMO : DEMO_SHORT).succeeded();

        assertTrue(
                demo.toString(),
                Pattern.compile("fail\\w*\\W+0\\b", Pattern.CASE_INSENSITIVE)
                        .matcher(demo.output())
                        .find());
    }
}
