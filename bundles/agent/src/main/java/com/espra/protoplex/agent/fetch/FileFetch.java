package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.agent.fetch.WatchedStream.CutException;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.store.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Brings single resources here, over as many connections as it takes. */
final class FileFetch {

    /** Builds share files: who comes second waits for the first, rather than fetching the same bytes. */
    private final ReentrantLock[] stripes =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

    private final Origin origin;
    private final ContentStore content;
    private final Patience patience;

    FileFetch(Origin origin, ContentStore content, Patience patience) {
        this.origin = origin;
        this.content = content;
        this.patience = patience;
    }

    /** One try, which may end before the resource does. */
    @FunctionalInterface
    private interface Attempt {
        boolean succeeds() throws IOException, BuildException, FetchException, InterruptedException;
    }

    /** Reads a small resource. */
    byte[] small(String path, int mostBytes) throws FetchException, InterruptedException {
        byte[][] result = new byte[1][];
        persist(path, () -> 0, () -> {
            try (Origin.Body body = origin.open(path, 0, count -> {})) {
                result[0] = body.stream().readNBytes(mostBytes + 1);
                return true;
            }
        });
        if (result[0].length > mostBytes) {
            throw FetchException.refused(
                    Step.VERIFY,
                    "the Seed sent more than " + mostBytes + " bytes for " + path
                            + ": somebody changes builds on their way",
                    new IOException("too long"));
        }
        return result[0];
    }

    /** Brings a file into the store, unless it is there. */
    void file(Build.File file, LongConsumer progress) throws FetchException, InterruptedException {
        ReentrantLock lock = stripes[Integer.parseInt(file.sha256().substring(0, 2), 16) % stripes.length];
        lock.lockInterruptibly();
        try {
            if (!content.has(file.sha256())) {
                persist(file.name(), () -> content.received(file.sha256()), () -> part(file, progress));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean part(Build.File file, LongConsumer progress)
            throws IOException, BuildException, FetchException, InterruptedException {
        long here = content.received(file.sha256());
        if (here == file.size()) {
            return put(file, here, InputStream.nullInputStream());
        }
        try (Origin.Body body = origin.open("/v1/files/" + file.sha256(), here, progress)) {
            return put(file, body.offset(), body.stream());
        }
    }

    private boolean put(Build.File file, long offset, InputStream in) throws IOException, BuildException {
        try {
            return content.put(file.sha256(), file.size(), offset, in) == file.size();
        } catch (BuildException e) {
            if (offset == 0) {
                throw e;
            }
            // What a process that was killed left on the disk may be wrong: once more, from the first byte.
            return false;
        }
    }

    @FunctionalInterface
    private interface Mark {
        long bytes() throws IOException;
    }

    /** Tries again for as long as bytes come, and a few times when none do. */
    private void persist(String what, Mark mark, Attempt attempt) throws FetchException, InterruptedException {
        try {
            int fruitless = 0;
            while (true) {
                long before = mark.bytes();
                CutException cut;
                try {
                    if (attempt.succeeds()) {
                        return;
                    }
                    cut = new CutException("it came to an early end", new IOException("too short"));
                } catch (CutException e) {
                    cut = e;
                }
                fruitless = mark.bytes() > before ? 0 : fruitless + 1;
                if (fruitless >= patience.attempts()) {
                    throw FetchException.unreached(
                            what + " cannot be fetched from the Seed: " + cut.getMessage()
                                    + ". It is tried again when the Seed speaks again",
                            cut);
                }
                Thread.sleep(patience.pause().multipliedBy(1L << fruitless));
            }
        } catch (BuildException e) {
            throw FetchException.damaged(what + ": " + e.getMessage() + "; " + e.remedy(), e);
        } catch (IOException e) {
            throw FetchException.refused(Step.FETCH, what + " cannot be stored: " + e.getMessage(), e);
        }
    }
}
