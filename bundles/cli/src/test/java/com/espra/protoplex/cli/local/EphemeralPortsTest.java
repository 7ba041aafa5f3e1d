package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.Test;

public class EphemeralPortsTest {

    private final EphemeralPorts ports = EphemeralPorts.of("32768\t60999\n");

    @Test
    public void anOffsetBelowThemIsSafe() {
        assertEquals(Optional.empty(), ports.risk(0));
        assertEquals(Optional.empty(), ports.risk(32_767 - Port.HTTPS));
        assertEquals(Optional.empty(), ports.risk(61_000 - Port.SHELL));
        assertEquals(
                "where they are not known",
                Optional.empty(),
                EphemeralPorts.of("0").risk(30_000));
    }

    @Test
    public void theSystemSaysWhichTheyAre() {
        assumeTrue(Files.exists(Path.of("/proc/sys/net/ipv4/ip_local_port_range")));
        EphemeralPorts here = EphemeralPorts.ofSystem();
        assertTrue(here.toString(), here.first() > 1 && here.first() <= here.last());
    }

    @Test
    public void theFirstPortAmongThemIsNamed() {
        String risk = ports.risk(32_768 - Port.HTTPS).orElseThrow();
        assertTrue(risk, risk.startsWith("port 32768 is one of those (32768 to 60999)"));
    }
}
