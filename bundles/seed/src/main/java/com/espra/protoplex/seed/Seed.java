package com.espra.protoplex.seed;

import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.store.BuildStore;
import com.espra.protoplex.seed.access.OperatorTokens;
import com.espra.protoplex.seed.access.Tokens;
import com.espra.protoplex.seed.audit.AuditLog;
import com.espra.protoplex.seed.backup.SeedBackup;
import com.espra.protoplex.seed.config.UnitConfigurations;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.core.FleetLoop;
import com.espra.protoplex.seed.enrol.CertificateWatch;
import com.espra.protoplex.seed.enrol.Enrolment;
import com.espra.protoplex.seed.enrol.Enrolments;
import com.espra.protoplex.seed.enrol.FleetAuthority;
import com.espra.protoplex.seed.enrol.RevokedKey;
import com.espra.protoplex.seed.link.LinkEndpoint;
import com.espra.protoplex.seed.state.Catalog;
import com.espra.protoplex.seed.state.FleetKey;
import com.espra.protoplex.seed.state.FleetKeyFile;
import com.espra.protoplex.seed.state.KnownNode;
import com.espra.protoplex.seed.state.SeedState;
import com.espra.protoplex.seed.web.Api;
import com.espra.protoplex.seed.web.EnrolmentApi;
import com.espra.protoplex.seed.web.SeedHandler;
import com.espra.protoplex.seed.web.TrustedAuthors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator, put together; it needs a server for its {@link #handler}. */
final class Seed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Seed.class);

    private static final long LOOP_SECONDS = 30;

    private final Fleet fleet;
    private final FleetLoop loop;
    private final Catalog catalog;
    private final Api api;
    private final SeedHandler handler;
    private final AuditLog audit;
    private final CertificateWatch watch;
    private final int keepBuilds;
    private volatile boolean parting;

    /**
     * What an operator decides.
     *
     * @param data where the Seed keeps its own files
     * @param tokenFile the operator's token
     * @param linkTokenFile the nodes' token
     * @param keyFile the key of the fleet; the authority for certificates is in the folder {@code ca} beside it
     * @param address {@code host:port} by which other machines reach the Seed; empty: they do not
     * @param maxBuildBytes how large a build may be, all files together
     * @param keepBuilds how many builds of an app are kept beside those that are needed
     * @param authors whose builds are taken: files with public keys, or keys in base64
     * @param version the version of Protoplex
     */
    record Settings(
            Path data,
            Path tokenFile,
            Path linkTokenFile,
            Path keyFile,
            String address,
            long maxBuildBytes,
            int keepBuilds,
            List<String> authors,
            String version) {}

    Seed(Settings settings, SeedState state, Path store, InstantSource clock) throws IOException, BuildException {
        List<String> warnings = new ArrayList<>();
        OperatorTokens made = OperatorTokens.in(settings.data().resolve("tokens.json"), clock, warnings::add);
        Tokens tokens = Tokens.of(settings.tokenFile(), settings.linkTokenFile(), made);
        audit = AuditLog.in(settings.data().resolve("audit"));
        keepBuilds = settings.keepBuilds();
        catalog = new Catalog(new BuildStore(store), clock);
        FleetKey key = FleetKeyFile.of(settings.keyFile(), state.load().data().fleet(), warnings::add);
        fleet = new Fleet(state, key, catalog, clock, this::collect);
        loop = new FleetLoop(fleet);
        Enrolments enrolments = Enrolments.in(settings.data().resolve("enrolment.json"), clock, warnings::add);
        Path ca = settings.keyFile().resolveSibling("ca");
        Optional<Enrolment> enrolment = authority(settings, ca, key, clock, warnings::add)
                .map(authority -> new Enrolment(
                        authority, enrolments, name -> fleet.nodes().containsKey(name), this::isConnected));
        warnings.forEach(fleet::warn);
        TrustedAuthors authors = new TrustedAuthors(settings.authors());
        LinkEndpoint links = new LinkEndpoint(fleet, loop, enrolments);
        fleet.revocations()
                .of(() -> enrolments.revoked().stream().map(Seed::told).toList());
        enrolments.onRevoked(gone -> links.revoked(gone.key()));
        enrolments.onRevoked(gone -> loop.run(
                () -> fleet.revocations().tell(told(gone)),
                () -> {},
                failure -> LOG.warn("nodes hear of the key of {} when they connect again", gone.node(), failure)));
        enrolments.onLive(links::live);
        watch = new CertificateWatch(clock, enrolment.map(Enrolment::authority), links::expire);
        api = new Api(
                fleet,
                loop,
                catalog,
                new UnitConfigurations(fleet, catalog, key),
                authors,
                made,
                new EnrolmentApi(enrolments, enrolment, authors, this::letIn, settings.address(), clock),
                enrolments,
                audit,
                new SeedBackup(
                        settings.data(),
                        Map.of(
                                "operator.token", settings.tokenFile(),
                                "link.token", settings.linkTokenFile(),
                                "fleet.key", settings.keyFile(),
                                "ca.key", ca.resolve("ca.key"),
                                "ca.crt", ca.resolve("ca.crt")),
                        settings.version()),
                settings.maxBuildBytes(),
                settings.version(),
                clock.instant(),
                () -> parting);
        handler = new SeedHandler(tokens, enrolments, enrolment, audit, links, api, fleet.returning());
    }

    /** The nodes of this machine need none: without it the Seed serves them, and says what is missing. */
    private static Optional<FleetAuthority> authority(
            Settings settings, Path folder, FleetKey key, InstantSource clock, Consumer<String> warnings) {
        if (settings.address().isEmpty() && !CertificateAuthority.isIn(folder)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FleetAuthority(folder, key.id(), clock.instant()));
        } catch (IOException e) {
            warnings.accept("nodes of other machines are not let in: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static LinkFrame.RevokedKey told(RevokedKey key) {
        return new LinkFrame.RevokedKey(
                key.key(), key.at().toEpochMilli(), key.until().toEpochMilli());
    }

    private boolean isConnected(String name) {
        KnownNode node = fleet.nodes().get(name);
        return node != null && node.connected();
    }

    /** Who was forgotten, and joins anew, is not turned away. */
    private void letIn(String node) throws Exception {
        if (fleet.data().orders().forgotten().containsKey(node)) {
            loop.call(() -> {
                        fleet.standings().admit(node);
                        return node;
                    })
                    .get(LOOP_SECONDS, TimeUnit.SECONDS);
        }
    }

    Handler handler() {
        return handler;
    }

    Fleet fleet() {
        return fleet;
    }

    List<String> operations() {
        return SeedHandler.operations(api);
    }

    /** It is about to be replaced: requests that take long end now, and go on at the next one. Or it stays after all. */
    void part(boolean leave) {
        parting = leave;
        fleet.deployments().part(leave);
        fleet.upgradeRollouts().part(leave);
    }

    private void collect() {
        try {
            catalog.collect(fleet.needed(), fleet::isRefused, keepBuilds);
            catalog.collectValues(fleet.neededValues());
        } catch (IOException e) {
            LOG.warn("old builds could not be deleted: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.close();
        loop.run(fleet::stop, () -> {}, failure -> LOG.warn("links were not closed in order", failure));
        loop.close();
        try {
            audit.close();
        } catch (IOException e) {
            LOG.warn("the audit log was not closed: {}", e.getMessage());
        }
    }
}
