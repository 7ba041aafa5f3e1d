package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.access.OperatorTokens;
import com.espra.protoplex.seed.audit.AuditLog;
import com.espra.protoplex.seed.backup.SeedBackup;
import com.espra.protoplex.seed.config.UnitConfigurations;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.state.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What the Seed answers, put together. */
public final class Api {

    private final FilesApi files;
    private final BuildsApi builds;
    private final DeploymentsApi deployments;
    private final ConfigApi configs;
    private final UpgradesApi upgrades;
    private final RehearsalsApi rehearsals;
    private final FleetApi fleet;
    private final OwnersApi owners;
    private final StandingApi standings;
    private final NodeLogsApi logs;
    private final TokensApi tokens;
    private final EnrolmentApi enrolment;
    private final AuditApi audit;
    private final BackupApi backups;

    /**
     * @param fleet to read
     * @param loop to change
     * @param catalog the builds
     * @param configurations what units are configured with
     * @param authors who may push
     * @param tokens those that operators made
     * @param enrolment how nodes join
     * @param enrolments who has joined
     * @param audit who changed what
     * @param backup writes all that is kept
     * @param maxBuildBytes how large a build may be, all files together
     * @param version the version of Protoplex
     * @param since when the Seed started
     * @param parting whether this Seed is about to be replaced
     */
    public Api(
            Fleet fleet,
            FleetLoop loop,
            Catalog catalog,
            UnitConfigurations configurations,
            TrustedAuthors authors,
            OperatorTokens tokens,
            EnrolmentApi enrolment,
            Enrolments enrolments,
            AuditLog audit,
            SeedBackup backup,
            long maxBuildBytes,
            String version,
            Instant since,
            BooleanSupplier parting) {
        this.files = new FilesApi(catalog.store().content(), maxBuildBytes, parting);
        this.builds = new BuildsApi(fleet, catalog, authors, maxBuildBytes);
        Turn turn = new Turn(loop);
        this.deployments = new DeploymentsApi(fleet, turn, catalog, configurations);
        this.configs = new ConfigApi(fleet, turn, configurations);
        this.upgrades = new UpgradesApi(fleet, turn);
        this.rehearsals = new RehearsalsApi(fleet, turn, catalog, configurations);
        this.fleet = new FleetApi(fleet, turn, enrolments, version, since);
        this.owners = new OwnersApi(fleet.owners());
        this.enrolment = enrolment;
        this.standings = new StandingApi(fleet, turn, InstantSource.system());
        this.logs = new NodeLogsApi(fleet, turn);
        this.tokens = new TokensApi(tokens);
        this.audit = new AuditApi(audit);
        this.backups = new BackupApi(fleet, backup, InstantSource.system());
    }

    List<ApiOperation> routes() {
        return Stream.of(
                        fleet.routes(),
                        owners.routes(),
                        standings.routes(),
                        logs.routes(),
                        files.routes(),
                        builds.routes(),
                        deployments.routes(),
                        configs.routes(),
                        upgrades.routes(),
                        rehearsals.routes(),
                        tokens.routes(),
                        enrolment.routes(),
                        audit.routes(),
                        backups.routes(),
                        List.of(new ApiOperation("GET", "/v1/openapi.yaml", Access.READ, Api::openApi)))
                .flatMap(List::stream)
                .toList();
    }

    private static void openApi(ApiExchange exchange) throws IOException {
        try (InputStream in = Api.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IOException("openapi.yaml is not in the bundle");
            }
            exchange.answer(200, "application/yaml", in.readAllBytes());
        }
    }
}
