package com.espra.protoplex.seed;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.seed.state.FileSeedState;
import com.espra.protoplex.seed.web.UnavailableHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.eclipse.jetty.server.Handler;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the Seed on the listeners of the group {@code seed}. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "com.espra.protoplex.seed",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SeedComponent.Config.class)
public final class SeedComponent {

    private static final Logger LOG = LoggerFactory.getLogger(SeedComponent.class);
    private static final String UNIT = "seed";
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final Dispatcher dispatcher;
    private final Optional<Seed> seed;
    private final Backend backend;

    /** The Seed's configuration: {@code seedServer} in node.json. */
    @ObjectClassDefinition(name = "Protoplex Seed")
    public @interface Config {

        /** The operator's token; made when it is missing. Empty: in the Seed's data folder. */
        @AttributeDefinition
        String tokenFile() default "";

        /** The nodes' token; made when it is missing. Empty: in the Seed's data folder. */
        @AttributeDefinition
        String linkTokenFile() default "";

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
     * Starts the Seed.
     *
     * @throws Exception if it cannot start; the message says why
     */
    @Activate
    public SeedComponent(
            BundleContext context,
            @Reference Node node,
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.SEED + ")") Dispatcher dispatcher,
            Config config)
            throws Exception {
        this.dispatcher = dispatcher;
        Optional<Seed> started = Optional.empty();
        Handler handler;
        try {
            Seed made = seed(context, node, config);
            started = Optional.of(made);
            handler = made.handler();
            check(context, () -> warned(made));
        } catch (IOException e) {
            handler = failed(context, String.valueOf(e.getMessage()), "correct it, and start the node again", e);
        } catch (BuildException e) {
            handler = failed(context, String.valueOf(e.getMessage()), e.remedy() + "; then start the node again", e);
        }
        this.seed = started;
        try {
            this.backend = serve(dispatcher, handler);
        } catch (Exception e) {
            started.ifPresent(Seed::close);
            throw e;
        }
    }

    /** The node goes on without its Seed; whoever asks for it hears why. */
    private static Handler failed(BundleContext context, String what, String remedy, Exception cause) {
        LOG.error("the Seed could not start: {}. {}", what, remedy);
        check(context, () -> new Result(Result.Status.CRITICAL, "the Seed could not start: " + what));
        LOG.debug("the Seed could not start", cause);
        return new UnavailableHandler(what, remedy);
    }

    private static Result warned(Seed seed) {
        List<String> warnings = seed.fleet().warnings();
        return warnings.isEmpty()
                ? new Result(Result.Status.OK, "the Seed's files were whole")
                : new Result(Result.Status.WARN, String.join("; ", warnings));
    }

    private static void check(BundleContext context, HealthCheck health) {
        context.registerService(
                HealthCheck.class,
                health,
                FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, UNIT, HealthCheck.TAGS, "ready")));
    }

    private static Backend serve(Dispatcher dispatcher, Handler handler) throws Exception {
        Backend backend = dispatcher.open(UNIT, UNIT);
        try {
            backend.start(handler);
            backend.serve(List.of(new Endpoint(Set.of(Route.of("/v1/*")), handler)));
            dispatcher.flip(backend);
            return backend;
        } catch (Exception e) {
            backend.close();
            throw e;
        }
    }

    private static Seed seed(BundleContext context, Node node, Config config) throws IOException, BuildException {
        Path data = node.data(UNIT);
        Path linkToken = file(config.linkTokenFile(), data.resolve("link.token"));
        Seed.Settings settings = new Seed.Settings(
                data,
                file(config.tokenFile(), data.resolve("operator.token")),
                linkToken,
                linkToken.resolveSibling("fleet.key"),
                config.maxBuildBytes(),
                config.keepBuilds(),
                List.of(config.authors()),
                context.getBundle().getVersion().toString());
        return new Seed(
                settings, new FileSeedState(data.resolve("state.json")), data.resolve("store"), InstantSource.system());
    }

    private static Path file(String configured, Path otherwise) {
        return configured.isEmpty() ? otherwise : Path.of(configured);
    }

    /** Takes the routes away, ends the links, and stops. */
    @Deactivate
    public void stop() {
        dispatcher.withdraw(UNIT);
        seed.ifPresent(Seed::close);
        backend.drain(DRAIN).join();
        backend.close();
    }
}
