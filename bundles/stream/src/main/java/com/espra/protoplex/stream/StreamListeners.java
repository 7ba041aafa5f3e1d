package com.espra.protoplex.stream;

import com.espra.protoplex.api.http.StreamTraffic;
import com.espra.protoplex.api.http.Streams;
import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.stream.limits.StreamGuard;
import com.espra.protoplex.stream.limits.StreamLimits;
import com.espra.protoplex.stream.listen.StreamListener;
import com.espra.protoplex.stream.listen.StreamWatch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What the stream listeners of this process share: their names, their limits, and the look at their connections. */
@Component(
        service = {StreamListeners.class, Streams.class},
        configurationPid = "com.espra.protoplex.stream",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StreamListeners implements Streams {

    private final StreamGuard guard = new StreamGuard(this::limits, System::nanoTime);
    private final StreamWatch watch = new StreamWatch(guard);
    private volatile Set<String> names;
    private volatile Set<String> others;
    private volatile Elsewhere elsewhere;
    private volatile StreamLimits limits;
    private boolean leaving;

    /** The limits, as they are configured, and which listeners this process has. */
    @interface Config {
        String[] listeners() default {};

        String[] others() default {};

        String[] elsewhere() default {};

        String elsewhereProcess() default "";

        int connections() default 2000;

        int connectionsPerAddress() default 100;

        int newPerSecond() default 1000;

        int newPerSecondPerAddress() default 50;

        int idleSeconds() default 300;

        int handshakeSeconds() default 10;

        int unreadSeconds() default 30;
    }

    /**
     * The stream listeners of other processes of this node.
     *
     * @param names of the listeners
     * @param inOne whether that is the process of units that are placed in one; those that serve otherwise
     */
    record Elsewhere(Set<String> names, boolean inOne) {

        static Elsewhere of(Config config) {
            return new Elsewhere(
                    Set.of(config.elsewhere()), config.elsewhereProcess().equals("one"));
        }
    }

    @Activate
    public StreamListeners(Config config) {
        this.names = Set.of(config.listeners());
        this.others = Set.of(config.others());
        this.elsewhere = Elsewhere.of(config);
        this.limits = limits(config);
    }

    @Modified
    void modified(Config config) {
        names = Set.of(config.listeners());
        others = Set.of(config.others());
        elsewhere = Elsewhere.of(config);
        limits = limits(config);
    }

    private static StreamLimits limits(Config config) {
        return new StreamLimits(
                config.connections(),
                config.connectionsPerAddress(),
                config.newPerSecond(),
                config.newPerSecondPerAddress(),
                Duration.ofSeconds(config.idleSeconds()),
                Duration.ofSeconds(config.handshakeSeconds()),
                Duration.ofSeconds(config.unreadSeconds()));
    }

    StreamLimits limits() {
        return limits;
    }

    StreamGuard guard() {
        return guard;
    }

    /** The stream listeners of this process, open or not. */
    Set<String> names() {
        return names;
    }

    /** Its listeners that speak something else. */
    Set<String> others() {
        return others;
    }

    Elsewhere elsewhere() {
        return elsewhere;
    }

    /** How the node is to serve; when nobody says it any more, it is as it was said last. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setStanding(NodeStanding now) {
        leaving = now.entrance().compareTo(Entrance.CLOSING) >= 0;
        watch.listeners().forEach(listener -> listener.takeLeave(leaving));
    }

    void unsetStanding(NodeStanding before) {
        // The next one is there already, or the node stops.
    }

    synchronized void opened(StreamListener listener) {
        watch.watch(listener);
        listener.takeLeave(leaving);
    }

    void closed(StreamListener listener) {
        watch.forget(listener);
    }

    @Override
    public List<StreamTraffic> traffic() {
        return watch.listeners().stream()
                .map(listener -> listener.port().counts().soFar())
                .toList();
    }

    @Deactivate
    void deactivate() {
        watch.close();
    }
}
