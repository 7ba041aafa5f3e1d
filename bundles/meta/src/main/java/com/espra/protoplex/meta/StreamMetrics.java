package com.espra.protoplex.meta;

import com.espra.protoplex.api.http.StreamTraffic;
import com.espra.protoplex.api.http.Streams;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Prometheus scrapes of the connections of stream listeners. */
final class StreamMetrics {

    private StreamMetrics() {}

    static void register(PrometheusRegistry registry, Supplier<@Nullable Streams> streams) {
        GaugeWithCallback.builder()
                .name("protoplex_streams")
                .help("Connections of stream listeners open")
                .labelNames("listener")
                .callback(callback -> traffic(streams)
                        .forEach(listener -> callback.call((double) listener.open(), listener.listener())))
                .register(registry);
        CounterWithCallback.builder()
                .name("protoplex_streams_accepted_total")
                .help("Connections of stream listeners accepted")
                .labelNames("listener")
                .callback(callback -> traffic(streams)
                        .forEach(listener -> callback.call((double) listener.accepted(), listener.listener())))
                .register(registry);
        CounterWithCallback.builder()
                .name("protoplex_streams_cut_total")
                .help("Connections of stream listeners refused, or closed by the node, by reason")
                .labelNames("listener", "reason")
                .callback(callback -> traffic(streams)
                        .forEach(listener -> listener.cut()
                                .forEach(
                                        (reason, count) -> callback.call((double) count, listener.listener(), reason))))
                .register(registry);
    }

    private static List<StreamTraffic> traffic(Supplier<@Nullable Streams> streams) {
        Streams present = streams.get();
        return present == null ? List.of() : present.traffic();
    }
}
