package com.espra.protoplex.relay.loop;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import com.espra.protoplex.relay.direct.Directors;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A listener that relays all to one target, for figures: its port, and the target's. */
public final class LoopBench {

    public static void main(String... args) throws Exception {
        Target target = Target.foreign(URI.create("http://127.0.0.1:" + args[1]));
        Directors directors = new Directors();
        directors.setDirector(request -> new Decision.Relay(new One(target)));
        AccessLog log = new AccessLog(lines -> {});
        ListenerGroup group = new ListenerGroup("public", Limits.DEFAULT, log);
        group.front(new LoopFront(directors, "node-1"));
        group.open(new ListenerSettings("web", "127.0.0.1", Integer.parseInt(args[0]), null));
        new CountDownLatch(1).await();
    }

    private static final class One implements Targets {
        private @Nullable Target left;

        One(Target only) {
            left = only;
        }

        @Override
        public @Nullable Target next() {
            Target next = left;
            left = null;
            return next;
        }

        @Override
        public void ended(Target target, Outcome outcome) {}
    }
}
