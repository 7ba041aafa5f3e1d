package com.espra.protoplex.agent.fetch;

import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.files.DiskFullException;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import com.espra.protoplex.fleet.build.JarInspection;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Brings builds from the Seed into the store. The author's signature is checked before anything else of a build is looked at, every file
 * is hashed while it comes, and every bundle is inspected: whoever has the Seed still cannot make a node run what no author signed.
 *
 * <p>Threads: safe from any; calls block, and end soon after an interrupt.
 */
public final class Fetcher {

    private static final int PARALLEL = 4;

    private final BuildStore store;
    private final Path folder;
    private final Trust trust;
    private final FileFetch files;
    private final ValuesFetch values;

    /**
     * Opens no connection yet.
     *
     * @param folder that of the store
     * @param keys where the keys of secrets are kept
     */
    public Fetcher(
            Supplier<HttpClient> client,
            SeedAddress seed,
            BuildStore store,
            Path folder,
            UnitKeyFiles keys,
            Trust trust,
            Patience patience) {
        this.store = store;
        this.folder = folder;
        this.trust = trust;
        this.files = new FileFetch(new Origin(client, seed, patience), store.content(), patience);
        this.values = new ValuesFetch(files, store.values(), keys);
    }

    /**
     * Fetches what is missing of a release, and proves all of it.
     *
     * @param listener hears of FETCH and VERIFY
     * @return the build, which is in the store, as are its values
     * @throws InterruptedException if nobody wants it any more; what came is kept for the next time
     */
    public SignedBuild fetch(String unit, ReleaseId release, Consumer<SwapEvent> listener)
            throws FetchException, InterruptedException {
        FetchSteps steps = new FetchSteps(listener, unit);
        steps.begin(Step.FETCH);
        try {
            SignedBuild signed = signed(unit, release.build());
            steps.version(signed.build().version());
            List<Build.File> missing = missing(signed);
            all(missing, steps);
            if (!release.values().isEmpty()) {
                values.fetch(unit, release.values());
            }
            steps.done(missing.isEmpty() ? "nothing was missing" : missing.size() + " files");
            steps.begin(Step.VERIFY);
            inspect(signed);
            steps.done("signed by " + signed.build().author());
            return signed;
        } catch (FetchException e) {
            tellFailure(steps, e);
            throw e;
        } catch (InterruptedException e) {
            steps.failed("something newer is desired");
            throw e;
        }
    }

    /** Steps are told in their order: a build that is refused for its signature was fetched, as far as that goes. */
    private static void tellFailure(FetchSteps steps, FetchException e) {
        if (e.step() == Step.VERIFY && steps.is(Step.FETCH)) {
            steps.done("");
            steps.begin(Step.VERIFY);
        }
        steps.failed(String.valueOf(e.getMessage()));
    }

    private SignedBuild signed(String unit, String digest) throws FetchException, InterruptedException {
        try {
            Optional<SignedBuild> stored = stored(digest);
            SignedBuild signed = stored.isPresent() ? stored.get() : download(digest);
            signed.requireAuthor(trust.authors());
            if (!signed.build().unit().equals(unit)) {
                throw new BuildException(
                        "build " + digest + " is one of " + signed.build().unit() + ", not of " + unit,
                        "push it as what it is");
            }
            return signed;
        } catch (BuildException e) {
            throw FetchException.damaged(said(e), e);
        } catch (IOException e) {
            throw FetchException.refused(Step.FETCH, "the store cannot be read: " + e.getMessage(), e);
        }
    }

    /** What is here; a manifest whose signature does not hold, as that of one which was damaged on the disk, comes again. */
    private Optional<SignedBuild> stored(String digest) throws IOException {
        Optional<SignedBuild> stored = store.get(digest);
        if (stored.isEmpty()) {
            return stored;
        }
        try {
            stored.get().requireAuthor(trust.authors());
            return stored;
        } catch (BuildException e) {
            store.delete(digest);
            return Optional.empty();
        }
    }

    private SignedBuild download(String digest) throws FetchException, BuildException, InterruptedException {
        String path = "/v1/builds/" + digest;
        byte[] manifest = files.small(path + "/manifest", BuildManifest.MAX_BYTES);
        if (!BuildManifest.digest(manifest).equals(digest)) {
            throw new BuildException(
                    "what the Seed sent as the manifest of " + digest + " is another one",
                    "push it again; if that does not help, somebody changes builds on their way");
        }
        byte[] signature = files.small(path + "/signature", SignedBuild.SIGNATURE_BYTES);
        return SignedBuild.of(manifest, signature);
    }

    /** What was here before counts for no more than what comes: it is hashed as well. */
    private List<Build.File> missing(SignedBuild signed) throws FetchException {
        List<Build.File> missing = new ArrayList<>();
        try {
            for (Build.File file : signed.build().bundles()) {
                if (!store.content().proves(file.sha256())) {
                    missing.add(file);
                }
            }
        } catch (IOException e) {
            throw FetchException.refused(Step.FETCH, "the store cannot be read: " + e.getMessage(), e);
        }
        return missing;
    }

    private void all(List<Build.File> missing, FetchSteps steps) throws FetchException, InterruptedException {
        long total = missing.stream().mapToLong(Build.File::size).sum();
        requireRoom(total);
        steps.expect(total);
        ExecutorService executor = Executors.newFixedThreadPool(
                PARALLEL,
                Thread.ofPlatform().daemon().name("protoplex-fetch-", 0).factory());
        try {
            CompletionService<Void> fetched = new ExecutorCompletionService<>(executor);
            for (Build.File file : missing) {
                fetched.submit(() -> {
                    files.file(file, steps::received);
                    return null;
                });
            }
            for (int i = 0; i < missing.size(); i++) {
                fetched.take().get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException cause) {
                throw cause;
            }
            throw new IllegalStateException("a fetch broke off", e.getCause());
        } finally {
            executor.shutdownNow();
            // The files must be at rest before anybody else may ask for them.
            executor.close();
        }
    }

    private void requireRoom(long bytes) throws FetchException {
        try {
            FileStore disk = Files.getFileStore(folder);
            if (disk.getUsableSpace() < bytes) {
                throw new DiskFullException(folder.toString(), bytes, disk.getUsableSpace());
            }
        } catch (IOException e) {
            throw FetchException.refused(Step.FETCH, e.getMessage() + ". Free space there, and push again", e);
        }
    }

    private void inspect(SignedBuild signed) throws FetchException {
        try {
            for (Build.File file : signed.build().bundles()) {
                JarInspection.inspect(store.content().file(file.sha256()), file.name());
            }
            store.add(signed);
        } catch (BuildException e) {
            throw FetchException.refused(Step.VERIFY, said(e), e);
        } catch (IOException e) {
            throw FetchException.refused(Step.VERIFY, "the store fails: " + e.getMessage(), e);
        }
    }

    private static String said(BuildException e) {
        return e.getMessage() + "; " + e.remedy();
    }
}
