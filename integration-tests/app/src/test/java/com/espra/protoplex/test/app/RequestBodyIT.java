package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.Before;
import org.junit.Test;

/** A servlet reads a body that is too large, or that hardly comes: its client gets the status, and the servlet serves on. */
public class RequestBodyIT extends AppTest {

    @Before
    public void counting() throws Exception {
        assertEquals("", push("1.0.0", """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/count")
                public class Count extends HttpServlet {
                    @Override protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        byte[] buffer = new byte[4096];
                        long count = 0;
                        for (int n = request.getInputStream().read(buffer); n >= 0; n = request.getInputStream().read(buffer)) {
                            count += n;
                        }
                        response.getWriter().print(count);
                    }
                }
                """));
    }

    private String counted(int bytes) throws Exception {
        return send(request("/count").POST(BodyPublishers.ofByteArray(new byte[bytes])))
                .body();
    }

    @Test
    public void oneThatIsLargerThanMayBeIs413() throws Exception {
        assertEquals(Long.toString(AppNode.MOST_BODY), counted((int) AppNode.MOST_BODY));
        assertTrue(answer("Transfer-Encoding: chunked", "100000\r\n" + "x".repeat(0x100000) + "\r\n0\r\n\r\n")
                .startsWith("HTTP/1.1 413 "));
        assertTrue(answer("Content-Length: " + (AppNode.MOST_BODY + 1), "x").startsWith("HTTP/1.1 413 "));
        assertEquals("3", counted(3));
    }

    private String answer(String header, String body) throws Exception {
        try (Socket socket = post(header)) {
            try {
                socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException refusedInTheMiddle) {
                // The answer is there all the same.
            }
            return statusLine(socket.getInputStream());
        }
    }

    private Socket post(String header) throws IOException {
        Socket socket = new Socket("127.0.0.1", node().port());
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write(("POST /count HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String statusLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    @Test
    public void oneThatHardlyComesIs408() throws Exception {
        try (Socket socket = post("Content-Length: 500000")) {
            OutputStream out = socket.getOutputStream();
            Await.until("the server has had enough", Duration.ofSeconds(30), () -> {
                try {
                    out.write('x');
                } catch (IOException closed) {
                    return true;
                }
                return socket.getInputStream().available() > 0;
            });
            assertTrue(statusLine(socket.getInputStream()).startsWith("HTTP/1.1 408 "));
        }
        assertEquals("3", counted(3));
    }
}
