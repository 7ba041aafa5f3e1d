package com.espra.protoplex.meta;

import com.espra.protoplex.api.http.ChannelTraffic;
import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.http.Streams;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.GenerationStatus;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.meta.MetaPort.Answer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** What Prometheus scrapes. Names are {@code protoplex_…}, units are seconds and bytes. */
final class Metrics {

    private static final double NANOS_PER_SECOND = 1e9;

    /** In the order of {@link UnitTraffic#byStatus}. */
    private static final List<String> STATUSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();
    private final Supplier<List<UnitStatus>> units;
    private final Supplier<@Nullable Dispatcher> world;
    private final Counter steps;
    private final Histogram seconds;
    private boolean jvm;

    /**
     * @param units the units of this process, now
     * @param world who sends them their requests; {@code null} while nobody does
     * @param streams the stream listeners of this process; {@code null} while there are none
     * @param meters what they meter of themselves
     */
    Metrics(
            Node node,
            Supplier<List<UnitStatus>> units,
            Supplier<@Nullable Dispatcher> world,
            Supplier<@Nullable Streams> streams,
            UnitMeters meters) {
        this.units = units;
        this.world = world;
        Info.builder()
                .name("protoplex_node_info")
                .help("This node")
                .labelNames("node", "region")
                .register(registry)
                .setLabelValues(node.name(), node.region());
        steps = Counter.builder()
                .name("protoplex_swap_steps_total")
                .help("Steps of swaps that ended")
                .labelNames("unit", "step", "state")
                .register(registry);
        seconds = Histogram.builder()
                .name("protoplex_swap_step_seconds")
                .help("How long the steps of swaps took")
                .labelNames("step")
                .classicOnly()
                .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30)
                .register(registry);
        gauge("protoplex_in_flight", "Requests and upgraded connections in flight", GenerationStatus::inFlight);
        CounterWithCallback.builder()
                .name("protoplex_requests_total")
                .help("Requests that a generation was given")
                .labelNames("unit", "version", "generation", "phase")
                .callback(callback -> each((status, labels) -> callback.call((double) status.served(), labels)))
                .register(registry);
        CounterWithCallback.builder()
                .name("protoplex_responses_total")
                .help("Requests that ended, by class of status; none: without a response")
                .labelNames("unit", "status")
                .callback(callback -> traffic().forEach(unit -> {
                    for (int i = 0; i < STATUSES.size(); i++) {
                        callback.call(unit.byStatus().get(i), unit.unit(), STATUSES.get(i));
                    }
                }))
                .register(registry);
        registry.register((Collector) () -> requestSeconds(traffic()));
        count(
                "protoplex_requests_refused_total",
                "Requests that got 503 because the process was overloaded",
                Dispatcher::shed);
        count(
                "protoplex_connections_cut_total",
                "Connections closed because there was no memory for what all clients had begun and not ended",
                Dispatcher::disconnected);
        count(
                "protoplex_requests_malformed_total",
                "Requests that were none, for how they were written",
                Dispatcher::malformed);
        registry.register((MultiCollector) () -> new MetricSnapshots(meters.collect(live())));
        channels();
        StreamMetrics.register(registry, streams);
    }

    private Set<String> live() {
        return units.get().stream()
                .flatMap(unit -> unit.generations().stream())
                .filter(generation -> generation.phase() == SwapEngine.Phase.LIVE)
                .map(GenerationStatus::id)
                .collect(Collectors.toSet());
    }

    private void channels() {
        GaugeWithCallback.builder()
                .name("protoplex_channels")
                .help("Channels open")
                .labelNames("unit")
                .callback(callback ->
                        channelTraffic().forEach(unit -> callback.call((double) unit.open(), unit.unit())))
                .register(registry);
        channels("opened", "Channels that were let in", ChannelTraffic::opened);
        channels("refused", "Channels that were not let in", ChannelTraffic::refused);
        channels("adopted", "Channels that went from one generation to another", ChannelTraffic::adopted);
        channels("lost", "Channels closed because no other generation could have them", ChannelTraffic::lost);
        channels("slow", "Channels cut because their clients did not read", ChannelTraffic::slow);
        CounterWithCallback.builder()
                .name("protoplex_channel_messages_total")
                .help("Messages of channels, from clients and to them")
                .labelNames("unit", "direction")
                .callback(callback -> channelTraffic().forEach(unit -> {
                    callback.call((double) unit.received(), unit.unit(), "in");
                    callback.call((double) unit.sent(), unit.unit(), "out");
                }))
                .register(registry);
    }

    private void channels(String what, String help, ToLongFunction<ChannelTraffic> value) {
        CounterWithCallback.builder()
                .name("protoplex_channels_" + what + "_total")
                .help(help)
                .labelNames("unit")
                .callback(callback ->
                        channelTraffic().forEach(unit -> callback.call((double) value.applyAsLong(unit), unit.unit())))
                .register(registry);
    }

    private List<ChannelTraffic> channelTraffic() {
        Dispatcher present = world.get();
        return present == null ? List.of() : present.channels();
    }

    private List<UnitTraffic> traffic() {
        Dispatcher present = world.get();
        return present == null ? List.of() : present.traffic();
    }

    private void count(String name, String help, ToLongFunction<Dispatcher> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> {
                    Dispatcher present = world.get();
                    callback.call(present == null ? 0 : (double) value.applyAsLong(present));
                })
                .register(registry);
    }

    private static HistogramSnapshot requestSeconds(List<UnitTraffic> units) {
        HistogramSnapshot.Builder all = HistogramSnapshot.builder()
                .name("protoplex_request_seconds")
                .help("How long requests took, from the head of the request to the last byte of the response");
        List<Double> bounds = new ArrayList<>(UnitTraffic.BOUNDS_SECONDS);
        bounds.add(Double.POSITIVE_INFINITY);
        for (UnitTraffic unit : units) {
            all.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(Labels.of("unit", unit.unit()))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, unit.bySeconds()))
                    .sum(unit.seconds())
                    .build());
        }
        return all.build();
    }

    private void gauge(String name, String help, ToDoubleFunction<GenerationStatus> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("unit", "version", "generation", "phase")
                .callback(callback -> each((status, labels) -> callback.call(value.applyAsDouble(status), labels)))
                .register(registry);
    }

    private void each(Sample sample) {
        for (UnitStatus unit : units.get()) {
            for (GenerationStatus status : unit.generations()) {
                String phase = status.phase().name().toLowerCase(Locale.ROOT);
                sample.take(status, unit.unit(), status.version(), status.id(), phase);
            }
        }
    }

    void count(SwapEvent event) {
        boolean failed = event.state() == SwapEvent.State.FAILED;
        if (failed || event.state() == SwapEvent.State.DONE) {
            Step step = event.step();
            steps.labelValues(event.unit(), step.name(), failed ? "failed" : "done")
                    .inc();
            seconds.labelValues(step.name()).observe(event.elapsed().toNanos() / NANOS_PER_SECOND);
        }
    }

    Answer answer() {
        registerJvm();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return new Answer(HttpStatus.OK_200, writer.getContentType(), text.toString(StandardCharsets.UTF_8));
    }

    /** At the first scrape: to set up the JVM's metrics takes longer than the rest of a node's start. */
    private synchronized void registerJvm() {
        if (!jvm) {
            JvmMetrics.builder().register(registry);
            jvm = true;
        }
    }

    private interface Sample {
        void take(GenerationStatus status, String... labels);
    }
}
