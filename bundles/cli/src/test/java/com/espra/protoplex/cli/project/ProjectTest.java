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

        Map<String, String> files = ProjectTemplate.files("my-app");
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
            CompletableFuture<Boolean> change = awaitChange(watch);
            Files.createDirectories(project.resolve("target/classes"));
            Files.writeString(project.resolve("target/classes/A.class"), "a");
            Assert.assertThrows(
                    java.util.concurrent.TimeoutException.class, () -> change.get(500, TimeUnit.MILLISECONDS));
            Files.writeString(sources.resolve("A.java"), "class A {}");
            assertTrue(change.get(30, TimeUnit.SECONDS));

            CompletableFuture<Boolean> inside = awaitChange(watch);
            Path fresh = Files.createDirectories(sources.resolve("fresh"));
            assertTrue("a new folder is a change", inside.get(30, TimeUnit.SECONDS));
            CompletableFuture<Boolean> deeper = awaitChange(watch);
            Files.writeString(fresh.resolve("B.java"), "class B {}");
            assertTrue("and it is watched", deeper.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    public void closingEndsTheWait() throws Exception {
        SourceWatch watch = new SourceWatch(folder.getRoot().toPath());
        CompletableFuture<Boolean> change = awaitChange(watch);
        watch.close();

        assertFalse(change.get(30, TimeUnit.SECONDS));
    }

    private static CompletableFuture<Boolean> awaitChange(SourceWatch watch) {
        CompletableFuture<Boolean> change = new CompletableFuture<>();
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
