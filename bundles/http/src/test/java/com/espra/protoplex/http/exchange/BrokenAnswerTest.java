package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.RawHttp2;
import com.espra.protoplex.http.TestGroup;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A handler that fails after its answer has begun: the client must see that this is not the whole of it. */
public class BrokenAnswerTest {

    @Rule
    public final TestGroup group = new TestGroup();

    @Before
    public void serve() throws Exception {
        group.live(
                "throws",
                "1",
                begun(callback -> {
                    throw new QuietException.RuntimeException("the disk is gone");
                }),
                "/throws");
        group.live("fails", "1", begun(callback -> callback.failed(new QuietException.Exception("gone"))), "/fails");
        group.live(
                "later",
                "1",
                begun(callback ->
                        Thread.ofVirtual().start(() -> callback.failed(new QuietException.Exception("gone")))),
                "/later");
        group.live("whole", "1", begun(Callback::succeeded), "/whole");
    }

    private interface End {
        void of(Callback callback);
    }

    private static Handler begun(End end) {
        return Handlers.of((request, response, callback) -> {
            try (Blocker.Callback written = Blocker.callback()) {
                Content.Sink.write(response, false, "the first part", written);
                written.block();
            }
            end.of(callback);
        });
    }

    /** RFC 9113, section 8.1: without END_STREAM it is not complete. */
    @Test
    public void overHttp2TheStreamIsReset() throws Exception {
        for (String path : new String[] {"/throws", "/fails", "/later"}) {
            try (RawHttp2 client = new RawHttp2(group.port())) {
                get(client, 1, path);
                assertEquals(path, "200", client.outcome(1));
                assertEquals(path, "the first part", data(client));
                RawHttp2.Frame end = client.read();
                assertEquals(path + ": " + end, FrameType.RST_STREAM, end.type());
                assertNotEquals("it is an error", 0, end.error());

                get(client, 3, "/whole");
                assertEquals("the connection goes on", "200", client.outcome(3));
                assertEquals("the first part", data(client));
                end = client.read();
                assertEquals(FrameType.DATA, end.type());
                assertEquals("and what is whole ends", RawHttp2.END_STREAM, end.flags() & RawHttp2.END_STREAM);
            }
        }
    }

    private static void get(RawHttp2 client, int stream, String path) throws IOException {
        client.headers(stream, true, ":method", "GET", ":scheme", "http", ":authority", "localhost", ":path", path);
    }

    private static String data(RawHttp2 client) throws IOException {
        RawHttp2.Frame frame = client.read();
        assertEquals(FrameType.DATA, frame.type());
        assertEquals("it goes on", 0, frame.flags() & RawHttp2.END_STREAM);
        return new String(frame.payload(), StandardCharsets.US_ASCII);
    }

    /** RFC 9112, section 8: without the last chunk it is not complete. */
    @Test
    public void overHttp1TheConnectionEndsWithoutTheLastChunk() throws Exception {
        for (String path : new String[] {"/throws", "/fails", "/later"}) {
            try (RawClient client = new RawClient(group.port())) {
                assertThrows(path, EOFException.class, () -> client.get(path));
            }
        }
        try (RawClient client = new RawClient(group.port())) {
            assertEquals("the first part", client.get("/whole").body());
        }
    }
}
