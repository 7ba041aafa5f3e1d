package com.espra.protoplex.app.whiteboard;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.service.servlet.context.ServletContextHelper;

/** Static resources: one table over RFC 9110, sections 13 and 14. */
public class StaticResourceTest {

    @ClassRule
    public static final WhiteboardServer server = new WhiteboardServer();

    @ClassRule
    public static final TemporaryFolder temporary = new TemporaryFolder();

    private static final String TEXT = "0123456789";
    private static final String SAME = "Wed, 01 Jan 2025 00:00:00 GMT";
    private static final String BEFORE = "Tue, 31 Dec 2024 23:59:59 GMT";
    private static final String AFTER = "Wed, 01 Jan 2025 00:00:01 GMT";

    private static String tag;

    @BeforeClass
    public static void files() throws Exception {
        Path folder = Files.createDirectories(temporary.getRoot().toPath().resolve("web"));
        Files.createDirectories(folder.resolve("folder"));
        Path file = Files.writeString(folder.resolve("digits.txt"), TEXT);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_735_689_600_250L));
        Files.writeString(folder.resolve("folder/inner.txt"), "inner");
        server.register(
                ServletContextHelper.class,
                new ServletContextHelper() {
                    @Override
                    public URL getResource(String name) {
                        Path found = temporary.getRoot().toPath().resolve(name.substring(1));
                        try {
                            return Files.exists(found) ? found.toUri().toURL() : null;
                        } catch (java.net.MalformedURLException impossible) {
                            throw new IllegalStateException(impossible);
                        }
                    }
                },
                "osgi.http.whiteboard.context.name",
                "files",
                "osgi.http.whiteboard.context.path",
                "/files");
        server.register(
                Object.class,
                new Object(),
                "osgi.http.whiteboard.resource.pattern",
                "/static/*",
                "osgi.http.whiteboard.resource.prefix",
                "/web",
                "osgi.http.whiteboard.context.select",
                "(osgi.http.whiteboard.context.name=files)");
        tag = send("GET", "/files/static/digits.txt").header("ETag");
    }

    @AfterClass
    public static void clear() {
        server.clear();
    }

    /** What came back. */
    private record Answer(String head, String body) {

        int status() {
            return Integer.parseInt(head.split(" ")[1]);
        }

        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    private static Answer send(String method, String path, String... headers) throws Exception {
        List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost"));
        lines.addAll(List.of(headers));
        lines.add("Connection: close");
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            String all = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            int end = all.indexOf("\r\n\r\n");
            return new Answer(all.substring(0, end), all.substring(end + 4));
        }
    }

    private static void check(String what, int status, String body, String... headers) throws Exception {
        Answer answer = send("GET", "/files/static/digits.txt", headers);
        assertEquals(what + " " + List.of(headers), status, answer.status());
        if (status == 200 || status == 206) {
            assertEquals(what + " " + List.of(headers), body, answer.body());
        }
    }

    @Test
    public void preconditions() throws Exception {
        String same = tag;
        String[][] table = {
            {"13.1.1 the tag", "200", "If-Match: " + same},
            {"13.1.1 one of several lines", "200", "If-Match: \"x\"", "If-Match: " + same},
            {"13.1.1 any", "200", "If-Match: *"},
            {"13.1.1 another", "412", "If-Match: \"x\""},
            {"13.1.1 is strong", "412", "If-Match: W/" + same},
            {"13.1.4 is not looked at with a tag", "200", "If-Match: " + same, "If-Unmodified-Since: " + BEFORE},
            {"13.1.4 the date", "200", "If-Unmodified-Since: " + SAME},
            {"13.1.4 earlier", "412", "If-Unmodified-Since: " + BEFORE},
            {"13.1.4 unreadable", "200", "If-Unmodified-Since: yesterday"},
            {"13.1.2 the tag", "304", "If-None-Match: " + same},
            {"13.1.2 is weak", "304", "If-None-Match: W/" + same},
            {"13.1.2 in a list", "304", "If-None-Match: \"x\", " + same},
            {"13.1.2 in a second line", "304", "If-None-Match: \"x\"", "If-None-Match: " + same},
            {"13.1.2 any", "304", "If-None-Match: *"},
            {"13.1.2 another", "200", "If-None-Match: \"x\""},
            {"13.1.3 is not looked at with a tag", "200", "If-None-Match: \"x\"", "If-Modified-Since: " + AFTER},
            {"13.1.3 the date", "304", "If-Modified-Since: " + SAME},
            {"13.1.3 earlier", "200", "If-Modified-Since: " + BEFORE},
            {"13.1.3 unreadable", "200", "If-Modified-Since: yesterday"},
            {"13.2.2 the first that fails", "412", "If-Match: \"x\"", "If-None-Match: " + same},
        };
        for (String[] row : table) {
            check(row[0], Integer.parseInt(row[1]), TEXT, java.util.Arrays.copyOfRange(row, 2, row.length));
        }
    }

    @Test
    public void ranges() throws Exception {
        String[][] table = {
            {"14.1.2 first and last", "206", "234", "Range: bytes=2-4"},
            {"14.1.2 from a position", "206", "789", "Range: bytes=7-"},
            {"14.1.2 the last bytes", "206", "89", "Range: bytes=-2"},
            {"14.1.2 more than there are", "206", TEXT, "Range: bytes=-99"},
            {"14.1.2 beyond the end", "206", "9", "Range: bytes=9-99"},
            {"14.1.2 beyond 2^63", "206", "123456789", "Range: bytes=1-99999999999999999999999999"},
            {"14.1.2 a first beyond 2^63", "416", "", "Range: bytes=99999999999999999999999999-"},
            {"14.1 units have no case", "206", "0", "Range: BYTES=0-0"},
            {"14.2 an unknown unit", "200", TEXT, "Range: lines=1-2"},
            {"14.2 unreadable", "200", TEXT, "Range: bytes=x"},
            {"14.1.1 the last before the first", "200", TEXT, "Range: bytes=4-2"},
            {"14.2 several", "200", TEXT, "Range: bytes=0-0,2-2"},
            {"14.1.2 none", "416", "", "Range: bytes=10-"},
            {"14.1.2 no bytes", "416", "", "Range: bytes=-0"},
            {"13.1.5 the tag", "206", "0", "Range: bytes=0-0", "If-Range: " + tag},
            {"13.1.5 is strong", "200", TEXT, "Range: bytes=0-0", "If-Range: W/" + tag},
            {"13.1.5 another", "200", TEXT, "Range: bytes=0-0", "If-Range: \"x\""},
            {"13.1.5 the date", "206", "0", "Range: bytes=0-0", "If-Range: " + SAME},
            {"13.1.5 another date", "200", TEXT, "Range: bytes=0-0", "If-Range: " + AFTER},
            {"13.1.5 unreadable", "200", TEXT, "Range: bytes=0-0", "If-Range: yesterday"},
        };
        for (String[] row : table) {
            check(row[0], Integer.parseInt(row[1]), row[2], java.util.Arrays.copyOfRange(row, 3, row.length));
        }
        assertEquals(
                "bytes */10",
                send("GET", "/files/static/digits.txt", "Range: bytes=10-").header("Content-Range"));
        assertEquals(
                "bytes 2-4/10",
                send("GET", "/files/static/digits.txt", "Range: bytes=2-4").header("Content-Range"));
    }

    @Test
    public void headHasNoRange() throws Exception {
        Answer head = send("HEAD", "/files/static/digits.txt", "Range: bytes=2-4");

        assertEquals(200, head.status());
        assertEquals("10", head.header("Content-Length"));
        assertEquals("", head.body());
    }

    @Test
    public void foldersAreNotFoundAndNoCharsetIsInvented() throws Exception {
        assertEquals("text/plain", send("GET", "/files/static/digits.txt").header("Content-Type"));
        assertEquals(404, send("GET", "/files/static/folder").status());
        assertEquals(404, send("GET", "/files/static/folder/").status());
        assertEquals(200, send("GET", "/files/static/folder/inner.txt").status());
        assertTrue(tag, tag.startsWith("\""));
    }
}
