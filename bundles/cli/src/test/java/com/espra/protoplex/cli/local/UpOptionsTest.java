package com.espra.protoplex.cli.local;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.Test;

public class UpOptionsTest {

    private static UpOptions options(String... roles) {
        return UpOptions.of(
                List.of(roles), List.of("echo", "mail"), OptionalInt.empty(), Optional.empty(), OptionalInt.empty());
    }

    @Test
    public void allIsWhateverThereIs() {
        assertEquals(List.of("seed", "app", "echo", "mail"), options("all").roles("node-1"));
        assertEquals(
                List.of("app", "seed", "echo", "mail", "more"),
                options("app,all,more").roles("node-1"));
    }

    @Test
    public void aNodeMayHaveItsOwn() {
        UpOptions options = options("seed,app", "node-2=echo");
        assertEquals(List.of("seed", "app"), options.roles("node-1"));
        assertEquals(List.of("echo"), options.roles("node-2"));
    }
}
