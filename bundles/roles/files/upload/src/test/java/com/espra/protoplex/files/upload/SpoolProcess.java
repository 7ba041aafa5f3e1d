package com.espra.protoplex.files.upload;

import com.espra.protoplex.api.blob.BlobException;
import com.espra.protoplex.api.blob.BlobInfo;
import com.espra.protoplex.api.blob.BlobPage;
import com.espra.protoplex.api.blob.BlobProperties;
import com.espra.protoplex.api.blob.BlobStore;
import com.espra.protoplex.api.blob.OpenBlob;
import com.espra.protoplex.blob.file.FileBlobStore;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.spool.OffsetException;
import com.espra.protoplex.files.upload.spool.UploadNews;
import com.espra.protoplex.files.upload.spool.UploadSpool;
import com.espra.protoplex.files.upload.spool.UploadState;
import com.espra.protoplex.files.upload.spool.UploadTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** A process with uploads, to be killed. It says on its output what it has acknowledged. */
final class SpoolProcess {

    static final UploadToken TOKEN =
            new UploadToken("token", "ann", "h", "*", List.of(), 1 << 24, Instant.EPOCH, false, "");
    static final int LENGTH = 300_000;

    private SpoolProcess() {}

    /** What is uploaded under a key: the same in each process. */
    static byte[] content(String key) {
        byte[] content = new byte[LENGTH];
        new Random(key.hashCode()).nextBytes(content);
        return content;
    }

    static UploadTarget target(String key) throws IOException {
        return UploadTarget.of(TOKEN, key, "application/octet-stream", "", "", "");
    }

    /** @param stop the step of the end where it waits for its death: put, record, tell, none */
    static UploadSpool open(Path root, String stop) throws IOException {
        return new UploadSpool(
                root.resolve("spool"),
                0,
                Duration.ofHours(24),
                new StoppingStore(new FileBlobStore(root.resolve("blobs"), 0), stop),
                new FolderLedger(root.resolve("ledger"), () -> stopIf(stop.equals("record"))),
                new UploadNews() {
                    @Override
                    public void progress(UploadState upload, long bytes) {}

                    @Override
                    public boolean done(UploadState upload) {
                        stopIf(stop.equals("tell"));
                        return true;
                    }
                },
                System::nanoTime);
    }

    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }

    private static void stopIf(boolean stops) {
        if (stops) {
            say("here");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** @param args the folder; and one of: {@code end STEP KEY}, {@code hold ID}, {@code many} */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        switch (args[1]) {
            case "end" -> {
                try (UploadSpool spool = open(root, args[2])) {
                    send(spool, spool.create(target(args[3]), LENGTH));
                }
            }
            case "hold" -> {
                try (UploadSpool spool = open(root, "none")) {
                    spool.append(args[2], TOKEN.id(), 0, UploadState.UNKNOWN, false, null, new Hanging());
                }
            }
            default -> many(root);
        }
    }

    private static void send(UploadSpool spool, UploadState begun) throws IOException {
        UploadState state = begun;
        byte[] content = content(state.target().key());
        Random random = new Random();
        while (!state.isDone()) {
            int at = (int) state.offset();
            int end = Math.min(LENGTH, at + 1 + random.nextInt(100_000));
            state = spool.append(
                    state.id(),
                    TOKEN.id(),
                    at,
                    UploadState.UNKNOWN,
                    false,
                    null,
                    new ByteArrayInputStream(Arrays.copyOfRange(content, at, end)));
            say("at " + state.id() + " " + state.offset());
        }
        say("done " + state.target().key() + " " + state.address());
    }

    /** Goes on with what others left, and begins more, for ever. */
    private static void many(Path root) throws IOException {
        try (UploadSpool spool = open(root, "none")) {
            spool.sweep(Instant.now());
            List<Path> left;
            try (Stream<Path> all = Files.list(root.resolve("spool"))) {
                left = all.toList();
            }
            for (Path folder : left) {
                try {
                    UploadState state = spool.find(folder.getFileName().toString(), TOKEN.id());
                    if (!state.isDone()) {
                        send(spool, state);
                    }
                } catch (OffsetException e) {
                    throw e;
                } catch (com.espra.protoplex.files.upload.spool.UploadRefusedException e) {
                    if (e.status() != 404) { // Killed before it began.
                        throw e;
                    }
                }
            }
            Random random = new Random();
            while (true) {
                send(spool, spool.create(target("k" + random.nextInt(1000)), LENGTH));
            }
        }
    }

    /** Some bytes, and then nothing. */
    private static final class Hanging extends InputStream {

        private int count;

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
            if (count++ == 0) {
                return 1000;
            }
            stopIf(true);
            return -1;
        }
    }

    private record StoppingStore(BlobStore store, String stop) implements BlobStore {

        @Override
        public BlobInfo head(String key) throws BlobException {
            return store.head(key);
        }

        @Override
        public OpenBlob open(String key, long from, long length) throws BlobException {
            return store.open(key, from, length);
        }

        @Override
        public BlobInfo put(String key, BlobProperties properties, InputStream body) throws BlobException {
            stopIf(stop.equals("compressed"));
            BlobInfo info = store.put(key, properties, body);
            stopIf(stop.equals("put"));
            return info;
        }

        @Override
        public void delete(String key) throws BlobException {
            store.delete(key);
        }

        @Override
        public BlobPage list(String prefix, String after, int most) throws BlobException {
            return store.list(prefix, after, most);
        }
    }
}
