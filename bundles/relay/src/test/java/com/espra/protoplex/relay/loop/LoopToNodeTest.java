package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.api.relay.Targets;
import com.espra.protoplex.http.limits.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.junit.runners.model.Statement;

/** Requests to nodes of the fleet, which are told who the client is, and believe it by a proof that nobody else is ever sent. */
public final class LoopToNodeTest {

    private static final String TOKEN = "the-token-of-the-fleet";

    private final TemporaryFolder folder = new TemporaryFolder();
    private LoopRule loop;

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around((base, description) -> new Statement() {
        @Override
        public void evaluate() throws Throwable {
            Path token = Files.writeString(folder.getRoot().toPath().resolve("token"), TOKEN + "\n");
            loop = new LoopRule(Limits.DEFAULT, token.toString());
            loop.apply(base, description).evaluate();
        }
    });

    private void direct(Decision.HeaderRules rules, Target... targets) {
        loop.direct(request -> new Decision.Relay(new Some(targets), rules, Decision.Times.USUAL));
    }

    private static final class Some implements Targets {
        private final Queue<Target> left;

        Some(Target... targets) {
            left = new ArrayDeque<>(List.of(targets));
        }

        @Override
        public @Nullable Target next() {
            return left.poll();
        }

        @Override
        public void ended(Target target, Outcome outcome) {}
    }

    @Test
    public void aNodeIsToldWhoTheClientIsWithTheProof() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            direct(Decision.HeaderRules.NONE, new Target(target.uri(), "node-2"));
            client.send("GET /x HTTP/1.1\r\nHost: shop.example:81\r\nX-Request-Id: id-1\r\nX-A: 1\r\n"
                    + "Protoplex-Relay-Proof: mine\r\nPROTOPLEX-RELAY-CLIENT: 6.6.6.6 1\r\nProtoplex-Relay-Scheme: https\r\n"
                    + "Protoplex-Relay-Authority: mine\r\nprotoplex-relay-other: mine\r\nprotoplex-relay-: mine\r\n"
                    + "Proxy-Authentication-Info: mine\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n");
            assertEquals("ok", client.answer().body());
            assertEquals(
                    "GET /x HTTP/1.1\r\nX-A: 1\r\nHost: relay.protoplex.invalid\r\nProtoplex-Relay-Proof: " + TOKEN
                            + "\r\nProtoplex-Relay-Client: 127.0.0.1 "
                            + client.socket().getLocalPort()
                            + "\r\nProtoplex-Relay-Scheme: http\r\nProtoplex-Relay-Authority: shop.example:81\r\n"
                            + "X-Request-Id: id-1\r\nVia: 1.1 node-1\r\n\r\n",
                    target.received());
        }
    }

    @Test
    public void aRuleForTheHostSaysWhatTheNodeIsAskedFor() throws Exception {
        try (WireTarget target = WireTarget.answering();
                WireClient client = loop.client()) {
            direct(
                    new Decision.HeaderRules(Map.of("Host", "other.example", "X-B", "2"), Map.of()),
                    new Target(target.uri(), "node-2"));
            assertEquals(
                    "ok",
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().body());
            String head = target.heads().getFirst();
            assertTrue(head, head.contains("Protoplex-Relay-Authority: other.example\r\n"));
            assertTrue(head, head.contains("X-B: 2\r\n"));
            assertEquals(head, head.indexOf("Host:"), head.lastIndexOf("Host:"));
        }
    }

    @Test
    public void nobodyElseEverGetsTheProof() throws Exception {
        try (WireTarget closes = new WireTarget((its, in, socket) -> its.request(in));
                WireTarget foreign = WireTarget.answering();
                WireClient client = loop.client()) {
            direct(Decision.HeaderRules.NONE, new Target(closes.uri(), "node-2"), Target.foreign(foreign.uri()));
            assertEquals(
                    502,
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status());
            assertTrue(closes.received().contains(TOKEN));
            assertEquals("", foreign.received());
        }
    }
}
