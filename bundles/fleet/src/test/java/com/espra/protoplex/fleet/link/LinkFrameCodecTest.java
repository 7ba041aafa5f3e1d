package com.espra.protoplex.fleet.link;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
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
                                                "u-1", LinkFrame.Upgraded.FAILED, "no such option", 1.5)),
                                "/opt/protoplex/1.0")),
                new LinkFrame.Actual(
                        8,
                        List.of(),
                        LinkFrame.Health.GOOD,
                        LinkFrame.Upgrades.NONE,
                        List.of(),
                        LinkFrame.Drain.NONE,
                        Map.of(),
                        List.of(new LinkFrame.Traffic(
                                "hello",
                                "b".repeat(64),
                                new LinkFrame.Requests(30, 100, 1, List.of(99L, 1L)),
                                LinkFrame.Requests.NONE))),
                new LinkFrame.Upgrade("u-2", true, "/opt/protoplex/2.0"),
                new LinkFrame.Ask("a-1", LinkFrame.Ask.LOG, Map.of("cursor", "node.log:7:42")),
                new LinkFrame.Answer(
                        "a-1", "", "node.log:7:45", List.of(new LinkFrame.Part("node.log", true, "two\nlines\n"))),
                LinkFrame.Answer.failed("a-2", "it does not know that"),
                new LinkFrame.Standing(
                        new LinkFrame.Order(LinkFrame.Order.DRAIN, 5, 30_000),
                        7,
                        List.of(new LinkFrame.Outage("shop", true, 9, "back at two", "c".repeat(64)))),
                new LinkFrame.Actual(
                        8,
                        List.of(),
                        LinkFrame.Health.GOOD,
                        LinkFrame.Upgrades.NONE,
                        List.of(),
                        new LinkFrame.Drain(5, LinkFrame.Drain.DRAINED, List.of("shop 1.0.0: 1 request")),
                        Map.of("http", "http://x:1"),
                        List.of()),
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
        assertEquals(
                "of one that does not say what it runs from",
                new LinkFrame.Actual(3, List.of(), LinkFrame.Health.GOOD, new LinkFrame.Upgrades(true, List.of(), "")),
                LinkFrameCodec.read(
                        "{\"type\":\"actual\",\"sequence\":3,\"units\":[],\"upgrades\":{\"possible\":true,\"last\":[]}}"));
        LinkFrame.Hello hello = (LinkFrame.Hello) LinkFrameCodec.read("""
                {"type":"hello","protocol":1,"node":"n","region":"r","roles":[],"pid":1,"version":"0","addresses":{},\
                "accepted":{"type":"desired","fleet":"","sequence":0,"time":0,"units":{},"seal":""},"versions":{}}""");
        assertEquals("it would not understand one", LinkFrame.Order.UNHEARD, hello.order());
        LinkFrame.Directory directory = (LinkFrame.Directory) LinkFrameCodec.read("""
                {"type":"directory","epoch":1,"from":0,"number":1,"head":1,"time":0,"rows":[{"node":"n","gone":false,\
                "region":"","roles":[],"connected":true,"since":0,"health":"HEALTHY","addresses":{},"units":[]}]}""");
        assertFalse(directory.rows().getFirst().drained());
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
