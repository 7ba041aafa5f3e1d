package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class PortOffsetTest {

    private final List<String> notes = new ArrayList<>();

    private void require(int offset, String range) {
        PortOffset.require(offset, EphemeralPorts.of(range), notes::add);
    }

    private CliException refused(int offset, String range) {
        CliException refusal = assertThrows(CliException.class, () -> require(offset, range));
        assertEquals(2, refusal.status());
        return refusal;
    }

    @Test
    public void portsThatTheSystemGivesToOthersAreRefused() {
        require(32_767 - Port.HTTPS, "32768\t60999");
        CliException refusal = refused(32_768 - Port.HTTPS, "32768\t60999");
        assertTrue(refusal.getMessage(), refusal.getMessage().contains("32768 to 60999"));
        assertEquals("say 0 to 24324", refusal.next());
        refused(60_999 - Port.SHELL, "32768\t60999");
        require(0, "32768\t60999");
        require(40_000, "unknown");
        assertEquals(List.of(), notes);
    }

    /** Systems with very many connections have all ports for them: there, none is better than another. */
    @Test
    public void whatNoOffsetAvoidsIsSaidAndNotRefused() {
        require(0, "1024\t65535");
        require(1000, "1024\t65535");
        assertEquals(2, notes.size());
        assertTrue(notes.toString(), notes.getLast().contains("1024 to 65535"));
    }

    @Test
    public void portsThatThereAreNotAreRefused() {
        assertTrue(refused(-1, "unknown").getMessage().contains("65535"));
        refused(57_001, "unknown");
    }
}
