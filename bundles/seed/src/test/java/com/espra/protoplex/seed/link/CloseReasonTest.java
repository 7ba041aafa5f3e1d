package com.espra.protoplex.seed.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.Test;

/** What a close frame says has 123 bytes of UTF-8 (RFC 6455, section 5.5.1), and whole characters. */
public class CloseReasonTest {

    @Test
    public void whatFitsStays() {
        assertEquals("joined as Jürgen’s", LinkSession.shortened("joined as Jürgen’s"));
        assertEquals("a".repeat(120), LinkSession.shortened("a".repeat(120)));
        assertEquals("two lines", LinkSession.shortened("two\nlines"));
    }

    @Test
    public void whatIsLongerEndsAtACharacter() {
        assertEquals("a".repeat(117) + "...", LinkSession.shortened("a".repeat(121)));
        for (String each : new String[] {"ü", "€", "𝄞", "a𝄞"}) {
            String cut = LinkSession.shortened("a" + each.repeat(200));
            byte[] bytes = cut.getBytes(StandardCharsets.UTF_8);
            assertTrue(cut, bytes.length <= 120 && bytes.length > 112);
            assertEquals(cut, new String(bytes, StandardCharsets.UTF_8));
            assertTrue(cut, cut.endsWith(each + "...") || cut.endsWith("a..."));
        }
    }
}
