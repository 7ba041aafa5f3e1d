package com.espra.protoplex.app.whiteboard;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** What clients send that cannot be read, or is too much: a status of 4xx, and nothing in the log. */
public class ClientErrorTest {

    @ClassRule
    public static final WhiteboardServer server = new WhiteboardServer();

    private static final String FORM = "application/x-www-form-urlencoded";

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @Before
    public void listen() {
        logged.start();
        root.addAppender(logged);
        server.servlet("/echo", (request, response) -> {
            response.setCharacterEncoding("UTF-8");
            response.getWriter().print(request.getParameter("a"));
        });
        server.servlet(
                "/parts",
                (request, response) -> {
                    response.setCharacterEncoding("UTF-8");
                    Part file = request.getPart("file");
                    response.getWriter()
                            .print(request.getParameter("q") + " " + request.getParameter("name") + " "
                                    + (file == null ? "none" : file.getSubmittedFileName() + " " + file.getSize()));
                },
                "osgi.http.whiteboard.servlet.multipart.enabled",
                true,
                "osgi.http.whiteboard.servlet.multipart.maxFileSize",
                100L);
    }

    @After
    public void clear() {
        root.detachAppender(logged);
        server.clear();
    }

    private void nothingIsLogged() {
        List<String> lines = logged.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertEquals(List.of(), lines);
    }

    private int post(String path, String type, byte[] body) throws Exception {
        return server.send(server.request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)))
                .statusCode();
    }

    @Test
    public void aQueryThatCannotBeReadIs400() throws Exception {
        assertEquals("200 ü", server.get("/echo?a=%C3%BC"));
        for (String query : List.of("a=%C3", "a=%FF%FE")) {
            assertTrue(
                    query + ": " + server.get("/echo?" + query),
                    server.get("/echo?" + query).startsWith("400 "));
        }
        nothingIsLogged();
    }

    /** Whatever stands in it, and however a client writes it: browsers' own libraries would not send these. */
    @Test
    public void aQueryWithBadPercentOrBadUtf8Is400() throws Exception {
        for (String query :
                List.of("a=%zz", "a=%", "a=%4", "a=1&b=%g0", "%zz=1", "a=%C3%28", "a=%ED%A0%80", "a=%u00")) {
            assertEquals(query, 400, rawStatus("/echo?" + query));
        }
        assertEquals(200, rawStatus("/echo?a=%25&&b&=c&"));
        nothingIsLogged();
    }

    private static int rawStatus(String target) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return Integer.parseInt(answer.split(" ", 3)[1]);
        }
    }

    @Test
    public void aFormThatCannotBeReadIs400() throws Exception {
        assertEquals(400, post("/echo", FORM, "a=%zz".getBytes(StandardCharsets.UTF_8)));
        assertEquals(400, post("/echo", FORM, "a=%C3".getBytes(StandardCharsets.UTF_8)));
        nothingIsLogged();
    }

    @Test
    public void tooManyOrTooLargeFieldsAre400() throws Exception {
        String many = IntStream.range(0, 2_000).mapToObj(i -> "a" + i + "=1").collect(Collectors.joining("&"));
        assertEquals(400, post("/echo", FORM, many.getBytes(StandardCharsets.UTF_8)));
        assertEquals(400, post("/echo", FORM, ("a=" + "x".repeat(300_000)).getBytes(StandardCharsets.UTF_8)));
        nothingIsLogged();
    }

    private static String form(String name, String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n" + name + "\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ü.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n" + content + "\r\n--b--\r\n";
    }

    @Test
    public void aMultipartFormHasTheQueryTooAndIsUtf8WhateverTheMethod() throws Exception {
        for (String method : List.of("POST", "PUT", "PATCH")) {
            HttpResponse<String> response = server.send(server.request("/parts?q=1")
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .method(method, BodyPublishers.ofString(form("grüße", "content"))));
            assertEquals(method, "1 grüße ü.txt 7", response.body());
        }
    }

    @Test
    public void aPartAboveTheLimitIs413AndAnIllegalStateForTheServlet() throws Exception {
        byte[] tooLarge = form("a", "x".repeat(200)).getBytes(StandardCharsets.UTF_8);
        server.servlet(
                "/refused",
                (request, response) -> {
                    try {
                        request.getParts();
                        response.getWriter().print("none");
                    } catch (IllegalStateException refused) {
                        response.getWriter().print("refused");
                    } catch (ServletException wrong) {
                        response.getWriter().print(wrong);
                    }
                },
                "osgi.http.whiteboard.servlet.multipart.enabled",
                true,
                "osgi.http.whiteboard.servlet.multipart.maxFileSize",
                100L);

        assertEquals(413, post("/parts", "multipart/form-data; boundary=b", tooLarge));
        assertEquals(
                "refused",
                server.send(server.request("/refused")
                                .header("Content-Type", "multipart/form-data; boundary=b")
                                .POST(BodyPublishers.ofByteArray(tooLarge)))
                        .body());
        nothingIsLogged();
    }

    @Test
    public void aMultipartFormThatIsCutIs400() throws Exception {
        byte[] cut = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nada".getBytes(StandardCharsets.UTF_8);
        assertEquals(400, post("/parts", "multipart/form-data; boundary=b", cut));
        assertEquals(400, post("/parts", "multipart/form-data", cut));
        nothingIsLogged();
    }
}
