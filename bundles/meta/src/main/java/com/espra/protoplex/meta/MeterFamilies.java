package com.espra.protoplex.meta;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of one unit, whichever of its generations counts. */
final class MeterFamilies {

    private static final Logger LOG = LoggerFactory.getLogger(MeterFamilies.class);

    static final int MOST = 200;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,99}");

    /** What the format adds to the names of samples, and so means something else at the end of a family's. */
    private static final Pattern RESERVED = Pattern.compile(".*_(total|created|bucket|count|sum|info)");

    /** The node's own names begin so. */
    private static final Set<String> OF_THE_NODE = Set.of("protoplex_", "jvm_", "process_", "target_");

    private final String unit;
    private final String prefix;
    private final Set<String> reserved;
    private final Set<String> generations = new HashSet<>();
    private final Map<String, Family> families = new TreeMap<>();

    sealed interface Family {

        List<String> labels();

        /** The generation that asked for it first. */
        String by();
    }

    record Counting(Counter metric, MeterSeries series, List<String> labels, String by) implements Family {}

    record Timing(Histogram metric, MeterSeries series, List<String> labels, String by) implements Family {}

    /** @param values by generation */
    private record Asking(String help, Map<String, DoubleSupplier> values, String by) implements Family {

        @Override
        public List<String> labels() {
            return List.of();
        }
    }

    MeterFamilies(String unit) {
        this(unit, OF_THE_NODE);
    }

    private MeterFamilies(String unit, Set<String> reserved) {
        this.unit = unit;
        this.reserved = reserved;
        String plain = unit.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_") + "_";
        this.prefix = Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
    }

    /** Those of the kernel's bundles, by names that no unit may have. */
    static MeterFamilies ofTheNode() {
        return new MeterFamilies("protoplex", Set.of());
    }

    /** A generation may count from now on. */
    synchronized void begin(String generation) {
        generations.add(generation);
    }

    /** A generation is gone. Returns whether it was the last. */
    synchronized boolean end(String generation) {
        generations.remove(generation);
        families.values().forEach(family -> {
            if (family instanceof Asking gauge) {
                gauge.values().remove(generation);
            }
        });
        return generations.isEmpty();
    }

    synchronized Counting counter(String generation, String name, String help, String... labels) {
        if (same(name, labels) instanceof Counting family) {
            return family;
        }
        Counting family = new Counting(
                Counter.builder()
                        .name(begin(generation, name, labels))
                        .help(help)
                        .labelNames(labels)
                        .build(),
                new MeterSeries(labels.length),
                List.of(labels),
                generation);
        families.put(name, family);
        return family;
    }

    synchronized Timing timer(String generation, String name, String help, String... labels) {
        if (same(name, labels) instanceof Timing family) {
            return family;
        }
        Timing family = new Timing(
                Histogram.builder()
                        .name(begin(generation, name, labels))
                        .help(help)
                        .labelNames(labels)
                        .classicOnly()
                        .build(),
                new MeterSeries(labels.length),
                List.of(labels),
                generation);
        families.put(name, family);
        return family;
    }

    synchronized void gauge(String generation, String name, String help, DoubleSupplier value) {
        if (!(same(name) instanceof Asking)) {
            begin(generation, name);
            families.put(name, new Asking(help, new HashMap<>(), generation));
        }
        if (families.get(name) instanceof Asking gauge && generations.contains(generation)) {
            gauge.values().put(generation, value);
        }
    }

    private @Nullable Family same(String name, String... labels) {
        Family family = families.get(name);
        return family != null && family.labels().equals(List.of(labels)) ? family : null;
    }

    /** Checks that a family may begin by this name; returns its whole name. */
    private String begin(String generation, String name, String... labels) {
        requireName("meter", name);
        for (String label : labels) {
            requireName("label", label);
        }
        if (reserved.contains(prefix)) {
            throw new IllegalArgumentException(
                    "a unit called " + unit + " has no meters: names that begin so are the node's own");
        }
        Family before = families.get(name);
        if (before != null && before.by().equals(generation)) {
            throw new IllegalArgumentException(
                    "the meter " + name + " of " + unit + " is there already, of another kind or with other labels");
        }
        if (before == null && families.size() >= MOST) {
            throw new IllegalArgumentException(
                    unit + " has " + MOST + " meters, which is the most: " + name + " is one too many");
        }
        return prefix + name;
    }

    private static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches() || RESERVED.matcher(name).matches()) {
            throw new IllegalArgumentException("the " + what + " '" + name
                    + "' needs another name: lower-case letters, digits and underscores, a letter first, at most 100,"
                    + " and none of _total, _created, _bucket, _count, _sum and _info at its end");
        }
    }

    /** What was metered, now. Gauges are asked outside of any lock. */
    List<MetricSnapshot> collect(Set<String> live) {
        List<MetricSnapshot> all = new ArrayList<>();
        Map<String, Asked> gauges = new TreeMap<>();
        synchronized (this) {
            families.forEach((name, family) -> {
                switch (family) {
                    case Counting counter -> all.add(counter.metric().collect());
                    case Timing timer -> all.add(timer.metric().collect());
                    case Asking gauge ->
                        gauge.values().forEach((generation, value) -> {
                            if (live.contains(generation)) {
                                gauges.put(prefix + name, new Asked(gauge.help(), value));
                            }
                        });
                }
            });
        }
        gauges.forEach((name, gauge) -> ask(name, gauge, all));
        return all;
    }

    private record Asked(String help, DoubleSupplier value) {}

    /** The value is a unit's own code: whatever it throws is its own affair. */
    private static void ask(String name, Asked gauge, List<MetricSnapshot> all) {
        try {
            double now = gauge.value().getAsDouble();
            all.add(GaugeSnapshot.builder()
                    .name(name)
                    .help(gauge.help())
                    .dataPoint(GaugeDataPointSnapshot.builder().value(now).build())
                    .build());
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            LOG.debug("the gauge {} has no value", name, e);
        }
    }
}
