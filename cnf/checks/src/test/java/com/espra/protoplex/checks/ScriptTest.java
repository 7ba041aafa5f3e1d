package com.espra.protoplex.checks;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The script {@code protoplex} in a checkout of its own, where Maven and the JDK are scripts that note that they were called. */
public class ScriptTest {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository", "../.."));
    private static final long DEADLINE_SECONDS = 60;

    private static final String MAVEN = """
            #!/bin/sh
            echo "mvn $*" >>"$CALLS"
            echo "[INFO] Building Protoplex :: API  0.1  [1/2]"
            home=runtimes/dist/target/protoplex
            mkdir -p $home/lib/cli $home/lib/host $home/bundles $home/roles/seed/bundles $home/etc $home/features
            echo jar >$home/lib/cli/cli.jar
            mkdir -p $home/lib/maven/com
            echo jar >$home/lib/maven/com/api.jar
            echo jar >$home/lib/host/host.jar
            echo jar >$home/bundles/app.jar
            echo options >$home/etc/jvm.options
            cp protoplex $home/
            """;

    /** Makes the caches that it is told to make, unless it is told to fail. */
    private static final String JAVA = """
            #!/bin/sh
            echo "java $*" >>"$CALLS"
            [ -n "$BROKEN" ] && exit 1
            for option in $* $(echo "$PROTOPLEX_JVM_OPTIONS" | tr , ' '); do
                case $option in -XX:AOTCacheOutput=*) echo cache >"${option#*=}" ;; esac
            done
            exit 0
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path checkout;
    private Path source;
    private Path calls;

    @Before
    public void checkout() throws IOException {
        checkout = folder.newFolder("checkout").toPath();
        calls = folder.getRoot().toPath().resolve("calls");
        Files.copy(REPOSITORY.resolve("protoplex"), checkout.resolve("protoplex"), StandardCopyOption.COPY_ATTRIBUTES);
        source = checkout.resolve("bundles/api/Source.java");
        for (String name :
                List.of("runtimes/app.bndrun", "gogo-commands/pom.xml", "cnf/pom.xml", "pom.xml", "bnd.bnd")) {
            write(checkout.resolve(name), name);
        }
        write(source, "class Source {}");
        program("bin/mvn", MAVEN);
        program("jdk/bin/java", JAVA);
        write(folder.getRoot().toPath().resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        age(checkout);
    }

    @Test
    public void theFirstCommandBuildsWithoutTestsAndSaysSo() throws Exception {
        String said = run("status");
        assertTrue(said, said.contains("the first time"));
        assertTrue(calls(), calls().startsWith("mvn ") && calls().contains("-Pdistribution"));
        assertEquals("built again: " + calls(), 1, count("mvn"));
        run("up");
        assertEquals("built again: " + calls(), 1, count("mvn"));
    }

    @Test
    public void aTouchedFileIsNoChange() throws Exception {
        run("up");
        touch(source);
        run("status");
        run("up");
        assertEquals(calls(), 1, count("mvn"));
    }

    @Test
    public void aChangedFileIsBuiltByWhatStartsProcessesAlone() throws Exception {
        run("up");
        Files.writeString(source, "class Source { int changed; }");
        touch(source);
        for (String asks : List.of("status", "nodes", "logs", "shell", "push", "down", "--version")) {
            run(asks);
        }
        assertEquals(calls(), 1, count("mvn"));
        String said = run("up");
        assertEquals(calls(), 2, count("mvn"));
        assertTrue(said, said.contains("the sources have changed"));
        run("upgrade");
        assertEquals(calls(), 2, count("mvn"));
    }

    @Test
    public void aRehearsalThatFailsIsSaidOnce() throws Exception {
        String said = run("status", "BROKEN=1");
        assertTrue(said, said.contains("rehearsal of the command and of a node failed"));
        assertTrue(said, said.contains("rehearsal.log"));
        assertFalse(run("status").contains("rehears"));
    }

    @Test
    public void aCopyWithoutTimesAndAnotherJdkRehearseAgain() throws Exception {
        run("status");
        assertEquals("", run("status"));
        Path kept = copy("kept", StandardCopyOption.COPY_ATTRIBUTES);
        assertEquals("", run(kept, "status"));
        Path copied = copy("copied");
        // As a copy does that takes the cache after the jars: nothing is newer than it.
        for (Path file : files(copied)) {
            Files.setLastModifiedTime(
                    file,
                    FileTime.from(Instant.now().minusSeconds(file.toString().contains("aot") ? 100 : 200)));
        }
        assertTrue(run(copied, "status").contains("rehearsing"));
        assertEquals("", run(copied, "status"));
        write(folder.getRoot().toPath().resolve("jdk/release"), "JAVA_VERSION=\"25.0.2\"\n");
        assertTrue(run(copied, "status").contains("rehearsing"));
    }

    @Test
    public void aDistributionNeedsNoCheckoutAndNoMaven() throws Exception {
        run("status");
        Path own = copy("own", StandardCopyOption.COPY_ATTRIBUTES);
        Files.delete(folder.getRoot().toPath().resolve("bin/mvn"));
        Files.move(checkout, checkout.resolveSibling("moved"));
        run(own, "up");
        assertTrue(calls(), calls().contains("-Dprotoplex.home=" + own.toRealPath() + " "));
    }

    private String run(String command, String... variables) throws Exception {
        return run(checkout, command, variables);
    }

    /** What it says on standard error. */
    private String run(Path where, String command, String... variables) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(where.resolve("protoplex").toString(), command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.getRoot().toPath().resolve("err").toFile());
        builder.environment().remove("PROTOPLEX_HOME");
        builder.environment().put("CALLS", calls.toString());
        builder.environment().put("PROTOPLEX_JAVA", folder.getRoot() + "/jdk");
        builder.environment().merge("PATH", folder.getRoot() + "/bin:", (path, bin) -> bin + path);
        for (String variable : variables) {
            builder.environment().put(variable.split("=")[0], variable.split("=")[1]);
        }
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end within " + DEADLINE_SECONDS + " s");
        }
        return Files.readString(folder.getRoot().toPath().resolve("err"), StandardCharsets.UTF_8);
    }

    private Path copy(String name, StandardCopyOption... options) throws IOException {
        Path from = checkout.resolve("runtimes/dist/target/protoplex");
        Path to = folder.getRoot().toPath().resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), options);
            }
        }
        return to;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private String calls() throws IOException {
        return Files.readString(calls);
    }

    private long count(String program) throws IOException {
        return calls().lines().filter(line -> line.startsWith(program + " ")).count();
    }

    private static void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    /** As if all of it had been there for a while. */
    private static void age(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
        }
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.getRoot().toPath().resolve(name);
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
