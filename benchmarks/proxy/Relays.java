import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.relay.direct.Directors;
import com.espra.protoplex.relay.handler.RelayHandler;
import com.espra.protoplex.relay.handler.RelayMeters;
import com.espra.protoplex.relay.head.FleetCredentials;
import com.espra.protoplex.relay.head.FleetProof;
import com.espra.protoplex.relay.loop.LoopFront;
import com.espra.protoplex.relay.upstream.Upstream;
import com.espra.protoplex.relay.upstream.UpstreamLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A public listener that relays all to one target: PORT TARGET-PORT [CERTIFICATE KEY]. */
public final class Relays {

    public static void main(String... args) throws Exception {
        Target target = Target.foreign(URI.create("http://127.0.0.1:" + args[1]));
        Directors directors = new Directors();
        directors.setDirector(request -> new Decision.Relay(new One(target)));
        Limits limits = new Limits(16384, 1L << 30, 20_000, Duration.ofMinutes(10), 1024, Limits.GRACE, 0, true);
        ListenerGroup group = new ListenerGroup("public", limits, new AccessLog(lines -> {}));
        group.front(
                new LoopFront(directors, "node", new RelayMeters(), new FleetCredentials(new FleetProof(""), null)));
        TlsFiles tls = args.length > 2 ? new TlsFiles(Path.of(args[2]), Path.of(args[3])) : null;
        // HTTP/2 goes by Jetty's path.
        Backend backend = group.dispatcher().open("relay", "relay");
        RelayHandler[] made = new RelayHandler[1];
        Upstream upstream = new Upstream(() -> RelayHandler.connections(made[0].getServer()), UpstreamLimits.USUAL);
        made[0] = new RelayHandler(
                directors, "node", upstream, new FleetCredentials(new FleetProof(""), null), new RelayMeters());
        backend.start(made[0]);
        group.dispatcher().unclaimed(backend, made[0]);
        group.open(new ListenerSettings("web", "127.0.0.1", Integer.parseInt(args[0]), tls));
        new CountDownLatch(1).await();
    }

    private static final class One implements Targets {
        private Target left;

        One(Target only) {
            left = only;
        }

        @Override
        public Target next() {
            Target next = left;
            left = null;
            return next;
        }

        @Override
        public void ended(Target target, Outcome outcome) {}
    }
}
