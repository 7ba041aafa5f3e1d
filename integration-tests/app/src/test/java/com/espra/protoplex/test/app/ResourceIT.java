package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.TestBundle;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.Before;
import org.junit.Test;

/** Static files of a bundle, by whiteboard resource services. */
public class ResourceIT extends AppTest {

    private static final String STYLE = "body { color: red }";

    @Before
    public void pushFiles() throws Exception {
        TestBundle files = bundle("com.example.hello", "1.0.0", """
                        @Component(service = Files.class)
                        @HttpWhiteboardResource(pattern = "/static/*", prefix = "/web")
                        public class Files { }
                        """)
                .resource("web/style.css", STYLE)
                .resource("web/folder/inner.css", STYLE)
                .resource("web/large.bin", new byte[3 << 20]);
        assertEquals("", push("hello", files));
    }

    @Test
    public void aFileHasItsTypeLengthAndTag() throws Exception {
        HttpResponse<String> response = get("/static/style.css");

        assertEquals(200, response.statusCode());
        assertEquals(STYLE, response.body());
        assertTrue(
                header(response, "content-type"),
                header(response, "content-type").startsWith("text/css"));
        assertEquals(String.valueOf(STYLE.length()), header(response, "content-length"));
        assertEquals("bytes", header(response, "accept-ranges"));
        assertEquals(404, get("/static/none.css").statusCode());
        assertEquals(404, get("/static/").statusCode());
        assertEquals(404, get("/static/folder").statusCode());
        assertEquals(404, get("/static/folder/").statusCode());
        assertEquals(200, get("/static/folder/inner.css").statusCode());
    }

    @Test
    public void aKnownTagOrDateGetsNotModified() throws Exception {
        HttpResponse<String> first = get("/static/style.css");

        HttpResponse<String> byTag = send(request("/static/style.css").header("If-None-Match", header(first, "etag")));
        assertEquals(304, byTag.statusCode());
        assertEquals("", byTag.body());
        assertEquals(header(first, "etag"), header(byTag, "etag"));
        assertEquals(
                304,
                send(request("/static/style.css").header("If-Modified-Since", header(first, "last-modified")))
                        .statusCode());
        assertEquals(
                200,
                send(request("/static/style.css").header("If-None-Match", "\"another\""))
                        .statusCode());
    }

    @Test
    public void aRangeGetsThatPart() throws Exception {
        HttpResponse<String> part = send(request("/static/style.css").header("Range", "bytes=5-9"));

        assertEquals(206, part.statusCode());
        assertEquals(STYLE.substring(5, 10), part.body());
        assertEquals("bytes 5-9/" + STYLE.length(), header(part, "content-range"));
        assertEquals(
                416,
                send(request("/static/style.css").header("Range", "bytes=999-")).statusCode());
        assertEquals(
                200,
                send(request("/static/style.css").header("Range", "bytes=5-9").header("If-Range", "\"another\""))
                        .statusCode());
        HttpResponse<String> ofLarge = send(request("/static/large.bin").header("Range", "bytes=-10"));
        assertEquals(206, ofLarge.statusCode());
        assertEquals(10, ofLarge.body().length());
    }

    @Test
    public void headHasNoBody() throws Exception {
        HttpResponse<String> head = send(request("/static/style.css").method("HEAD", BodyPublishers.noBody()));

        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertEquals(String.valueOf(STYLE.length()), header(head, "content-length"));
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("(no " + name + ")");
    }
}
