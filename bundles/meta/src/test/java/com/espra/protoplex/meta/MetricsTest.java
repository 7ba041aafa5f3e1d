package com.espra.protoplex.meta;

import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.api.node.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
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

    @Test
    public void requestsAreCountedByUnitStatusAndTime() {
        List<Long> bySeconds = new ArrayList<>(Collections.nCopies(UnitTraffic.BOUNDS_SECONDS.size() + 1, 0L));
        bySeconds.set(0, 4L);
        bySeconds.set(2, 1L);
        UnitTraffic hello = new UnitTraffic("hello", List.of(1L, 0L, 3L, 0L, 0L, 1L), bySeconds, 0.25);

        String text = new Metrics(new TestNode(), List::of, () -> List.of(hello))
                .answer()
                .body();

        for (String line : List.of(
                "protoplex_responses_total{status=\"2xx\",unit=\"hello\"} 3.0",
                "protoplex_responses_total{status=\"none\",unit=\"hello\"} 1.0",
                "protoplex_request_seconds_bucket{unit=\"hello\",le=\"0.001\"} 4",
                "protoplex_request_seconds_bucket{unit=\"hello\",le=\"0.005\"} 5",
                "protoplex_request_seconds_bucket{unit=\"hello\",le=\"+Inf\"} 5",
                "protoplex_request_seconds_sum{unit=\"hello\"} 0.25")) {
            assertTrue(line + " is missing in:\n" + text, text.contains(line + "\n"));
        }
    }
}
