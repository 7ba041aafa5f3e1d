package com.espra.protoplex.live.mercure.serve;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelRequest;
import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Subscriber;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.LocalHub;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.After;
import org.junit.Test;

/** A stream that ends while an update is delivered, as one does whose connection breaks at the write. */
public class EndingStreamTest {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final LocalHub hub = MercureServer.hubs().hub("mercure");
    private final MercureHub mercure =
            new MercureHub(MercureServer.rules(true, true, true, Duration.ofHours(1)), hub, Clock.systemUTC(), timer);

    @After
    public void close() {
        mercure.close();
        timer.shutdownNow();
    }

    @Test
    public void othersHearOfItAfterTheUpdate() throws Exception {
        MercureEndpoint endpoint = new MercureEndpoint(mercure);
        Channel channel = channel("match=foo");
        endpoint.opened(channel);
        LinkedBlockingQueue<Long> offsets = new LinkedBlockingQueue<>();
        hear(entry -> {
            if (entry.update().keys().contains("foo")) {
                endpoint.closed(channel, 1006, "");
            }
        });
        hear(entry -> offsets.add(entry.position().offset()));

        hub.publish(Update.of("foo", "x"), "");
        hub.publish(Update.of("foo", "y"), "");
        // The beginning, x, the end and y, or y before the end: each once, in the order of the log.
        for (long offset = 1; offset <= 4; offset++) {
            assertEquals(Long.valueOf(offset), offsets.poll(10, TimeUnit.SECONDS));
        }
    }

    private void hear(Consumer<HubEntry> use) {
        hub.subscribe(Member.hidden("test", ""), _ -> true, Resume.EARLIEST, new Subscriber() {
            @Override
            public void started(Position from, boolean recovered) {}

            @Override
            public void update(HubEntry entry) {
                use.accept(entry);
            }
        });
    }

    static Channel channel(String query) {
        ChannelRequest request = proxy(ChannelRequest.class, name -> switch (name) {
            case "query" -> query;
            case "remoteAddress" -> "192.0.2.1";
            case "path" -> MercureRules.PATH;
            default -> Optional.empty();
        });
        return proxy(Channel.class, name -> switch (name) {
            case "request" -> request;
            case "protocol" -> Channel.Protocol.EVENT_STREAM;
            case "send", "isOpen" -> true;
            default -> null;
        });
    }

    private static <T> T proxy(Class<T> type, java.util.function.Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> values != null && List.of(values).getFirst() == proxy;
                    default -> answers.apply(method.getName());
                }));
    }
}
