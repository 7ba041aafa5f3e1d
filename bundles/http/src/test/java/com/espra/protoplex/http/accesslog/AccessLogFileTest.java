package com.espra.protoplex.http.accesslog;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.Until;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** The file of the access log: bounded, rotated, moved away by others, and on a disk that is full. */
public class AccessLogFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void sizeAndNumberAreBounded() throws Exception {
        try (AccessLogFile log = new AccessLogFile(path(), 30, 2)) {
            for (int i = 0; i < 10; i++) {
                write(log, "line number " + i + "\n");
            }
        }
        assertEquals("line number 8\nline number 9\n", Files.readString(path()));
        assertEquals("line number 6\nline number 7\n", Files.readString(numbered(1)));
        assertEquals("line number 4\nline number 5\n", Files.readString(numbered(2)));
        assertEquals(List.of("access.log", "access.log.1", "access.log.2"), names());
    }

    @Test
    public void aFileThatIsThereGoesOn() throws Exception {
        for (String line : List.of("one\n", "two\n")) {
            try (AccessLogFile log = new AccessLogFile(path(), 1000, 1)) {
                write(log, line);
            }
        }
        assertEquals("one\ntwo\n", Files.readString(path()));
    }

    @Test
    public void halfALineOfAProcessThatDiedStaysByItself() throws Exception {
        Files.createDirectories(path().getParent());
        Files.writeString(path(), "one\nha");
        try (AccessLogFile log = new AccessLogFile(path(), 1000, 1)) {
            write(log, "two\n");
        }
        assertEquals("one\nha\ntwo\n", Files.readString(path()));
    }

    @Test
    public void whoeverMovesItAwayGetsANewOne() throws Exception {
        try (AccessLogFile log = new AccessLogFile(path(), 1000, 1)) {
            write(log, "one\n");
            Files.move(path(), path().resolveSibling("taken"));
            write(log, "two\n");
        }
        assertEquals("two\n", Files.readString(path()));
    }

    @Test
    public void itIsNotForEverybody() throws Exception {
        try (AccessLogFile log = new AccessLogFile(path(), 1000, 1)) {
            write(log, "one\n");
        }
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path()));
        assertEquals("rw-", permissions.substring(0, 3));
        assertEquals("---", permissions.substring(6));
    }

    @Test
    public void aFullDiskCostsLinesIsToldOnceAndIsOver() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue("a device that is always full", Files.exists(full));
        Files.createDirectories(path().getParent());
        Files.createSymbolicLink(path(), full);
        List<ILoggingEvent> told = new CopyOnWriteArrayList<>();
        Logger logger = listen(told);
        AccessLog log = AccessLog.in(path(), 1 << 20, 1);
        try (ListenerGroup group = new ListenerGroup("full", Limits.DEFAULT, log);
                RawClient client = new RawClient(group.open(new ListenerSettings("x", "127.0.0.1", 0, null))
                        .address()
                        .getPort())) {
            assertEquals(404, client.get("/first").status());
            Until.until("an error", () -> !told.isEmpty());
            assertEquals(404, client.get("/second").status());
            Files.delete(path());
            Until.until("written again", () -> {
                assertEquals(404, client.get("/later").status());
                return told.size() > 1;
            });
        } finally {
            log.close();
            logger.detachAndStopAllAppenders();
            logger.setLevel(null);
        }
        assertEquals(
                List.of(Level.ERROR, Level.INFO),
                told.stream().map(ILoggingEvent::getLevel).toList());
        String written = Files.readString(path());
        assertTrue(written, written.contains("\"GET /later HTTP/1.1\" 404 "));
        assertTrue(written, written.contains(" lines were lost"));
        assertFalse(written, written.contains("/first"));
    }

    private static Logger listen(List<ILoggingEvent> told) {
        Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.list = told;
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        return logger;
    }

    private Path path() {
        return folder.getRoot().toPath().resolve("log/access.log");
    }

    private Path numbered(int number) {
        return path().resolveSibling("access.log." + number);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(path().getParent())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void write(AccessLogFile log, String text) throws IOException {
        log.write(ByteBuffer.wrap(Handlers.ascii(text)));
    }
}
