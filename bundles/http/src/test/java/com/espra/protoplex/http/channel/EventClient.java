package com.espra.protoplex.http.channel;

import static org.junit.Assert.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of server-sent events: their lines, and {@code ended} or {@code broken} at the end. Comments and retry are left out. */
final class EventClient implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    final HttpResponse<java.io.InputStream> response;

    EventClient(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isEmpty() && !line.startsWith(":") && !line.startsWith("retry:")) {
                    lines.add(line);
                }
            }
            lines.add("ended");
        } catch (IOException e) {
            lines.add("broken");
        }
    }

    void expect(String... expected) throws InterruptedException {
        for (String line : expected) {
            assertEquals(line, lines.poll(10, TimeUnit.SECONDS));
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
