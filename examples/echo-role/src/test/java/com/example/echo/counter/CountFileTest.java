package com.example.echo.counter;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CountFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theNextOneGoesOnWhereTheLastOneEnded() throws Exception {
        Path path = folder.getRoot().toPath().resolve("data/count");
        try (CountFile first = new CountFile(path)) {
            assertEquals(1, first.next());
            assertEquals(2, first.next());
        }
        try (CountFile second = new CountFile(path)) {
            assertEquals(2, second.last());
            assertEquals(3, second.next());
        }
    }
}
