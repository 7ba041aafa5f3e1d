package com.espra.protoplex.cli.project;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Bundles;
import com.espra.protoplex.cli.Cli;
import com.espra.protoplex.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Assert;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ProjectTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aNewProjectIsNamedThroughout() throws Exception {
        Path root = folder.getRoot().toPath();

        new Cli(root).run("new", "my-app").ended(0);

        Map<String, String> files = ProjectTemplate.files("my-app", false);
        for (Map.Entry<String, String> file : files.entrySet()) {
            assertEquals(
                    file.getValue(), Files.readString(root.resolve("my-app").resolve(file.getKey())));
            assertFalse(file.getKey(), file.getValue().matches("(?s).*@(NAME|PACKAGE)@.*"));
        }
        assertTrue(files.get("pom.xml").contains("<artifactId>my-app</artifactId>"));
        assertTrue(
                files.get("src/main/java/com/example/myapp/HelloServlet.java").contains("package com.example.myapp;"));
    }

    @Test
    public void theNextStepCanBeTyped() throws Exception {
        String out = new Cli(folder.getRoot().toPath())
                .typedAs("./protoplex")
                .run("new", "hello")
                .ended(0)
                .out();
        assertTrue(out, out.contains("Next:  (cd hello && mvn package) && ./protoplex push hello"));
        assertTrue(out, out.contains("./protoplex dev hello"));
    }

    @Test
    public void nothingIsOverwritten() throws Exception {
        Path there = Files.createDirectories(folder.getRoot().toPath().resolve("hello"));

        assertTrue(new Cli(folder.getRoot().toPath())
                .run("new", "hello")
                .ended(1)
                .err()
                .contains(there.toString()));
    }

    @Test
    public void namesThatCannotBe() {
        for (String name : new String[] {"", "Hello", "1a", "a_b", "a--b", "-a", "a-", "../x", "a".repeat(64)}) {
            new Cli(folder.getRoot().toPath()).run("new", name).ended(2);
        }
    }

    @Test
    public void theNewestBundleOfABuildIsPushed() throws Exception {
        Path project = folder.getRoot().toPath();
        Files.createFile(project.resolve("pom.xml"));
        ProjectBuild build = ProjectBuild.of(project);
        assertEquals(Optional.empty(), build.bundle());
        Path target = Files.createDirectories(project.resolve("target"));
        Path old = Bundles.write(target.resolve("a-1.0.0.jar"), "a", "1", 1);
        Path current = Bundles.write(target.resolve("a-1.0.1.jar"), "a", "1.0.1", 1);
        assertTrue(old.toFile().setLastModified(1_000_000));

        assertEquals(Optional.of(current), build.bundle());
        assertEquals(Optional.of("1.0.0"), ProjectBuild.version(old));
    }

    @Test
    public void whatIsNoProject() {
        CliException none = Assert.assertThrows(
                CliException.class, () -> ProjectBuild.of(folder.getRoot().toPath()));
        assertEquals(2, none.status());
    }

    @Test
    public void aSaveIsSeenAndABuildIsNot() throws Exception {
        Path project = folder.getRoot().toPath();
        Path sources = Files.createDirectories(project.resolve("src/main"));
        try (SourceWatch watch = new SourceWatch(project)) {
            Files.createDirectories(project.resolve("target/classes"));
            Files.writeString(project.resolve("target/classes/A.class"), "a");
            Path saved = Files.writeString(sources.resolve("A.java"), "class A {}");
            assertEquals(Set.of(saved), awaitChange(watch).get(30, TimeUnit.SECONDS));

            CompletableFuture<Set<Path>> inside = awaitChange(watch);
            Path fresh = Files.createDirectories(sources.resolve("fresh"));
            assertEquals("a new folder is a change", Set.of(fresh), inside.get(30, TimeUnit.SECONDS));
            CompletableFuture<Set<Path>> deeper = awaitChange(watch);
            Path within = Files.writeString(fresh.resolve("B.java"), "class B {}");
            assertEquals("and it is watched", Set.of(within), deeper.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    public void closingEndsTheWait() throws Exception {
        SourceWatch watch = new SourceWatch(folder.getRoot().toPath());
        CompletableFuture<Set<Path>> change = awaitChange(watch);
        watch.close();

        assertEquals(Set.of(), change.get(30, TimeUnit.SECONDS));
    }

    private static CompletableFuture<Set<Path>> awaitChange(SourceWatch watch) {
        CompletableFuture<Set<Path>> change = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                change.complete(watch.awaitChange());
            } catch (Exception e) {
                change.completeExceptionally(e);
            }
        });
        return change;
    }
}
