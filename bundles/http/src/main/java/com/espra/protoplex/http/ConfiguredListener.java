package com.espra.protoplex.http;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.node.NodeHealth;
import com.espra.protoplex.certificates.ListenerCertificate;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.listen.InheritedSocket;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.http.listen.OpenListener;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
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

/**
 * One configured listener. Its group exists as soon as the configuration does; its socket opens at once, or, in the group that
 * the world reaches, when everything that was served before serves again.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "com.espra.protoplex.http.listener",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredListener.class);

    /** How often it is tried again to open: whoever uses the port may go, and a certificate may come. */
    private static final long AGAIN_SECONDS = 5;

    /** How often, and for how long after the start, for a certificate that a role of this node makes. */
    private static final long SOON_MILLIS = 100;

    private static final long EARLY_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final BundleContext context;
    private final Config config;
    private final ListenerGroups groups;
    private final Node node;
    private final ListenerGroup group;
    private final long madeNanos = System.nanoTime();
    private boolean active;
    private boolean restored;
    private @Nullable OpenListener open;
    private @Nullable ServiceRegistration<Listener> service;
    private @Nullable ServiceRegistration<NodeHealth> missing;
    private String reason = "";
    private Scheduler.Task again = () -> false;

    /** A listener, as it is configured. */
    @interface Config {
        String name();

        String group() default Dispatcher.PUBLIC;

        String host() default "0.0.0.0";

        int port();

        boolean tls() default false;

        String certificate() default "";

        String key() default "";

        String certificates() default "";

        boolean clientCertificates() default false;

        String welcome() default "loopback";

        String[] proxies() default {};

        String[] forwarders() default {};
    }

    @Activate
    public ConfiguredListener(
            BundleContext context, Config config, @Reference ListenerGroups groups, @Reference Node node)
            throws Exception {
        this.context = context;
        this.config = config;
        this.groups = groups;
        this.node = node;
        this.group = groups.use(config.group());
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

    /** A socket that is open stays open, until the node stops: then it goes before the apps do, or they would be missed. */
    synchronized void removeRestored(Condition condition) {
        restored = false;
        boolean stopping = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
        if (stopping && config.group().equals(Dispatcher.PUBLIC)) {
            close();
        }
    }

    private void close() {
        again.cancel();
        tellNothing();
        if (service != null) {
            service.unregister();
            service = null;
        }
        if (open != null) {
            open.close(ListenerGroups.DRAIN);
            open = null;
        }
    }

    private synchronized void openWhenReady() {
        boolean ready = active && (restored || !config.group().equals(Dispatcher.PUBLIC));
        if (!ready || open != null) {
            return;
        }
        tellNothing();
        try {
            ListenerSettings settings = new ListenerSettings(
                    config.name(),
                    config.host(),
                    config.port(),
                    tls(),
                    config.clientCertificates(),
                    trusted("proxies", config.proxies()),
                    config.forwarders().length == 0
                            ? Forwarders.NONE
                            : new Forwarders(trusted("forwarders", config.forwarders())),
                    config.tls() && !config.certificates().isEmpty() ? Path.of(config.certificates()) : null);
            InheritedSocket socket = inherited();
            OpenListener listener = socket == null ? group.open(settings) : group.open(settings, socket);
            open = listener;
            service = context.registerService(
                    Listener.class,
                    listener,
                    FrameworkUtil.asDictionary(Map.of(
                            Listener.NAME,
                            config.name(),
                            Dispatcher.GROUP,
                            config.group(),
                            Listener.WELCOME,
                            config.welcome())));
            LOG.info("listener {} is open: {}", config.name(), listener.address());
        } catch (IOException e) {
            LOG.debug("listener {} did not open", config.name(), e);
            if (isEarly()) {
                openAgain(SOON_MILLIS);
            } else {
                tell(String.valueOf(e.getMessage()));
                openAgain(TimeUnit.SECONDS.toMillis(AGAIN_SECONDS));
            }
        }
    }

    /** A role of this node may be about to make the certificate, as the Seed does at its first start: that is no trouble yet. */
    private boolean isEarly() {
        return !config.group().equals(Dispatcher.PUBLIC)
                && config.tls()
                && !config.certificate().isEmpty()
                && !Files.exists(Path.of(config.certificate()))
                && System.nanoTime() - madeNanos < EARLY_NANOS;
    }

    private void openAgain(long millis) {
        again = group.scheduler()
                .schedule(() -> group.handlerThreads().execute(this::openWhenReady), millis, TimeUnit.MILLISECONDS);
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

    /**
     * The socket of this listener's name, if a parent has bound it. The host registers them all before any bundle starts, and never
     * takes one away: so a look is enough, and none can come too early.
     */
    private @Nullable InheritedSocket inherited() {
        try {
            for (ServiceReference<ServerSocketChannel> socket :
                    context.getServiceReferences(ServerSocketChannel.class, null)) {
                if (config.name().equals(socket.getProperty(Listener.NAME))
                        && socket.getProperty(InheritedSocket.PORT) instanceof Integer port) {
                    return new InheritedSocket(context.getService(socket), port);
                }
            }
            return null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter that could be wrong", e);
        }
    }

    private TrustedProxies trusted(String key, String... addresses) throws IOException {
        try {
            return addresses.length == 0 ? TrustedProxies.NONE : TrustedProxies.of(addresses);
        } catch (IllegalArgumentException e) {
            throw new IOException("listeners." + config.name() + "." + key + ": " + e.getMessage(), e);
        }
    }

    private @Nullable TlsFiles tls() throws IOException {
        return config.tls()
                ? ListenerCertificate.files(config.name(), config.certificate(), config.key(), node.data("http"))
                : null;
    }

    @Deactivate
    synchronized void deactivate() {
        active = false;
        close();
        groups.release(group);
    }
}
