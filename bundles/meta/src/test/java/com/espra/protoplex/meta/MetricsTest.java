package com.espra.protoplex.meta;

import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.ChannelTraffic;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Hold;
import com.espra.protoplex.api.http.OriginalClient;
import com.espra.protoplex.api.http.StreamAdmission;
import com.espra.protoplex.api.http.StreamFlight;
import com.espra.protoplex.api.http.StreamTraffic;
import com.espra.protoplex.api.http.Streams;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.api.node.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** What Prometheus reads of the requests. */
public class MetricsTest {

    private record TestNode() implements Node {
        @Override
        public String name() {
            return "node-1";
        }

        @Override
        public String region() {
            return "local";
        }

        @Override
        public Set<String> roles() {
            return Set.of();
        }

        @Override
        public Path data(String owner) {
            throw new UnsupportedOperationException();
        }
    }

    private record World(List<UnitTraffic> traffic) implements Dispatcher {
        @Override
        public Backend open(String unit, String generation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Backend> flip(Backend backend) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Backend> withdraw(String unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Hold hold(String unit, Hold.Bounds bounds) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StreamAdmission admit(String listener, StreamFlight flight) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void serve(Request request, Response response, Callback callback, OriginalClient client) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unclaimed(@Nullable Backend backend, @Nullable Handler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void fallback(@Nullable Handler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Claim> claims() {
            return List.of();
        }

        @Override
        public List<ChannelTraffic> channels() {
            return List.of(new ChannelTraffic("chat", 9, 12, 1, 18, 2, 3, 40, 50));
        }

        @Override
        public long shed() {
            return 7;
        }

        @Override
        public long disconnected() {
            return 8;
        }

        @Override
        public long malformed() {
            return 9;
        }
    }

    @Test
    public void requestsAreCountedByUnitStatusAndTime() {
        List<Long> bySeconds = new ArrayList<>(Collections.nCopies(UnitTraffic.BOUNDS_SECONDS.size() + 1, 0L));
        bySeconds.set(0, 4L);
        bySeconds.set(2, 1L);
        UnitTraffic hello = new UnitTraffic("hello", List.of(1L, 0L, 3L, 0L, 0L, 1L), bySeconds, 0.25);

        Streams streams = () -> List.of(new StreamTraffic("smtp", 3, 10, Map.of("idle", 2L)));
        String text = new Metrics(
                        new TestNode(), List::of, () -> new World(List.of(hello)), () -> streams, new UnitMeters())
                .answer()
                .body();

        for (String line : List.of(
                "protoplex_responses_total{status=\"2xx\",unit=\"hello\"} 3.0",
                "protoplex_requests_refused_total 7.0",
                "protoplex_connections_cut_total 8.0",
                "protoplex_requests_malformed_total 9.0",
                "protoplex_streams{listener=\"smtp\"} 3.0",
                "protoplex_streams_accepted_total{listener=\"smtp\"} 10.0",
                "protoplex_streams_cut_total{listener=\"smtp\",reason=\"idle\"} 2.0",
                "protoplex_channels{unit=\"chat\"} 9.0",
                "protoplex_channels_opened_total{unit=\"chat\"} 12.0",
                "protoplex_channels_refused_total{unit=\"chat\"} 1.0",
                "protoplex_channels_adopted_total{unit=\"chat\"} 18.0",
                "protoplex_channels_lost_total{unit=\"chat\"} 2.0",
                "protoplex_channels_slow_total{unit=\"chat\"} 3.0",
                "protoplex_channel_messages_total{direction=\"in\",unit=\"chat\"} 40.0",
                "protoplex_channel_messages_total{direction=\"out\",unit=\"chat\"} 50.0",
                "protoplex_responses_total{status=\"none\",unit=\"hello\"} 1.0",
                "protoplex_request_seconds_bucket{unit=\"hello\",le=\"0.001\"} 4",
                "protoplex_request_seconds_bucket{unit=\"hello\",le=\"0.005\"} 5",
                "protoplex_request_seconds_bucket{unit=\"hello\",le=\"+Inf\"} 5",
                "protoplex_request_seconds_sum{unit=\"hello\"} 0.25")) {
            assertTrue(line + " is missing in:\n" + text, text.contains(line + "\n"));
        }
    }
}
