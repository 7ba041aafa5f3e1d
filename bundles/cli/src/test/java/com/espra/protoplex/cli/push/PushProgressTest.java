package com.espra.protoplex.cli.push;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.Test;

public class PushProgressTest {

    private final StringWriter out = new StringWriter();

    @Test
    public void linesTellEachFileOnceAndEachStepThatEnded() throws IOException {
        PushProgress progress = PushProgress.on(console(false));

        progress.upload("hello.jar", 10, 2500);
        progress.upload("hello.jar", 2500, 2500);
        progress.step(step("INSTALL", "BEGUN"));
        progress.step(step("INSTALL", "DONE"));
        progress.step(step("START", "FAILED"));
        progress.end();

        assertEquals(
                "upload hello.jar, 2.5 kB in all\nnode-1 install, 1.5 ms\nnode-1 start failed, 1.5 ms\n",
                out.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    public void theBarGrowsAndLeavesNothing() throws IOException {
        PushProgress progress = PushProgress.on(console(true));

        progress.upload("hello.jar", 2500, 2500);
        int full = count('\u2588');
        progress.step(step("FETCH", "DONE"));
        int afterFetch = count('\u2588') - full;
        progress.step(step("FLIP", "DONE"));
        int afterFlip = count('\u2588') - full - afterFetch;
        progress.end();

        assertEquals(30, full);
        assertTrue(afterFetch > 0 && afterFetch < afterFlip);
        assertEquals(30, afterFlip);
        assertTrue(out.toString().endsWith("\r\u001b[K"));
        assertFalse(out.toString().contains("\n"));
    }

    private int count(char c) {
        return (int) out.toString().chars().filter(each -> each == c).count();
    }

    private static JsonNode step(String step, String state) throws IOException {
        return JsonTree.parse(FakeSeed.step("node-1", step, state).getBytes(StandardCharsets.UTF_8));
    }

    private Console console(boolean terminal) {
        return new Console(new PrintWriter(out), new PrintWriter(out), terminal, false);
    }
}
