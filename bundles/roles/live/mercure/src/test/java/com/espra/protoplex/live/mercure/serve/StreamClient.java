package com.espra.protoplex.live.mercure.serve;

import static org.junit.Assert.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A subscriber: its events as {@code id|type|data}, in their order, and {@code ended} when its stream has ended. */
final class StreamClient implements AutoCloseable {

    final HttpResponse<InputStream> response;
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile String retry = "";
    volatile String last = "";

    StreamClient(HttpRequest request) throws Exception {
        response = MercureServer.CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String type = "";
            StringBuilder data = null;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty()) {
                    if (data != null) {
                        last = id;
                        events.add(id + '|' + type + '|' + data);
                    }
                    type = "";
                    data = null;
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("retry: ")) {
                    retry = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = data == null ? new StringBuilder() : data.append('\n');
                    data.append(line, 6, line.length());
                }
            }
        } catch (IOException e) {
            // It ends so as well.
        }
        events.add("ended");
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Nullable
    String next() throws InterruptedException {
        return events.poll(10, TimeUnit.SECONDS);
    }

    /** The next event has this data. */
    String expect(String data) throws InterruptedException {
        String event = next();
        assertEquals(data, event == null ? "nothing came" : event.substring(event.lastIndexOf('|') + 1));
        return event == null ? "" : event.substring(0, event.indexOf('|') < 0 ? 0 : event.indexOf('|'));
    }

    void expectEnd() throws InterruptedException {
        assertEquals("ended", next());
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            // It is closed.
        }
    }
}
