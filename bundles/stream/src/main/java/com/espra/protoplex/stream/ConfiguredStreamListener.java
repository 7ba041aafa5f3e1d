package com.espra.protoplex.stream;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.certificates.ListenerCertificate;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import com.espra.protoplex.stream.connection.StreamCertificate;
import com.espra.protoplex.stream.connection.StreamPort;
import com.espra.protoplex.stream.connection.TlsSource;
import com.espra.protoplex.stream.limits.StreamCounts;
import com.espra.protoplex.stream.listen.StreamListener;
import com.espra.protoplex.stream.listen.StreamSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One configured stream listener. Its socket opens when everything that was served before serves again, as those of HTTP do. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "com.espra.protoplex.stream.listener",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredStreamListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredStreamListener.class);

    /** How often it is tried again to open: whoever uses the port may go, and a certificate may come. */
    private static final long AGAIN_SECONDS = 5;

    /** How long connections are waited for when the listener closes. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Config config;
    private final StreamListeners listeners;
    private final Node node;
    private final Dispatcher dispatcher;
    private boolean active;
    private boolean restored;
    private @Nullable StreamListener open;
    private @Nullable ServiceRegistration<Listener> service;
    private @Nullable ServiceRegistration<NodeHealth> missing;
    private String reason = "";
    private @Nullable Thread again;

    /** A listener, as it is configured. */
    @interface Config {
        String name();

        String host() default "0.0.0.0";

        int port();

        boolean tls() default false;

        String certificate() default "";

        String key() default "";

        String[] proxies() default {};
    }

    private record Address(String name, String group, URI address, boolean isEverywhere) implements Listener {}

    @Activate
    public ConfiguredStreamListener(
            BundleContext context,
            Config config,
            @Reference StreamListeners listeners,
            @Reference Node node,
            @Reference(target = "(" + Dispatcher.GROUP + "=" + Dispatcher.PUBLIC + ")") Dispatcher dispatcher) {
        this.context = context;
        this.config = config;
        this.listeners = listeners;
        this.node = node;
        this.dispatcher = dispatcher;
    }

    @Activate
    synchronized void activate() {
        active = true;
        openWhenReady();
    }

    @Reference(
            target = "(osgi.condition.id=protoplex.restored)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    synchronized void addRestored(Condition condition) {
        restored = true;
        openWhenReady();
    }

    /** A socket that is open stays open, until the node stops: then it goes before the roles do. */
    synchronized void removeRestored(Condition condition) {
        restored = false;
        if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
            close();
        }
    }

    private synchronized void openWhenReady() {
        if (!active || !restored || open != null) {
            return;
        }
        tellNothing();
        try {
            StreamPort port = port();
            StreamSocket socket = StreamSocket.of(context, config.name(), config.host(), config.port());
            StreamListener listener = new StreamListener(port, socket.channel());
            listeners.opened(listener);
            listener.start();
            open = listener;
            Address address = new Address(
                    config.name(),
                    Dispatcher.PUBLIC,
                    socket.address(config.host(), config.tls()),
                    StreamSocket.isEverywhere(config.host()));
            service = context.registerService(
                    Listener.class,
                    address,
                    FrameworkUtil.asDictionary(
                            Map.of(Listener.NAME, config.name(), Dispatcher.GROUP, Dispatcher.PUBLIC)));
            LOG.info("listener {} is open: {}", config.name(), address.address());
        } catch (IOException e) {
            LOG.debug("listener {} did not open", config.name(), e);
            tell(String.valueOf(e.getMessage()));
            again = Thread.ofPlatform()
                    .daemon()
                    .name("stream-" + config.name() + " again")
                    .start(this::tryAgain);
        }
    }

    /** One that is configured is read at once, so that what is wrong with it is said; one of the node's own when it is needed. */
    private TlsSource certificate() throws IOException {
        StreamCertificate certificate = new StreamCertificate(
                () -> ListenerCertificate.files(config.name(), config.certificate(), config.key(), node.data("http")));
        if (config.tls() || !config.certificate().isEmpty() || !config.key().isEmpty()) {
            certificate.context();
        }
        return certificate;
    }

    private TrustedProxies proxies() throws IOException {
        try {
            return TrustedProxies.of(config.proxies());
        } catch (IllegalArgumentException e) {
            throw new IOException("listeners." + config.name() + ".proxies: " + e.getMessage(), e);
        }
    }

    private StreamPort port() throws IOException {
        return new StreamPort(
                config.name(),
                dispatcher,
                listeners::limits,
                listeners.guard(),
                new StreamCounts(config.name()),
                proxies(),
                certificate(),
                config.tls());
    }

    private void tryAgain() {
        try {
            TimeUnit.SECONDS.sleep(AGAIN_SECONDS);
            openWhenReady();
        } catch (InterruptedException e) {
            LOG.debug("listener {} is not tried again: it closes", config.name(), e);
        }
    }

    /** The node serves with what is open, and its health says what is not. */
    private void tell(String now) {
        if (!now.equals(reason)) {
            LOG.error("{}. It is tried again every {} s", now, AGAIN_SECONDS);
            reason = now;
        }
        NodeHealth.Health health =
                new NodeHealth.Health("DEGRADED", "listener " + config.name() + ": " + now, "", Instant.EPOCH);
        missing = context.registerService(
                NodeHealth.class, () -> health, FrameworkUtil.asDictionary(Map.of(Listener.NAME, config.name())));
    }

    private void tellNothing() {
        if (missing != null) {
            missing.unregister();
            missing = null;
        }
    }

    private void close() {
        if (again != null) {
            again.interrupt();
            again = null;
        }
        tellNothing();
        if (service != null) {
            service.unregister();
            service = null;
        }
        if (open != null) {
            open.close(DRAIN);
            listeners.closed(open);
            open = null;
        }
    }

    @Deactivate
    synchronized void deactivate() {
        active = false;
        close();
    }
}
