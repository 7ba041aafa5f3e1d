package com.espra.protoplex.test.command;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import com.espra.protoplex.test.support.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;

/** Files come in and are served, by a node that is killed in the middle. */
public class FilesIT {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String BYTES = "application/offset+octet-stream";

    @Rule
    public final Fleet fleet = new Fleet();

    private String token;

    @Test
    public void whatIsUploadedIsServedAlsoAfterAKill() throws Exception {
        fleet.up("--roles", "seed,app,datastore,live,s3files,upload");
        token = fleet.run("shell", "node-1", "files:token ann www.example.com 'pictures/*'")
                .succeeded()
                .output()
                .strip();
        byte[] content = new byte[600_000];
        new Random(1).nextBytes(content);

        String early = send("GET", "/files/pictures/early").body();
        assertEquals("There is no such file.\n", early);
        HttpResponse<String> plain = send("POST", "/upload?key=pictures/plain", content);
        assertEquals(plain.body(), 201, plain.statusCode());
        String address = plain.body().strip();
        assertArrayEquals(content, file(address));
        assertEquals(
                401,
                send("POST", "/upload?key=pictures/x", content, "Authorization", "Bearer none")
                        .statusCode());

        String metadata = Base64.getEncoder().encodeToString("pictures/tus".getBytes(StandardCharsets.UTF_8));
        content[0]++;
        HttpResponse<String> begun = send(
                "POST",
                "/upload",
                new byte[0],
                "Upload-Length",
                "600000",
                "Upload-Metadata",
                "key " + metadata,
                "Tus-Resumable",
                "1.0.0");
        String upload = begun.headers().firstValue("Location").orElseThrow();
        assertEquals(204, patch(upload, 0, Arrays.copyOf(content, 400_000)).statusCode());

        fleet.kill("node-1");
        fleet.up("--roles", "seed,app,datastore,live,s3files,upload");
        Await.until("the upload goes on", Fleet.DEADLINE, () -> {
            HttpResponse<String> head = send("HEAD", upload, new byte[0], "Tus-Resumable", "1.0.0");
            return head.headers().firstValue("Upload-Offset").orElse("").equals("400000");
        });
        HttpResponse<String> done = patch(upload, 400_000, Arrays.copyOfRange(content, 400_000, content.length));
        assertEquals(done.body(), 204, done.statusCode());
        assertArrayEquals(
                content, file(done.headers().firstValue("Content-Address").orElseThrow()));
        content[0]--;
        assertArrayEquals(content, file(address));
        assertEquals(0, fleet.run("shell", "node-1", "files:cache").succeeded().status());
    }

    private HttpResponse<String> patch(String upload, int offset, byte[] body) throws Exception {
        return send(
                "PATCH", upload, body, "Tus-Resumable", "1.0.0", "Upload-Offset", "" + offset, "Content-Type", BYTES);
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return send(method, path, new byte[0]);
    }

    private HttpResponse<String> send(String method, String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (!Arrays.asList(headers).contains("Authorization")) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + fleet.port(8080) + path));
    }

    private byte[] file(String address) throws Exception {
        return CLIENT.send(request("/files/" + address).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }
}
