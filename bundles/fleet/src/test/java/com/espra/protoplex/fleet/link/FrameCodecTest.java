package com.espra.protoplex.fleet.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

public class FrameCodecTest {

    @Test
    public void framesComeBackAsTheyWere() throws Exception {
        List<Frame> frames = List.of(
                new Frame.Hello(
                        1,
                        "node-1",
                        "local",
                        Set.of("app", "seed"),
                        42,
                        "0.1.0",
                        Map.of("http", "http://x:1"),
                        new Frame.Desired("f", 7, 70, Map.of("hello", "b".repeat(64)), "sealed"),
                        Map.of("b".repeat(64), "1.0.0")),
                new Frame.Desired("f", 8, 0, Map.of("hello", "a".repeat(64)), ""),
                new Frame.Actual(8, List.of(new Frame.Unit("hello", "1.0.0", "b".repeat(64), List.of("/hello/*"), 3))),
                new Frame.Actual(
                        8,
                        List.of(),
                        new Frame.Health("DEGRADED", "a child is replaced", "it ended", 7),
                        new Frame.Upgrades(
                                true,
                                List.of(
                                        new Frame.Upgraded("u-2", Frame.Upgraded.RUNNING, "", 0),
                                        new Frame.Upgraded("u-1", Frame.Upgraded.FAILED, "no such option", 1.5)))),
                new Frame.Upgrade("u-2", true, "/opt/protoplex/2.0"),
                new Frame.Event("hello", "1.0.1", "FLIP", "DONE", "", 7_000),
                new Frame.Result(8, "hello", "a".repeat(64), false, "no such package", 0));
        for (Frame frame : frames) {
            assertEquals(frame, FrameCodec.read(FrameCodec.write(frame)));
        }
    }

    @Test
    public void unknownKeysAreLeftOut() throws Exception {
        assertEquals(
                new Frame.Desired("f", 1, 0, Map.of(), ""),
                FrameCodec.read(
                        "{\"type\":\"desired\",\"fleet\":\"f\",\"sequence\":1,\"time\":0,\"units\":{},\"seal\":\"\",\"colour\":\"red\"}"));
    }

    @Test
    public void whatAnOlderNodeDoesNotTellIsTheLeast() throws Exception {
        assertEquals(
                new Frame.Actual(3, List.of(), Frame.Health.GOOD, Frame.Upgrades.NONE),
                FrameCodec.read("{\"type\":\"actual\",\"sequence\":3,\"units\":[]}"));
    }

    @Test
    public void anythingElseIsRefused() {
        for (String text : List.of(
                "",
                "[]",
                "null",
                "{}",
                "{\"type\":\"shout\"}",
                "{\"type\":\"desired\",\"sequence\":1}",
                "{\"type\":\"desired\",\"sequence\":1,\"units\":null}",
                "{\"type\":\"desired\",\"sequence\":1,\"units\":{\"a\":null}}",
                "{\"type\":\"actual\",\"sequence\":1,\"units\":[null]}",
                "{\"type\":\"actual\",\"sequence\":1,\"units\":[],\"upgrades\":null}",
                "{\"type\":\"upgrade\",\"id\":\"u\",\"children\":true}",
                "{\"type\":\"upgrade\",\"id\":null,\"children\":true,\"distribution\":\"\"}",
                "{\"type\":\"desired\",\"sequence\":1,\"units\":{}} {}",
                "[".repeat(50_000))) {
            assertThrows(text, FrameException.class, () -> FrameCodec.read(text));
        }
    }

    @Test
    public void framesAreBounded() {
        String large = "x".repeat(FrameCodec.MAX_FRAME);
        FrameException read = assertThrows(FrameException.class, () -> FrameCodec.read(large + "x"));
        assertTrue(read.getMessage(), read.getMessage().contains("allowed"));
        assertThrows(
                FrameException.class,
                () -> FrameCodec.write(new Frame.Event("hello", "1.0.1", "FLIP", "DONE", large, 0)));
    }
}
