package com.espra.protoplex.cli.project;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Waits for the sources of a project to change. */
public final class SourceWatch implements AutoCloseable {

    /** Editors save in several steps, and users several files: a change counts when it has been quiet for this long. */
    private static final long QUIET_MILLIS = 150;

    /** What builds write, and nobody edits. */
    private static final Set<String> IGNORED =
            Set.of("target", "build", "bin", ".git", ".gradle", ".idea", ".protoplex", "node_modules");

    private final Path project;
    private final WatchService service;

    /** Begins to watch: what changes from now on is seen. */
    public SourceWatch(Path project) throws IOException {
        this.project = project;
        this.service = project.getFileSystem().newWatchService();
        register(project);
    }

    private void register(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                if (!each.equals(project) && isIgnored(each)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                each.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // deleted while it was looked at
            }
        });
    }

    private static boolean isIgnored(Path path) {
        String name = String.valueOf(path.getFileName());
        return IGNORED.contains(name) || name.endsWith("~") || name.endsWith(".swp") || name.startsWith(".#");
    }

    /**
     * Waits until something has changed and no more changes follow at once.
     *
     * @return what has changed; empty when it was closed
     */
    public Set<Path> awaitChange() throws IOException, InterruptedException {
        Set<Path> changed = new TreeSet<>();
        try {
            while (changed.isEmpty()) {
                handle(service.take(), changed);
            }
            for (WatchKey key = poll(); key != null; key = poll()) {
                handle(key, changed);
            }
            return changed;
        } catch (ClosedWatchServiceException e) {
            return Set.of();
        }
    }

    private @org.jspecify.annotations.Nullable WatchKey poll() throws InterruptedException {
        return service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void handle(WatchKey key, Set<Path> changed) throws IOException {
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
                register(project);
                changed.add(project);
            } else if (event.context() instanceof Path name && key.watchable() instanceof Path folder) {
                Path path = folder.resolve(name);
                boolean isFolder = Files.isDirectory(path);
                if (isFolder && !isIgnored(path)) {
                    register(path);
                }
                // A build writes to target: that a folder which is not watched has changed is no change.
                if (!isIgnored(path) && !(isFolder && event.kind().equals(StandardWatchEventKinds.ENTRY_MODIFY))) {
                    changed.add(path);
                }
            }
        }
        key.reset();
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
