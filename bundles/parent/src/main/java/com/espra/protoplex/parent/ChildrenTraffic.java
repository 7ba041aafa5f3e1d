package com.espra.protoplex.parent;

import com.espra.protoplex.api.http.RequestCounts;
import com.espra.protoplex.api.http.UnitTraffic;
import com.espra.protoplex.control.Topics;
import com.espra.protoplex.control.TrafficMap;
import com.espra.protoplex.parent.ConnectedChildren.Connected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the children what became of their requests, when somebody wants to know; one that is silent, or too old to know, counts as it did. */
@Component(service = RequestCounts.class)
public final class ChildrenTraffic implements RequestCounts {

    private static final Logger LOG = LoggerFactory.getLogger(ChildrenTraffic.class);
    private static final long PATIENCE_MILLIS = 200;

    /** Whoever asks again within this time hears the same. */
    private static final long SAME_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ConnectedChildren children;
    private final TrafficTotals<Connected> totals = new TrafficTotals<>();
    private final AtomicLong asked = new AtomicLong(System.nanoTime() - SAME_NANOS);

    @Activate
    public ChildrenTraffic(BundleContext context) {
        children = new ConnectedChildren(context, child -> {});
        children.open();
    }

    @Override
    public List<UnitTraffic> traffic() {
        if (System.nanoTime() - asked.get() >= SAME_NANOS) {
            ask();
            asked.set(System.nanoTime());
        }
        return totals.traffic();
    }

    private void ask() {
        List<Connected> all = children.all();
        totals.retain(all);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Connected child : all) {
            long number = totals.asked(child);
            // An answer that comes after the patience counts the next time.
            answers.add(child.peer()
                    .ask(Topics.TRAFFIC, Map.of())
                    .thenAccept(answer -> heard(child, number, answer))
                    .exceptionally(failure -> {
                        LOG.debug("child {} does not say what became of its requests", child.id(), failure);
                        return null;
                    }));
        }
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("a child does not say within {} ms what became of its requests", PATIENCE_MILLIS, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("what fails is caught above", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(Connected child, long number, Map<String, Object> answer) {
        if (answer.get(Topics.UNITS) instanceof List<?> units) {
            totals.heard(child, number, units.stream().map(TrafficMap::of).toList());
        }
    }

    @Deactivate
    void deactivate() {
        children.close();
    }
}
