package com.espra.protoplex.proxy.server.gate;

import com.espra.protoplex.files.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is closed, on disk: it gets over a restart, and every process and version of the node reads it. One line each: the way, since when, the
 * pattern; what a later version writes and this one does not know is left out.
 */
public final class ClosureFile {

    private static final Logger LOG = LoggerFactory.getLogger(ClosureFile.class);
    private static final long LONGEST = 1 << 20;

    private final Path file;
    private String last = "";

    /** @param file need not be there */
    public ClosureFile(Path file) {
        this.file = file;
    }

    /** What stands there; empty if it cannot be read, which is said once. */
    synchronized Optional<List<Closure>> read() {
        try {
            if (Files.size(file) > LONGEST) {
                throw new IOException("it has more than " + LONGEST + " bytes");
            }
            List<Closure> closures = new ArrayList<>();
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                Closure.of(line).ifPresentOrElse(closures::add, () -> tell("a line is none of this version: " + line));
            }
            return Optional.of(List.copyOf(closures));
        } catch (NoSuchFileException e) {
            return Optional.of(List.of());
        } catch (IOException e) {
            tell(e.toString());
            return Optional.empty();
        }
    }

    private void tell(String what) {
        if (!what.equals(last)) {
            last = what;
            LOG.warn(
                    "{}: {}. What is paused stays as it is known; say it again by proxy:pause or proxy:resume",
                    file,
                    what);
        }
    }

    synchronized void write(List<Closure> closures) throws IOException {
        String text = closures.stream().map(each -> each.line() + "\n").collect(Collectors.joining());
        Disk.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
