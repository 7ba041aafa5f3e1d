package com.espra.protoplex.seed;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.files.FolderLock;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.seed.state.FileSeedState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.eclipse.jetty.server.Handler;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Opens the Seed while this version of it is the live one, and serves it on the listeners of the group {@code seed}. At a swap the next
 * version opens what this one has closed; requests wait, and those that take long are ended before.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "com.espra.protoplex.seed")
@Designate(ocd = SeedComponent.Config.class)
public final class SeedComponent {

    private static final String UNIT = "seed";

    /** How long another process of the node may have it open still: one that is being replaced. */
    private static final Duration OTHER_PROCESS = Duration.ofSeconds(20);

    private final FolderLock lock;
    private final Seed seed;
    private final ServiceRegistration<Handler> served;

    /** The Seed's configuration: {@code seedServer} in node.json. */
    @ObjectClassDefinition(name = "Protoplex Seed")
    public @interface Config {

        /** The operator's token; made when it is missing. Empty: in the Seed's data folder. */
        @AttributeDefinition
        String tokenFile() default "";

        /** The nodes' token; made when it is missing. Empty: in the Seed's data folder. */
        @AttributeDefinition
        String linkTokenFile() default "";

        /** {@code host:port} by which other machines reach the Seed. Empty: they do not, and none can join. */
        @AttributeDefinition
        String address() default "";

        /** How large a build may be, all files together, in bytes. */
        @AttributeDefinition
        long maxBuildBytes() default 1_073_741_824;

        /** How many builds of an app are kept beside those that are needed. */
        @AttributeDefinition
        int keepBuilds() default 20;

        /** Whose builds are taken: files with public keys, or public keys in base64. */
        @AttributeDefinition
        String[] authors() default {};
    }

    /**
     * Opens the Seed.
     *
     * @throws IOException if it cannot; the message says why, and what to do
     * @throws InterruptedException if it is given up while another process of the node has it open
     */
    @Activate
    public SeedComponent(
            BundleContext context,
            @Reference Node node,
            @Reference(target = Generation.LIVE) Condition live,
            Config config)
            throws IOException, InterruptedException {
        Path data = node.data(UNIT);
        lock = FolderLock.take(data, OTHER_PROCESS);
        boolean isOpen = false;
        try {
            seed = open(data, config, context.getBundle().getVersion().toString());
            context.registerService(
                    HealthCheck.class,
                    this::health,
                    FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, UNIT, HealthCheck.TAGS, "ready")));
            served = context.registerService(
                    Handler.class,
                    seed.handler(),
                    FrameworkUtil.asDictionary(
                            Map.of(HandlerProperties.PATH, "/v1/*", HandlerProperties.LISTENERS, Dispatcher.SEED)));
            isOpen = true;
        } finally {
            // Whatever it was, an Error of a damaged build too: the version before must be able to open it again.
            if (!isOpen) {
                lock.close();
            }
        }
    }

    private static Seed open(Path data, Config config, String version) throws IOException {
        Path linkToken = file(config.linkTokenFile(), data.resolve("link.token"));
        Seed.Settings settings = new Seed.Settings(
                data,
                file(config.tokenFile(), data.resolve("operator.token")),
                linkToken,
                linkToken.resolveSibling("fleet.key"),
                config.address(),
                config.maxBuildBytes(),
                config.keepBuilds(),
                List.of(config.authors()),
                version);
        try {
            return new Seed(
                    settings,
                    new FileSeedState(data.resolve("state.json")),
                    data.resolve("store"),
                    InstantSource.system());
        } catch (BuildException e) {
            throw new IOException("the Seed cannot start: " + e.getMessage() + "; " + e.remedy(), e);
        }
    }

    private static Path file(String configured, Path otherwise) {
        return configured.isEmpty() ? otherwise : Path.of(configured);
    }

    private Result health() {
        List<String> warnings = seed.fleet().warnings();
        return warnings.isEmpty()
                ? new Result(Result.Status.OK, "the Seed's files were whole")
                : new Result(Result.Status.WARN, String.join("; ", warnings));
    }

    @Reference(
            target = Generation.ADMITTING,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void bindAdmitting(Condition admitting) {
        seed.part(false);
    }

    void unbindAdmitting(Condition admitting) {
        seed.part(true);
    }

    /** Ends the links, and lets go of its files. */
    @Deactivate
    public void stop() {
        served.unregister();
        seed.close();
        lock.close();
    }
}
