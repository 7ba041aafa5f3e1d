package com.espra.protoplex.cli.seed;

import com.espra.protoplex.fleet.client.SeedApi;
import com.espra.protoplex.fleet.client.SeedApi.Answer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Sends files to the Seed that it does not have, and goes on where a connection was cut. */
public final class Upload {

    private static final int ATTEMPTS = 5;
    private static final long LEAST_SECONDS = 60;
    private static final long SLOWEST_BYTES_PER_SECOND = 64 * 1024;

    private final SeedClient seed;

    /** @param seed where to */
    public Upload(SeedClient seed) {
        this.seed = seed;
    }

    /**
     * Makes sure that the Seed has a file.
     *
     * @param sha256 its hash, which is its name there
     * @param file its content
     * @param sent told how many bytes of it are there
     */
    public void file(String sha256, Path file, LongConsumer sent) {
        String path = "/v1/files/" + sha256;
        for (int attempt = 1; ; attempt++) {
            Answer state = seed.call(() -> seed.api().head(path));
            if (state.status() == 200) {
                return;
            }
            if (state.status() != 404) {
                seed.call(() -> seed.api().require(state));
            }
            try (FileChannel in = FileChannel.open(file)) {
                // Where all of it came, and the connection was cut before it was taken, the last byte is sent again.
                Answer answer = put(path, in, Math.min(state.uploadOffset(), Math.max(0, in.size() - 1)), sent);
                // Somebody else may send the same file, or have sent more of it: then look again.
                if (answer.status() != 409 || attempt == ATTEMPTS) {
                    seed.call(() -> seed.api().require(answer));
                    return;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw seed.unreachable(e);
                }
            }
        }
    }

    /**
     * The JDK's new client, unlike its old one, hears an answer that comes before the whole file is sent; and the Seed is asked first
     * whether it wants the file at all (RFC 9110, section 10.1.1).
     */
    private Answer put(String path, FileChannel in, long from, LongConsumer sent) throws IOException {
        long size = in.size();
        in.position(from);
        HttpRequest.Builder request = seed.api()
                .request(path)
                .header("Content-Type", "application/octet-stream")
                .expectContinue(true)
                .timeout(Duration.ofSeconds(LEAST_SECONDS + (size - from) / SLOWEST_BYTES_PER_SECOND))
                .PUT(
                        size == from
                                ? BodyPublishers.noBody()
                                : BodyPublishers.fromPublisher(
                                        BodyPublishers.ofInputStream(() -> new Counted(in, sent)), size - from));
        if (from > 0) {
            request.header("Content-Range", "bytes " + from + "-" + (size - 1) + "/" + size);
        }
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(SeedApi.CONNECT);
        seed.api().tls().ifPresent(builder::sslContext);
        try (HttpClient client = builder.build()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), SeedApi.json(response.body()), 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the upload was broken off");
        }
    }

    /** What is left of a file, and how far it is read. */
    private static final class Counted extends FilterInputStream {

        private final FileChannel file;
        private final LongConsumer sent;

        Counted(FileChannel file, LongConsumer sent) {
            super(Channels.newInputStream(file));
            this.file = file;
            this.sent = sent;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            sent.accept(file.position());
            return count;
        }
    }
}
