package com.espra.protoplex.files.vhostfiles.site;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** Which names are names of hosts. */
public class HostNamesTest {

    @Test
    public void aNameIsWrittenInOneWay() {
        assertEquals(Optional.of("www.example.com"), HostNames.of("WWW.Example.com."));
        assertEquals(Optional.of("localhost"), HostNames.of("localhost"));
        assertEquals(Optional.of("127.0.0.1"), HostNames.of("127.0.0.1"));
        assertEquals(Optional.of("xn--bcher-kva.example"), HostNames.of("xn--bcher-kva.example"));
    }

    @Test
    public void whatIsNoneIsRefused() {
        for (String hostile : List.of(
                "",
                ".",
                "..",
                "a..b",
                ".a",
                "a..",
                "-a.b",
                "a-.b",
                "[::1]",
                "a b",
                "a/b",
                "a\\b",
                "a%2eb",
                "*",
                "*.a",
                "a:80",
                "a@b",
                "a\0b",
                "a\r\nb",
                "bücher.example",
                "\u212Aelvin.example",
                "a".repeat(64) + ".com",
                "a.".repeat(13) + "com",
                "a.".repeat(127) + "a")) {
            assertEquals(hostile, Optional.empty(), HostNames.of(hostile));
        }
        assertEquals(Optional.empty(), HostNames.of(null));
    }

    @Test
    public void anOperatorMayMeanAllHostsBelowOne() {
        assertEquals("*.example.com", HostNames.pattern("*.Example.com"));
        for (String wrong : List.of("*", "*.", "a.*.b", "**.a", "*.*.a", "http://a", "a/b")) {
            assertThrows(wrong, IllegalArgumentException.class, () -> HostNames.pattern(wrong));
        }
    }

    @Test
    public void theHostItselfSpeaksFirst() {
        assertEquals(List.of("a.b.c", "*.b.c", "*.c"), HostNames.candidates("a.b.c"));
        assertEquals(List.of("localhost"), HostNames.candidates("localhost"));
    }
}
