package com.espra.protoplex.files.upload;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Files in forms, as browsers and curl send them. */
public class FormTest extends UploadServerTest {

    private static final String FORM = "multipart/form-data; boundary=xyz";

    private static byte[] form(Object... parts) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        for (int i = 0; i < parts.length; i += 2) {
            form.writeBytes(("--xyz\r\nContent-Disposition: form-data; " + parts[i] + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            form.writeBytes(
                    parts[i + 1] instanceof byte[] bytes
                            ? bytes
                            : parts[i + 1].toString().getBytes(StandardCharsets.UTF_8));
            form.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        form.writeBytes("--xyz--\r\n".getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private HttpResponse<String> post(byte[] form) throws Exception {
        return send("POST", "/upload", form, "Content-Type", FORM);
    }

    @Test
    public void aFormHasOneFile() throws Exception {
        byte[] content = bytes(700_000);
        // What looks like the boundary, and is not.
        System.arraycopy("\r\n--xy\r\n--xyq".getBytes(StandardCharsets.UTF_8), 0, content, 65_500, 13);
        HttpResponse<String> kept = post(form(
                "name=\"key\"",
                "pictures/a",
                "name=\"f\"; filename=\"x; name=key\"\r\nContent-Type: image/png",
                content,
                "name=\"submit\"",
                "Send"));
        assertEquals(kept.body(), 201, kept.statusCode());
        assertEquals(address(content), kept.body().strip());
        assertArrayEquals(content, kept(address(content)));
        assertEquals("image/png", ledger.files.get("h/pictures/a").contentType());
        assertEquals(
                201,
                send("POST", "/upload?key=pictures/empty", form("name=f; filename=x", ""), "Content-Type", FORM)
                        .statusCode());
        assertEquals(0, ledger.files.get("h/pictures/empty").length());
    }

    @Test
    public void whatIsNoSuchFormIsNoFile() throws Exception {
        String file = "name=\"f\"; filename=\"x\"";
        assertEquals(400, post(form("name=\"key\"", "pictures/a")).statusCode());
        HttpResponse<String> two = post(form("name=\"key\"", "pictures/a", file, "1", file, "2"));
        assertEquals(two.body(), 400, two.statusCode());
        assertEquals(
                "fields are bounded",
                400,
                post(form("name=\"key\"", "pictures/a", file, "1", "name=\"b\"", bytes(70_000)))
                        .statusCode());
        assertEquals(400, post(form(file, "1")).statusCode());
        assertEquals(403, post(form("name=\"key\"", "other", file, "1")).statusCode());
        assertEquals(
                400,
                post(form("name=\"key\"", "pictures/a", file + "\r\nX-Long: " + "x".repeat(9000), "1"))
                        .statusCode());
        for (String type : List.of("multipart/form-data", "multipart/form-data; boundary=" + "x".repeat(71))) {
            assertEquals(
                    400,
                    send("POST", "/upload", form(file, "1"), "Content-Type", type)
                            .statusCode());
        }
        token("small", "one", List.of(), 1000, false);
        assertEquals(
                413,
                send("small", "POST", "/upload", form(file, bytes(1001)), "Content-Type", FORM)
                        .statusCode());
        assertTrue(ledger.files.isEmpty());
        assertEquals(0, spool.count());
        assertEquals(0, spoolBodies());
    }

    /** Without its end a form is no file, also when the connection ends in order. */
    @Test
    public void aFormThatIsCutOffIsNoFile() throws Exception {
        byte[] form = form("name=\"key\"", "pictures/a", "name=\"f\"; filename=\"x\"", bytes(1000));
        for (int cut : new int[] {1, 4, 8, 500}) {
            byte[] begun = java.util.Arrays.copyOf(form, form.length - cut - 2);
            HttpResponse<String> response = null;
            try {
                response = post(begun);
            } catch (java.io.IOException e) {
                // The answer is that the connection ends.
            }
            assertTrue("" + cut, response == null || response.statusCode() >= 400);
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("POST /upload HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nContent-Type: " + FORM
                                    + "\r\nContent-Length: " + form.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(form, 0, form.length - 600);
            socket.shutdownOutput();
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
            socket.getInputStream().readAllBytes();
        }
        assertTrue(ledger.files.isEmpty());
        assertEquals(0, spoolBodies());
    }
}
