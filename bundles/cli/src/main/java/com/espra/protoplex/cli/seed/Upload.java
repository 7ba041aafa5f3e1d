package com.espra.protoplex.cli.seed;

import com.espra.protoplex.cli.seed.SeedClient.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Sends files to the Seed that it does not have, and goes on where a connection was cut. */
public final class Upload {

    private static final int ATTEMPTS = 5;
    private static final int BUFFER_BYTES = 64 * 1024;

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
            Answer state = seed.head(path);
            if (state.status() == 200) {
                return;
            }
            if (state.status() != 404) {
                seed.require(state);
            }
            try (FileChannel in = FileChannel.open(file)) {
                Answer answer = put(path, in, Math.min(state.uploadOffset(), in.size()), sent);
                // Somebody else may send the same file, or have sent more of it: then look again.
                if (answer.status() != 409 || attempt == ATTEMPTS) {
                    seed.require(answer);
                    return;
                }
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw seed.unreachable(e);
                }
            }
        }
    }

    private Answer put(String path, FileChannel in, long from, LongConsumer sent) throws IOException {
        long size = in.size();
        HttpURLConnection connection = seed.open("PUT", path);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/octet-stream");
        if (from > 0) {
            connection.setRequestProperty("Content-Range", "bytes " + from + "-" + (size - 1) + "/" + size);
        }
        connection.setFixedLengthStreamingMode(size - from);
        try (OutputStream out = connection.getOutputStream()) {
            copy(in.position(from), out, sent);
        } catch (IOException e) {
            return refusal(connection, e);
        }
        return SeedClient.answer(connection);
    }

    /** A Seed that refuses a file says so before it has all of it: its answer counts more than the broken pipe. */
    private static Answer refusal(HttpURLConnection connection, IOException broken) throws IOException {
        try {
            Answer answer = SeedClient.answer(connection);
            if (answer.status() >= 400) {
                return answer;
            }
        } catch (IOException e) {
            broken.addSuppressed(e);
        }
        throw broken;
    }

    private static void copy(FileChannel in, OutputStream out, LongConsumer sent) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (in.read(buffer) >= 0) {
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            sent.accept(in.position());
        }
    }
}
