package com.espra.protoplex.json;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class NearestTest {

    private static final List<String> KNOWN = List.of("push", "status", "remove", "rollback");

    @Test
    public void aSlipIsFound() {
        assertEquals(Optional.of("push"), Nearest.of("psuh", KNOWN, 1));
        assertEquals(Optional.of("push"), Nearest.of("pus", KNOWN, 1));
        assertEquals(Optional.of("status"), Nearest.of("statuss", KNOWN, 1));
        assertEquals(Optional.of("remove"), Nearest.of("renove", KNOWN, 1));
    }

    @Test
    public void theNearestOfSeveralIsTaken() {
        assertEquals(Optional.of("rollback"), Nearest.of("rolback", KNOWN, 8));
    }

    @Test
    public void whatIsFarIsNotMeant() {
        assertEquals(Optional.empty(), Nearest.of("deploy", KNOWN, 2));
        assertEquals(Optional.empty(), Nearest.of("x", List.of(), 2));
    }
}
