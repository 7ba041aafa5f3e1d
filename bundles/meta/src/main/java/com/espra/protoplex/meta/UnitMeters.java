package com.espra.protoplex.meta;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of all units of this process. A generation finds those of its unit, as a service of its own. */
@Component(service = {GenerationAdapter.class, UnitMeters.class})
public final class UnitMeters implements GenerationAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(UnitMeters.class);

    /** Whose the node's own meters are: no unit has this name. */
    private static final String NODE = "";

    /** By unit. Those of a unit are there as long as one of its generations is. */
    private final Map<String, MeterFamilies> units = new HashMap<>();

    /** The node's own. */
    synchronized Meters ofTheNode() {
        return new GenerationMeters(
                units.computeIfAbsent(NODE, _ -> {
                    MeterFamilies families = MeterFamilies.ofTheNode();
                    families.begin(NODE);
                    return families;
                }),
                NODE);
    }

    @Override
    public Binding bind(Generation generation, Backend backend) {
        MeterFamilies families = begin(generation);
        return new Bound(
                generation,
                generation
                        .context()
                        .registerService(Meters.class, new GenerationMeters(families, generation.id()), null));
    }

    private synchronized MeterFamilies begin(Generation generation) {
        MeterFamilies families = units.computeIfAbsent(generation.unit(), MeterFamilies::new);
        families.begin(generation.id());
        return families;
    }

    private synchronized void end(Generation generation) {
        MeterFamilies families = units.get(generation.unit());
        if (families != null && families.end(generation.id())) {
            units.remove(generation.unit());
        }
    }

    /**
     * What was metered, now. Names of units that differ in a hyphen alone share names of meters: the first by name has them.
     *
     * @param live the ids of the generations that are live
     */
    synchronized List<MetricSnapshot> collect(Set<String> live) {
        Map<String, MetricSnapshot> byName = new HashMap<>();
        units.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(unit -> unit.getValue().collect(live).stream())
                .forEach(family -> byName.putIfAbsent(family.getMetadata().getPrometheusName(), family));
        return List.copyOf(byName.values());
    }

    private final class Bound implements Binding {

        private final Generation generation;
        private final ServiceRegistration<Meters> service;

        Bound(Generation generation, ServiceRegistration<Meters> service) {
            this.generation = generation;
            this.service = service;
        }

        @Override
        public List<Problem> problems() {
            return List.of();
        }

        @Override
        public List<Endpoint> endpoints() {
            return List.of();
        }

        @Override
        public void onChange(Runnable listener) {
            // Nothing changes.
        }

        @Override
        public void close() {
            end(generation);
            try {
                service.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("the meters of {} went with their bundle, since the node stops", generation.id(), e);
            }
        }
    }
}
