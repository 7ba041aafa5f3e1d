package com.espra.protoplex.host.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.connect.ConnectContent;

/** What a bundle has in a jar of the class path. */
final class JarContent implements ConnectContent {

    private final Path path;
    private final boolean onClassPath;
    private @Nullable ZipFile jar;

    /** @param onClassPath whether its classes are those of the class path, and not of a loader that the framework makes */
    JarContent(Path path, boolean onClassPath) {
        this.path = path;
        this.onClassPath = onClassPath;
    }

    @Override
    public Optional<Map<String, String>> getHeaders() {
        // The framework reads the manifest.
        return Optional.empty();
    }

    @Override
    public Optional<ClassLoader> getClassLoader() {
        return onClassPath ? Optional.of(JarContent.class.getClassLoader()) : Optional.empty();
    }

    @Override
    public Iterable<String> getEntries() throws IOException {
        return () -> opened().stream().map(ZipEntry::getName).iterator();
    }

    @Override
    public Optional<ConnectEntry> getEntry(String name) {
        ZipFile from = opened();
        return Optional.ofNullable(from.getEntry(name)).map(entry -> new Entry(from, entry));
    }

    private synchronized ZipFile opened() {
        if (jar == null) {
            throw new IllegalStateException(path + " is closed");
        }
        return jar;
    }

    @Override
    public synchronized void open() throws IOException {
        if (jar == null) {
            jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (jar != null) {
            jar.close();
            jar = null;
        }
    }

    private record Entry(ZipFile jar, ZipEntry entry) implements ConnectEntry {

        @Override
        public String getName() {
            return entry.getName();
        }

        @Override
        public long getContentLength() {
            return entry.getSize();
        }

        @Override
        public long getLastModified() {
            return entry.getTime();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return jar.getInputStream(entry);
        }
    }
}
