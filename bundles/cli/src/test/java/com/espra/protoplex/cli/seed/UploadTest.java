package com.espra.protoplex.cli.seed;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.fleet.client.SeedApi;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** How an upload goes on that was cut. */
public class UploadTest {

    private static final String CONTENT = "hello";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> puts = Collections.synchronizedList(new ArrayList<>());
    private volatile int received;
    private HttpServer seed;

    @Before
    public void start() throws IOException {
        seed = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        seed.createContext("/", this::answer);
        seed.start();
    }

    @After
    public void stop() {
        seed.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Upload-Offset", Integer.toString(received));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            byte[] body = exchange.getRequestBody().readAllBytes();
            puts.add(exchange.getRequestHeaders().getFirst("Content-Range") + " "
                    + new String(body, StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(201, -1);
        }
        exchange.close();
    }

    private void upload() throws IOException {
        Path file = folder.newFile().toPath();
        Files.writeString(file, CONTENT);
        SeedApi api = new SeedApi("http://127.0.0.1:" + seed.getAddress().getPort(), () -> "token");
        new Upload(new SeedClient(api, "start it")).file("0".repeat(64), file, sent -> {});
    }

    @Test
    public void theRestIsSent() throws IOException {
        received = 2;
        upload();
        assertEquals(List.of("bytes 2-4/5 llo"), puts);
    }

    /** It came, and the connection was cut before it was taken: a request without a body would say nothing of it. */
    @Test
    public void whereAllOfItCameTheLastByteIsSentAgain() throws IOException {
        received = CONTENT.length();
        upload();
        assertEquals(List.of("bytes 4-4/5 o"), puts);
    }
}
