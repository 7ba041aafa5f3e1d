package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.Rule;
import org.junit.Test;

/** Who is let in. */
public class AccessTest {

    @Rule
    public final TestDatastore server = new TestDatastore(false);

    @Rule
    public final TestDatastore development = new TestDatastore(true);

    private static final String LOOKUP = "{\"keys\": [{\"path\": [{\"kind\": \"T\", \"name\": \"a\"}]}]}";

    private static int status(TestDatastore server, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/v1/projects/p:lookup"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(LOOKUP));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    public void theTokenOpens() throws Exception {
        Path file = server.folder().resolve("token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String token = Files.readString(file).strip();
        assertEquals(200, status(server, "Authorization", "Bearer " + token));
        assertEquals(401, status(server));
        assertEquals(401, status(server, "Authorization", "Bearer " + token.substring(1)));
        assertEquals(401, status(server, "Authorization", "Bearer " + token + "x"));
        assertEquals(401, status(server, "Authorization", "Basic " + token));
        server.reopen();
        assertEquals("it stays", 200, status(server, "Authorization", "Bearer " + token));
        assertNotEquals(token, Files.readString(development.folder().resolve("token")));
        assertTrue(token.length() >= 32);
    }

    @Test
    public void inDevelopmentAProgramOnThisMachineNeedsNone() throws Exception {
        assertEquals(200, status(development));
        assertEquals("a browser's page", 401, status(development, "Origin", "https://example.com"));
        assertEquals("passed on", 401, status(development, "X-Forwarded-For", "192.0.2.1"));
        assertEquals("a wrong one is wrong", 401, status(development, "Authorization", "Bearer x"));
    }
}
