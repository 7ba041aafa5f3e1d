package com.espra.protoplex.test.command;

import static org.junit.Assert.assertFalse;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/**
 * Somebody builds Protoplex anew while a fleet runs from it, as with {@code mvn verify} beside {@code up}: files go, and others come in their
 * place.
 */
public class RebuiltIT {

    private static final String NODE = "node-1";

    @Rule
    public final Fleet fleet = new Fleet();

    @Test
    public void aFleetGoesOnWhenWhatItRunsFromIsBuiltAnew() throws Exception {
        Path own = Files.createDirectory(fleet.root().resolve("distribution"));
        copy(Fleet.DISTRIBUTION, own);
        fleet.use(own);
        fleet.up("--children", "1");
        fleet.run("push", Apps.hello("1.0.0", fleet.root()).toString()).succeeded();

        buildAnew(own);

        fleet.assertServes("/hello", "hello 1.0.0");
        Set<Long> before = fleet.serving(NODE);
        for (long child : before) {
            ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        }
        Await.until("another child serves", Fleet.DEADLINE, () -> {
            Set<Long> now = fleet.serving(NODE);
            return now.size() == 1 && !now.equals(before);
        });
        fleet.assertServes("/hello", "hello 1.0.0");
        fleet.run("push", Apps.hello("1.0.1", fleet.root()).toString()).succeeded();
        fleet.assertServes("/hello", "hello 1.0.1");
        long pid = fleet.pid(NODE);
        fleet.run("down").succeeded();
        assertFalse("the process is gone", Fleet.isRunning(pid));
    }

    /**
     * All but the cache, which is for the files of before, and is not taken for the new ones. It is said to be of now, or the next command
     * would make another one, which takes a third of a minute.
     */
    private static void buildAnew(Path distribution) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(distribution)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(distribution.resolve("aot")))
                    .toList();
        }
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            Files.delete(file);
            Files.write(file, content);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        }
        Files.setLastModifiedTime(distribution.resolve("aot/.done"), FileTime.from(Instant.now()));
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.skip(1).toList();
        }
        for (Path each : all) {
            Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
