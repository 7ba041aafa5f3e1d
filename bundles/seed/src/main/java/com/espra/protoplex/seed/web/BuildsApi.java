package com.espra.protoplex.seed.web;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.state.Catalog;
import com.espra.protoplex.seed.state.Catalog.Added;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds: to add, to list, and for nodes to fetch. */
final class BuildsApi {

    private static final Logger LOG = LoggerFactory.getLogger(BuildsApi.class);
    private static final int MAX_BODY_BYTES = BuildManifest.MAX_BYTES * 3 / 2;

    private final Fleet fleet;
    private final Catalog catalog;
    private final TrustedAuthors authors;
    private final long maxBuildBytes;

    BuildsApi(Fleet fleet, Catalog catalog, TrustedAuthors authors, long maxBuildBytes) {
        this.fleet = fleet;
        this.catalog = catalog;
        this.authors = authors;
        this.maxBuildBytes = maxBuildBytes;
    }

    List<ApiOperation> routes() {
        return List.of(
                new ApiOperation("GET", "/v1/builds", Access.READ, this::list),
                new ApiOperation("POST", "/v1/builds", Access.PUSH, this::add),
                new ApiOperation("DELETE", "/v1/builds", Access.ADMIN, this::purge),
                new ApiOperation(
                        "GET",
                        "/v1/builds/{digest}/manifest",
                        Access.READ_OR_LINK,
                        exchange -> exchange.answer(
                                200, "application/json", signed(exchange).manifest())),
                new ApiOperation(
                        "GET",
                        "/v1/builds/{digest}/signature",
                        Access.READ_OR_LINK,
                        exchange -> exchange.answer(
                                200,
                                "application/octet-stream",
                                signed(exchange).signature())));
    }

    private void list(ApiExchange exchange) throws IOException {
        exchange.answer(200, Views.builds(catalog.all(), fleet));
    }

    private void purge(ApiExchange exchange) throws IOException {
        int deleted = catalog.purge(fleet.needed());
        exchange.answer(200, JsonNodeFactory.instance.objectNode().put("deleted", deleted));
    }

    private SignedBuild signed(ApiExchange exchange) throws Problem, IOException {
        String digest = exchange.sha256("digest");
        return catalog.store()
                .get(digest)
                .orElseThrow(() ->
                        new Problem(404, "there is no build " + digest, "./protoplex builds shows what there is"));
    }

    private void add(ApiExchange exchange) throws Problem, IOException, BuildException {
        JsonNode body = exchange.json(MAX_BODY_BYTES);
        SignedBuild signed = read(body);
        Build build = signed.build();
        try {
            signed.requireAuthor(authors.now());
        } catch (BuildException e) {
            throw new Problem(403, String.valueOf(e.getMessage()), e.remedy())
                    .with("author", build.author())
                    .because(e);
        }
        exchange.note(build.unit() + " " + build.version() + " of author " + build.author());
        requireSize(build);
        boolean named = body.path("named").asBoolean(false);
        String serves = named ? "" : fleet.data().app(build.unit()).desired().digest();
        switch (catalog.add(signed, new Catalog.Offer(serves, fleet::isReplaceable))) {
            case Added.New(String digest) -> {
                LOG.info("build {} {} of author {} is here: {}", build.unit(), build.version(), build.author(), digest);
                exchange.answer(201, Views.build(digest, build, fleet));
            }
            case Added.Same(String digest) ->
                exchange.answer(200, Views.build(digest, catalog.build(digest).orElse(build), fleet));
            case Added.Other(String digest) ->
                throw new Problem(
                                409,
                                build.unit() + " " + build.version() + " is here already, with other content (" + digest
                                        + ")",
                                "give it a new version: what a version names never changes")
                        .with("digest", digest);
            case Added.Missing(List<Build.File> files) ->
                throw new Problem(
                                409,
                                "these files of " + build.unit() + " " + build.version() + " are not here: "
                                        + files.stream().map(Build.File::name).toList(),
                                "send them, then the build again")
                        .with("missing", files.stream().map(Build.File::sha256).toList());
        }
    }

    private void requireSize(Build build) throws Problem {
        long bytes = build.bundles().stream().mapToLong(Build.File::size).sum();
        if (bytes > maxBuildBytes) {
            throw new Problem(
                    413,
                    build.unit() + " " + build.version() + " has " + bytes + " bytes; a build may have " + maxBuildBytes
                            + " (maxBuildBytes)",
                    "make it smaller, or raise seedServer.maxBuildBytes in node.json");
        }
    }

    private static SignedBuild read(JsonNode body) throws Problem {
        try {
            byte[] manifest = body.path("manifest").binaryValue();
            byte[] signature = body.path("signature").binaryValue();
            if (manifest == null || signature == null) {
                throw new Problem(400, "'manifest' or 'signature' is not there", "send both, in base64");
            }
            return SignedBuild.of(manifest, signature);
        } catch (IOException e) {
            throw new Problem(400, "'manifest' or 'signature' is not base64", "send both, in base64").because(e);
        } catch (BuildException e) {
            throw new Problem(400, String.valueOf(e.getMessage()), e.remedy()).because(e);
        }
    }
}
