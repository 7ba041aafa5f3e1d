package com.espra.protoplex.fleet.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

public class LinkFrameCodecTest {

    @Test
    public void framesComeBackAsTheyWere() throws Exception {
        List<LinkFrame> frames = List.of(
                new LinkFrame.Hello(
                        1,
                        "node-1",
                        "local",
                        Set.of("app", "seed"),
                        42,
                        "0.1.0",
                        Map.of("http", "http://x:1"),
                        new LinkFrame.Desired("f", 7, 70, Map.of("hello", "b".repeat(64)), "sealed"),
                        Map.of("b".repeat(64), "1.0.0")),
                new LinkFrame.Desired("f", 8, 0, Map.of("hello", "a".repeat(64)), ""),
                new LinkFrame.Actual(
                        8, List.of(new LinkFrame.Unit("hello", "1.0.0", "b".repeat(64), List.of("/hello/*"), 3))),
                new LinkFrame.Actual(
                        8,
                        List.of(),
                        new LinkFrame.Health("DEGRADED", "a child is replaced", "it ended", 7),
                        new LinkFrame.Upgrades(
                                true,
                                List.of(
                                        new LinkFrame.Upgraded("u-2", LinkFrame.Upgraded.RUNNING, "", 0),
                                        new LinkFrame.Upgraded(
                                                "u-1", LinkFrame.Upgraded.FAILED, "no such option", 1.5)))),
                new LinkFrame.Actual(
                        8,
                        List.of(),
                        LinkFrame.Health.GOOD,
                        LinkFrame.Upgrades.NONE,
                        List.of(),
                        List.of(new LinkFrame.Traffic(
                                "hello",
                                "b".repeat(64),
                                new LinkFrame.Requests(30, 100, 1, List.of(99L, 1L)),
                                LinkFrame.Requests.NONE))),
                new LinkFrame.Rehearse("r-1", "hello", "a".repeat(64)),
                new LinkFrame.Rehearsed("r-1", LinkFrame.Rehearsed.REFUSED, "no package com.example"),
                new LinkFrame.Upgrade("u-2", true, "/opt/protoplex/2.0"),
                new LinkFrame.Event("hello", "1.0.1", "FLIP", "DONE", "", 7_000),
                new LinkFrame.Result(8, "hello", "a".repeat(64), false, "no such package", 0));
        for (LinkFrame frame : frames) {
            assertEquals(frame, LinkFrameCodec.read(LinkFrameCodec.write(frame)));
        }
    }

    @Test
    public void unknownKeysAreLeftOut() throws Exception {
        assertEquals(
                new LinkFrame.Desired("f", 1, 0, Map.of(), ""),
                LinkFrameCodec.read(
                        "{\"type\":\"desired\",\"fleet\":\"f\",\"sequence\":1,\"time\":0,\"units\":{},\"seal\":\"\",\"colour\":\"red\"}"));
    }

    @Test
    public void whatAnOlderNodeDoesNotTellIsTheLeast() throws Exception {
        assertEquals(
                new LinkFrame.Actual(3, List.of(), LinkFrame.Health.GOOD, LinkFrame.Upgrades.NONE),
                LinkFrameCodec.read("{\"type\":\"actual\",\"sequence\":3,\"units\":[]}"));
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
            assertThrows(text, LinkFrameException.class, () -> LinkFrameCodec.read(text));
        }
    }

    @Test
    public void framesAreBounded() {
        String large = "x".repeat(LinkFrameCodec.MAX_FRAME);
        LinkFrameException read = assertThrows(LinkFrameException.class, () -> LinkFrameCodec.read(large + "x"));
        assertTrue(read.getMessage(), read.getMessage().contains("allowed"));
        assertThrows(
                LinkFrameException.class,
                () -> LinkFrameCodec.write(new LinkFrame.Event("hello", "1.0.1", "FLIP", "DONE", large, 0)));
    }
}
