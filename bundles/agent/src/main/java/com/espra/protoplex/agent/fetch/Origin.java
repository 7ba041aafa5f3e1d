package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.agent.fetch.WatchedStream.CutException;
import com.espra.protoplex.agent.link.SeedAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** The Seed as a source of bytes. Nothing that it gives is believed. */
final class Origin {

    private final Supplier<HttpClient> client;
    private final SeedAddress seed;
    private final Patience patience;

    Origin(Supplier<HttpClient> client, SeedAddress seed, Patience patience) {
        this.client = client;
        this.seed = seed;
        this.patience = patience;
    }

    /** A body, and where in the resource it begins. */
    record Body(long offset, WatchedStream stream) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /**
     * Asks for a resource from an offset on.
     *
     * @throws FetchException if the Seed does not have it, or does not let this node in
     * @throws CutException if it cannot be reached, or not now
     */
    Body open(String path, long offset, LongConsumer progress)
            throws FetchException, CutException, InterruptedException {
        HttpResponse<InputStream> response = send(request(path, offset));
        int status = response.statusCode();
        try {
            if (status == 200) {
                return new Body(0, new WatchedStream(response.body(), patience, progress));
            }
            if (status == 206 && startsAt(response, offset)) {
                return new Body(offset, new WatchedStream(response.body(), patience, progress));
            }
            response.body().close();
        } catch (IOException e) {
            throw new CutException("the connection was cut: " + e.getMessage(), e);
        }
        throw unexpected(path, status);
    }

    private HttpRequest request(String path, long offset) throws CutException {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(seed.resource(path)).timeout(patience.answer());
            seed.authorization().ifPresent(value -> request.header("Authorization", value));
            return offset > 0 ? request.header("Range", "bytes=" + offset + "-").build() : request.build();
        } catch (IOException e) {
            throw new CutException(String.valueOf(e.getMessage()), e);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws CutException, InterruptedException {
        try {
            return client.get().send(request, BodyHandlers.ofInputStream());
        } catch (UncheckedIOException e) {
            throw new CutException(String.valueOf(e.getMessage()), e);
        } catch (ConnectException e) {
            throw new CutException("nothing listens at " + seed.address(), e);
        } catch (HttpTimeoutException e) {
            throw new CutException(
                    seed.address() + " gave no answer within "
                            + patience.answer().toMillis() + " ms",
                    e);
        } catch (IOException e) {
            throw new CutException("the connection to " + seed.address() + " broke: " + e.getMessage(), e);
        }
    }

    private static boolean startsAt(HttpResponse<?> response, long offset) {
        return response.headers()
                .firstValue("Content-Range")
                .filter(range -> range.startsWith("bytes " + offset + "-"))
                .isPresent();
    }

    private FetchException unexpected(String path, int status) throws CutException {
        String where = seed.resource(path).toString();
        if (status == 404) {
            return FetchException.unreached(
                    "the Seed does not have " + where + ": push the build again", new IOException("status " + status));
        }
        if (status == 401 || status == 403) {
            return FetchException.unreached(
                    "the Seed refuses " + seed.credential(), new IOException("status " + status));
        }
        throw new CutException(where + " answered " + status, new IOException("status " + status));
    }
}
