package com.espra.protoplex.meta;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

/** Metrics of a parent and its children as one text. */
public class ExpositionTest {

    private static final String PARENT = """
            # HELP protoplex_requests_total Requests that a generation was given
            # TYPE protoplex_requests_total counter
            protoplex_requests_total{unit="a {b} c",phase="live"} 7.0
            # HELP jvm_gc_seconds_total Time
            # TYPE jvm_gc_seconds_total counter
            jvm_gc_seconds_total 0.5
            # HELP jvm_info A JVM
            # TYPE jvm_info gauge
            jvm_info{version="25"} 1
            """;

    private static String child(int requests, double seconds) {
        return """
            # HELP protoplex_requests_total Requests that a generation was given
            # TYPE protoplex_requests_total counter
            protoplex_requests_total{unit="a {b} c",phase="live"} %d.0
            # HELP jvm_gc_seconds_total Time
            # TYPE jvm_gc_seconds_total counter
            jvm_gc_seconds_total %s
            # HELP process_open_fds Files
            # TYPE process_open_fds gauge
            process_open_fds 10.0
            """.formatted(requests, seconds);
    }

    @Test
    public void eachFamilyIsThereOnceWithTheSamplesOfAll() {
        Exposition all = new Exposition();
        all.addParent(PARENT);
        all.addChild("serving-0.1", child(3, 0.25));
        all.addChild("serving-1.2", child(4, 1));
        all.addChild("serving-2.3", "");

        assertEquals("""
            # HELP protoplex_requests_total Requests that a generation was given
            # TYPE protoplex_requests_total counter
            protoplex_requests_total{unit="a {b} c",phase="live"} 7.0
            protoplex_requests_total{child="serving-0.1",unit="a {b} c",phase="live"} 3.0
            protoplex_requests_total{child="serving-1.2",unit="a {b} c",phase="live"} 4.0
            # HELP jvm_gc_seconds_total Time
            # TYPE jvm_gc_seconds_total counter
            jvm_gc_seconds_total 1.75
            jvm_gc_seconds_total{child="parent"} 0.5
            jvm_gc_seconds_total{child="serving-0.1"} 0.25
            jvm_gc_seconds_total{child="serving-1.2"} 1.0
            # HELP jvm_info A JVM
            # TYPE jvm_info gauge
            jvm_info{child="parent",version="25"} 1
            # HELP protoplex_child_up Whether the child answered in time: 1, or 0, and what it counts is missing here
            # TYPE protoplex_child_up gauge
            protoplex_child_up{child="serving-0.1"} 1
            protoplex_child_up{child="serving-1.2"} 1
            protoplex_child_up{child="serving-2.3"} 0
            # HELP process_open_fds Files
            # TYPE process_open_fds gauge
            process_open_fds 20.0
            process_open_fds{child="serving-0.1"} 10.0
            process_open_fds{child="serving-1.2"} 10.0
            """, all.text());
    }
}
