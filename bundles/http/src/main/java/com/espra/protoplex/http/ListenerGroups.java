package com.espra.protoplex.http;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.standing.InFlight;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.front.Front;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.Pressure;
import com.espra.protoplex.http.limits.ThreadingModel;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.RequestThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;

/**
 * The groups of listeners, and the limits of all of them. A group exists, and its dispatcher is a service, from its first
 * listener's configuration to the close of its last listener; or as long as this does, if it is configured by name.
 */
@Component(
        service = ListenerGroups.class,
        configurationPid = "com.espra.protoplex.http",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ListenerGroups {

    /** Framework property: the node's data folder. */
    private static final String DATA = "protoplex.data";

    /** Framework property of a child: its place in the node, which has an access log of its own. */
    private static final String SLOT = "protoplex.slot";

    private static final String RESTORED = "(osgi.condition.id=protoplex.restored)";

    /** The groups where the kernel, or the apps, say themselves what is not there. */
    private static final Set<String> OWN = Set.of(Dispatcher.PUBLIC, Dispatcher.META, Dispatcher.FLEET);

    /** How long requests in flight are waited for when the listeners close. */
    static final Duration DRAIN = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Map<String, Shared> groups = new HashMap<>();
    private final FailedUnits failed = new FailedUnits();
    private final AccessLog log;
    private final Pressure pressure = Pressure.ofThisProcess();
    private Limits limits;
    private volatile Duration patience;
    private @Nullable Front front;
    private volatile NodeStanding standing = NodeStanding.USUAL;

    /** The limits, as they are configured. */
    @interface Config {
        int headerBytes() default 16384;

        long bodyBytes() default 1 << 30;

        int connections() default 20000;

        int requests() default 16384;

        int idleSeconds() default 30;

        long minBytesPerSecond() default 1024;

        int threads() default 0;

        String kind() default "threads";

        int stallSeconds() default 30;

        boolean accessLog() default true;

        boolean accessLogAddresses() default true;

        long logFileBytes() default 64 << 20;

        int logFiles() default 5;

        /** Groups that exist without a listener, too: units need the table, whoever reaches them. */
        String[] groups() default {};
    }

    private static final class Shared {
        private final ListenerGroup group;
        private final List<ServiceRegistration<?>> services;
        private int users;

        private Shared(ListenerGroup group, List<ServiceRegistration<?>> services) {
            this.group = group;
            this.services = services;
        }
    }

    @Activate
    public ListenerGroups(BundleContext context, Config config) throws Exception {
        this.context = context;
        this.limits = limits(config);
        this.patience = Duration.ofSeconds(config.stallSeconds());
        this.log = log(context.getProperty(DATA), context.getProperty(SLOT), config);
        log.wholeAddresses(config.accessLogAddresses());
        context.registerService(SwapListener.class, failed, null);
        for (String name : config.groups()) {
            use(name);
        }
    }

    private static AccessLog log(@Nullable String data, @Nullable String slot, Config config) {
        if (data == null) {
            return new AccessLog(lines -> {
                throw new IOException("the framework property " + DATA + " is missing: the launcher sets it");
            });
        }
        String name = slot == null ? "access.log" : slot + "-access.log";
        return AccessLog.in(Path.of(data, "log", name), config.logFileBytes(), config.logFiles());
    }

    @Modified
    synchronized void modified(Config config) {
        limits = limits(config);
        patience = Duration.ofSeconds(config.stallSeconds());
        log.wholeAddresses(config.accessLogAddresses());
        groups.values().forEach(shared -> shared.group.limit(limits));
    }

    /** The group of that name, made for its first user. Each call needs a {@link #release}. */
    synchronized ListenerGroup use(String name) throws Exception {
        Shared shared = groups.get(name);
        if (shared == null) {
            // The fleet and its operators are let in at any time, and answered whatever the apps do with the
            // processors: they can help.
            ListenerGroup group = name.equals(Dispatcher.PUBLIC)
                    ? new ListenerGroup(name, limits, log, pressure)
                    : new ListenerGroup(name, limits.withKind(ThreadingModel.EVENTS), log);
            if (!OWN.contains(name)) {
                group.dispatcher().fallback(new UnclaimedHandler(name, this::isRestored, failed::text));
            }
            shared = new Shared(group, services(group));
            groups.put(name, shared);
        }
        shared.users++;
        return shared.group;
    }

    /** How the node is to serve; when nobody says it any more, it is as it was said last. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setStanding(NodeStanding now) {
        standing = now;
        Shared world = groups.get(Dispatcher.PUBLIC);
        if (world != null) {
            world.group.standing(now);
        }
    }

    void unsetStanding(NodeStanding before) {
        // The next one is there already, or the node stops.
    }

    /** Who reads the connections of HTTP/1.1 on the public listeners first. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setFront(Front next) {
        front = next;
        showFront();
    }

    synchronized void unsetFront(Front before) {
        if (before.equals(front)) {
            front = null;
            showFront();
        }
    }

    private void showFront() {
        Shared world = groups.get(Dispatcher.PUBLIC);
        if (world != null) {
            world.group.front(front);
        }
    }

    private boolean isRestored() {
        try {
            return !context.getServiceReferences(Condition.class, RESTORED).isEmpty();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<ServiceRegistration<?>> services(ListenerGroup group) {
        List<ServiceRegistration<?>> services = new ArrayList<>();
        services.add(context.registerService(
                Dispatcher.class,
                group.dispatcher(),
                FrameworkUtil.asDictionary(Map.of(Dispatcher.GROUP, group.name()))));
        if (group.name().equals(Dispatcher.PUBLIC)) {
            group.standing(standing);
            group.front(front);
            services.add(context.registerService(InFlight.class, group.inFlight(), null));
            services.add(live(
                    "threads for requests", new RequestThreads(group.handlerThreads(), group::begun, () -> patience)));
            services.add(live("memory and files", this::enough));
            services.add(live("unread bodies", group.unreadBodies()));
        }
        return services;
    }

    private ServiceRegistration<?> live(String name, HealthCheck check) {
        return context.registerService(
                HealthCheck.class,
                check,
                FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, name, HealthCheck.TAGS, "live")));
    }

    private Result enough() {
        return pressure.lasting()
                .map(what -> new Result(Result.Status.CRITICAL, what))
                .orElseGet(() -> new Result(Result.Status.OK, "there is no lasting shortage"));
    }

    /** Its last user takes the group with it. */
    synchronized void release(ListenerGroup group) {
        Shared shared = groups.get(group.name());
        if (shared != null && --shared.users == 0) {
            end(shared);
            groups.remove(group.name());
        }
    }

    @Deactivate
    synchronized void deactivate() {
        groups.values().forEach(ListenerGroups::end);
        groups.clear();
        log.close();
        pressure.close();
    }

    private static void end(Shared shared) {
        shared.services.forEach(ServiceRegistration::unregister);
        shared.group.close(DRAIN);
    }

    private static Limits limits(Config config) {
        return new Limits(
                config.headerBytes(),
                config.bodyBytes(),
                config.connections(),
                config.requests(),
                Duration.ofSeconds(config.idleSeconds()),
                config.minBytesPerSecond(),
                Limits.GRACE,
                config.threads(),
                ThreadingModel.of(config.kind()),
                config.accessLog());
    }
}
