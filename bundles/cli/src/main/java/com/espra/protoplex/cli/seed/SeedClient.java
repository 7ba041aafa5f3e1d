package com.espra.protoplex.cli.seed;

import com.espra.protoplex.cli.CliException;
import com.espra.protoplex.cli.Environment;
import com.espra.protoplex.cli.local.FleetDir;
import com.espra.protoplex.cli.local.FleetState;
import com.espra.protoplex.cli.local.JoinedNode;
import com.espra.protoplex.cli.local.RemoteSeed;
import com.espra.protoplex.cli.local.Secrets;
import com.espra.protoplex.fleet.client.DeploymentWatch;
import com.espra.protoplex.fleet.client.SeedApi;
import com.espra.protoplex.fleet.client.SeedRefusal;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** The Seed's API, for commands: what goes wrong becomes an exit status, and the words that a user gets to see. */
public final class SeedClient {

    /** The variable of the environment with a token that counts before the fleet's own. */
    private static final String TOKEN = "PROTOPLEX_TOKEN";

    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    private final SeedApi api;
    private final String next;
    private final String token;

    /**
     * @param api the Seed's
     * @param next what to do when nothing answers there
     */
    public SeedClient(SeedApi api, String next) {
        this(
                api,
                next,
                "name the folder of its fleet with --dir: the operator's token is in operator.token there. " + TOKEN
                        + " is taken before it");
    }

    /** @param token what to do when it does not know the token */
    private SeedClient(SeedApi api, String next, String token) {
        this.api = api;
        this.next = next;
        this.token = token;
    }

    /**
     * The Seed of the fleet in a folder, with the token that {@value #TOKEN} holds; with the operator's, if it holds none.
     *
     * @throws CliException with status 3 if that fleet has never run
     */
    public static SeedClient of(Environment environment, FleetDir dir) throws IOException {
        Optional<String> token = environment.variable(TOKEN);
        if (dir.remote().isPresent()) {
            return of(
                    dir.remote().get(),
                    token.orElseThrow(() -> CliException.usage(
                            "there is no token for " + dir.remote().get().url(),
                            "put one into " + TOKEN
                                    + ": an operator makes it with `protoplex token create NAME --scope push`")));
        }
        if (token.isEmpty() && JoinedNode.isIn(dir)) {
            throw CliException.usage(
                    "the Seed of the node in " + dir.path()
                            + " is on another machine, and there is no token for it here",
                    "put one into " + TOKEN + ": an operator makes it there with `protoplex token create NAME`");
        }
        return token.isPresent() ? of(dir, token.get()) : of(dir);
    }

    /**
     * The Seed of the fleet in a folder, with the operator's token.
     *
     * @throws CliException with status 3 if that fleet has never run
     */
    public static SeedClient of(FleetDir dir) throws IOException {
        return of(dir, new Secrets(dir).operatorToken());
    }

    private static SeedClient of(FleetDir dir, String token) throws IOException {
        String seed = FleetState.read(dir).seed();
        String next = "start the fleet: " + dir.command("up");
        if (seed.isEmpty()) {
            throw CliException.unreachable("the fleet in " + dir.path() + " has never run", next);
        }
        if (seed.startsWith("https://")) {
            return of(new RemoteSeed(seed, RemoteSeed.trust(dir.authority())), token);
        }
        return new SeedClient(new SeedApi(seed, () -> token), next);
    }

    private static SeedClient of(RemoteSeed seed, String token) throws IOException {
        return new SeedClient(
                new SeedApi(seed.url(), () -> token, Optional.of(seed.tls())),
                "see that its machine can be reached, and that the fleet there is up with --address",
                "it is that of " + TOKEN + ": put a good one there, which an operator makes on the Seed's machine with "
                        + "`protoplex token create NAME`");
    }

    /** The API itself, for who handles its failures. */
    SeedApi api() {
        return api;
    }

    /** Reads a resource. */
    public JsonNode get(String path) {
        return call(() -> api.get(path));
    }

    /** Posts JSON. */
    public JsonNode post(String path, JsonNode body) {
        return call(() -> api.post(path, body));
    }

    /** As {@link #post}; empty if the Seed does not know of such a thing, as one of an older version may not. */
    public Optional<JsonNode> postIfKnown(String path, JsonNode body) {
        return call(() -> {
            try {
                return Optional.of(api.post(path, body));
            } catch (SeedRefusal e) {
                if (e.status() == NOT_FOUND) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** Deletes a resource. */
    public JsonNode delete(String path) {
        return call(() -> api.delete(path));
    }

    /** Deletes a resource, with a word about who asks. */
    public JsonNode delete(String path, JsonNode body) {
        return call(() -> api.delete(path, body));
    }

    /** Posts, and writes what comes: how many bytes it has. */
    public long download(String path, OutputStream out) {
        return call(() -> api.download(path, out));
    }

    /**
     * Watches a deployment.
     *
     * @param begun the answer to the request that began it
     * @param watcher told each step once, in order
     * @return the deployment as it ended
     */
    public JsonNode watch(JsonNode begun, Consumer<JsonNode> watcher) throws InterruptedException {
        try {
            return new DeploymentWatch(api, watcher).watch(begun);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (SeedRefusal e) {
            throw refused(e);
        }
    }

    /**
     * Makes sure that the Seed knows waves: one that does not would pass over the wish, and move all at once.
     *
     * @throws CliException if it does not
     */
    public void requireWaves() {
        try {
            api.get("/v1/rollouts");
        } catch (IOException e) {
            throw unreachable(e);
        } catch (SeedRefusal e) {
            if (e.status() == NOT_FOUND) {
                throw CliException.refused(
                        "the Seed at " + api.address() + " is of a version without waves",
                        "upgrade it first (protoplex upgrade), or leave --wave out",
                        e);
            }
            throw refused(e);
        }
    }

    /** A request to the Seed. */
    interface SeedCall<T> {

        T make() throws IOException, SeedRefusal;
    }

    /** Makes a request; what goes wrong is a {@link CliException}. */
    <T> T call(SeedCall<T> call) {
        try {
            return call.make();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (SeedRefusal e) {
            throw refused(e);
        }
    }

    private CliException refused(SeedRefusal e) {
        return e.status() == UNAUTHORIZED
                ? CliException.refused("the Seed at " + api.address() + " does not know this token", token)
                : CliException.refused(String.valueOf(e.getMessage()), e.remedy(), e);
    }

    CliException unreachable(IOException e) {
        return CliException.unreachable(
                "the Seed at " + api.address() + " cannot be reached: " + e.getMessage(), next, e);
    }
}
