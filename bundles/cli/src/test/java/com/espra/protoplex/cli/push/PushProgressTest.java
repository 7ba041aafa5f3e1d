package com.espra.protoplex.cli.push;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Console;
import com.espra.protoplex.cli.FakeSeed;
import com.espra.protoplex.cli.JsonTree;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
        progress.step(waits(1, "a.Cart"));
        progress.step(waits(2, "a.Cart"));
        progress.step(waits(3, "a.Shop"));
        progress.step(step("START", "FAILED"));
        progress.end();

        assertEquals("""
                upload hello.jar, 2.5 kB in all
                node-1 install, 1.5 ms
                node-1 ready: waits 1 of 10 s for a.Cart
                node-1 ready: waits 3 of 10 s for a.Shop
                node-1 start failed, 1.5 ms
                """, out.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    public void theBarGrowsAndLeavesNothing() throws IOException {
        PushProgress progress = PushProgress.on(console(true));

        progress.upload("hello.jar", 2500, 2500);
        int full = count('\u2588');
        progress.step(step("FETCH", "DONE"));
        int afterFetch = count('\u2588') - full;
        progress.step(waits(1, "a.Cart"));
        String waiting = lastFrame();
        progress.step(waits(2, "a.Cart"));
        String waitingOn = lastFrame();
        int beforeFlip = count('\u2588');
        progress.step(step("FLIP", "DONE"));
        int afterFlip = count('\u2588') - beforeFlip;
        progress.end();

        assertTrue(waiting, waiting.endsWith(" node-1 ready: waits 1 of 10 s for a.Cart"));
        assertTrue(waitingOn, waitingOn.endsWith(" node-1 ready: waits 2 of 10 s for a.Cart"));
        assertEquals(30, full);
        assertTrue(afterFetch > 0 && afterFetch < afterFlip);
        assertEquals(30, afterFlip);
        assertTrue(out.toString().endsWith("\r\u001b[K"));
        assertFalse(out.toString().contains("\n"));
    }

    private int count(char c) {
        return (int) out.toString().chars().filter(each -> each == c).count();
    }

    private String lastFrame() {
        return out.toString().substring(out.toString().lastIndexOf('\r'));
    }

    /** What the engine says each second of a component that is not satisfied yet. */
    private static JsonNode waits(int seconds, String component) throws IOException {
        ObjectNode event = (ObjectNode) step("READY", "PROGRESS");
        return event.put("detail", "waits " + seconds + " of 10 s for " + component);
    }

    private static JsonNode step(String step, String state) throws IOException {
        return JsonTree.parse(FakeSeed.step("node-1", step, state).getBytes(StandardCharsets.UTF_8));
    }

    private Console console(boolean terminal) {
        return new Console(new PrintWriter(out), new PrintWriter(out), terminal, false);
    }
}
