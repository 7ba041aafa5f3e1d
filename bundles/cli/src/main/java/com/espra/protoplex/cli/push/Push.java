package com.espra.protoplex.cli.push;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.JsonTree;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.Secrets;
import com.espra.protoplex.cli.seed.SeedClient;
import com.espra.protoplex.cli.seed.Upload;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.make.BuildMaker.Made;
import com.espra.protoplex.fleet.make.BuildMaker.Wish;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Makes a build of files on disk, brings it to the Seed, and moves the fleet to it. */
public final class Push {

    private final SeedClient seed;
    private final BuildMaker maker;
    private final PushProgress progress;

    /**
     * @param dir the fleet's folder, which has the author's key
     * @param seed its Seed
     * @param progress shows how far it is
     */
    public Push(FleetDir dir, SeedClient seed, PushProgress progress) throws IOException {
        this.seed = seed;
        this.progress = progress;
        Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
        this.maker = new BuildMaker(new Secrets(dir).authorKey(), InstantSource.system(), List.of(repository));
    }

    /**
     * Pushes, and waits for the end.
     *
     * @param rollout the waves, as the Seed's API has them; empty for none
     * @return the deployment as it ended: a Deployment of the Seed's API
     * @throws CliException if it could not begin
     */
    public JsonNode push(List<Path> paths, Wish wish, Optional<ObjectNode> rollout)
            throws IOException, InterruptedException {
        return push(make(paths, wish), wish, rollout);
    }

    /** As {@link #push(List, Wish, Optional)}, without waves. */
    public JsonNode push(List<Path> paths, Wish wish) throws IOException, InterruptedException {
        return push(paths, wish, Optional.empty());
    }

    /**
     * Pushes, unless this version or a later one is desired already.
     *
     * @param desired the version that is; empty if none is
     * @return the deployment as it ended; empty if there was nothing to do
     * @throws CliException if it could not begin
     */
    Optional<JsonNode> pushNewer(Path feature, Wish wish, String desired) throws IOException, InterruptedException {
        Made made = make(List.of(feature), wish);
        boolean newer = desired.isEmpty()
                || BuildOrder.ORDER.compare(made.signed().build().version(), desired) > 0;
        return newer ? Optional.of(push(made, wish, Optional.empty())) : Optional.empty();
    }

    private JsonNode push(Made made, Wish wish, Optional<ObjectNode> rollout) throws InterruptedException {
        String digest = bring(made, wish);
        String unit = "/v1/apps/" + made.signed().build().unit();
        // One node of each kind looks before any is told to move. A Seed of a version before does not know of it.
        seed.postIfKnown(unit + "/rehearsals", JsonTree.object().put("digest", digest))
                .ifPresent(RehearsalView::requireInstallable);
        String path = unit + "/deployments";
        ObjectNode move = JsonTree.object().put("digest", digest).put("by", Caller.name());
        rollout.ifPresent(waves -> move.set("rollout", waves));
        JsonNode begun = seed.post(path, move);
        JsonNode end = seed.watch(begun, progress::step);
        progress.end();
        return end;
    }

    /**
     * Brings a build to the Seed, and asks what it would change and whether nodes could install it. Nothing moves.
     *
     * @return a Rehearsal of the Seed's API
     * @throws CliException if it could not be asked
     */
    public JsonNode rehearse(List<Path> paths, Wish wish) throws IOException {
        Made made = make(paths, wish);
        String digest = bring(made, wish);
        progress.end();
        return seed.post(
                "/v1/apps/" + made.signed().build().unit() + "/rehearsals",
                JsonTree.object().put("digest", digest).put("dryRun", true));
    }

    /** Returns what the Seed calls it: a build of the same content may be there already. */
    private String bring(Made made, Wish wish) {
        upload(made);
        return seed.post(
                        "/v1/builds",
                        JsonTree.object()
                                .put("named", wish.unit().isPresent())
                                .put("manifest", base64(made.signed().manifest()))
                                .put("signature", base64(made.signed().signature())))
                .path("digest")
                .asText(made.signed().digest());
    }

    private Made make(List<Path> paths, Wish wish) throws IOException {
        try {
            return maker.make(paths, wish);
        } catch (BuildException e) {
            throw CliException.refused(String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    private void upload(Made made) {
        Upload upload = new Upload(seed);
        List<Build.File> files = made.signed().build().bundles();
        long total = files.stream().mapToLong(Build.File::size).sum();
        long before = 0;
        for (Build.File file : files) {
            long done = before;
            Path source = made.files().get(file.sha256());
            if (source != null) {
                upload.file(file.sha256(), source, sent -> progress.upload(file.name(), done + sent, total));
            }
            before += file.size();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
