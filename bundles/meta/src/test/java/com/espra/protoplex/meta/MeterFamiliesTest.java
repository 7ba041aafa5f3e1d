package com.espra.protoplex.meta;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** What a unit meters of itself, through swaps of it. */
public class MeterFamiliesTest {

    private final MeterFamilies families = new MeterFamilies("Web-Shop");
    private Meters old;
    private Meters next;

    @Before
    public void twoGenerations() {
        families.begin("1");
        families.begin("2");
        old = new GenerationMeters(families, "1");
        next = new GenerationMeters(families, "2");
    }

    @Test
    public void whatWasCountedStaysThroughASwapAndARollBack() throws Exception {
        old.counter("orders", "Orders", "kind").add(2, "book");
        next.counter("orders", "Orders", "kind").add(3, "book");
        assertFalse("another is there", families.end("1"));
        next.counter("orders", "Orders", "kind").add(1, "book");

        assertLine("web_shop_orders_total{kind=\"book\"} 6.0");
        assertTrue("the last one", families.end("2"));
    }

    @Test
    public void aGaugeIsAskedOfTheLiveGenerationAlone() throws Exception {
        old.gauge("queue", "Waiting", () -> 1);
        next.gauge("queue", "Waiting", () -> 2);

        assertTrue(text("1"), text("1").contains("\nweb_shop_queue 1.0\n"));
        assertTrue(text("2"), text("2").contains("\nweb_shop_queue 2.0\n"));
        families.end("1");
        assertFalse(text("1"), text("1").contains("web_shop_queue"));
    }

    @Test
    public void aGaugeThatThrowsTakesNothingElseAway() throws Exception {
        old.counter("orders", "Orders").add(1);
        old.gauge("queue", "Waiting", () -> {
            throw new IllegalStateException("closed");
        });
        assertLine("web_shop_orders_total 1.0");
        assertFalse(text("1").contains("web_shop_queue"));
    }

    @Test
    public void timesAreSecondsInBuckets() throws Exception {
        old.timer("order_seconds", "An order", "kind").record(Duration.ofMillis(20), "book");
        assertLine("web_shop_order_seconds_bucket{kind=\"book\",le=\"0.025\"} 1");
        assertLine("web_shop_order_seconds_sum{kind=\"book\"} 0.02");
    }

    @Test
    public void theNextVersionMayWantOtherLabelsAndThenItBeginsAnew() throws Exception {
        old.counter("orders", "Orders").add(5);
        next.counter("orders", "Orders", "kind").add(1, "book");
        assertLine("web_shop_orders_total{kind=\"book\"} 1.0");
        assertFalse(text("1").contains("web_shop_orders_total 5.0"));
    }

    @Test
    public void oneVersionMayNotMeanTwoThingsByAName() {
        old.counter("orders", "Orders");
        for (Runnable second : List.<Runnable>of(
                () -> old.counter("orders", "Orders", "kind"),
                () -> old.timer("orders", "Orders"),
                () -> old.gauge("orders", "Orders", () -> 1))) {
            assertThrows(IllegalArgumentException.class, second::run);
        }
    }

    @Test
    public void namesAreThoseOfTheFormat() {
        for (String name : List.of("", "Orders", "orders total", "1st", "a\nb", "orders_total", "x".repeat(101))) {
            assertThrows(name, IllegalArgumentException.class, () -> old.counter(name, "Orders"));
        }
        assertThrows(IllegalArgumentException.class, () -> old.counter("orders", "Orders", "a-b"));
        MeterFamilies ofTheNode = new MeterFamilies("jvm");
        assertThrows(IllegalArgumentException.class, () -> ofTheNode.counter("1", "threads", "Threads"));
    }

    @Test
    public void valuesAreAsManyAsLabels() {
        Counter counter = old.counter("orders", "Orders", "kind");
        assertThrows(IllegalArgumentException.class, () -> counter.add(1));
        assertThrows(IllegalArgumentException.class, () -> counter.add(-1, "book"));
    }

    @Test
    public void metersAndTheirPartsAreBounded() throws Exception {
        Counter counter = old.counter("orders", "Orders", "customer");
        for (int i = 0; i < MeterSeries.MOST + 7; i++) {
            counter.add(1, "customer " + i);
        }
        assertLine("web_shop_orders_total{customer=\"other\"} 7.0");
        for (int i = 1; i < MeterFamilies.MOST; i++) {
            old.counter("meter_" + i, "One of many");
        }
        assertThrows(IllegalArgumentException.class, () -> old.counter("one_more", "One too many"));
    }

    @Test
    public void aGenerationThatIsGoneLeavesNoGauge() throws Exception {
        families.end("1");
        old.gauge("queue", "Waiting", () -> 1);
        assertEquals("", text("1"));
    }

    private void assertLine(String line) throws Exception {
        String text = text("1");
        assertTrue(line + " is missing in:\n" + text, text.contains("\n" + line + "\n"));
    }

    private String text(String live) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.builder().build().write(out, new MetricSnapshots(families.collect(Set.of(live))));
        return out.toString(StandardCharsets.UTF_8);
    }
}
