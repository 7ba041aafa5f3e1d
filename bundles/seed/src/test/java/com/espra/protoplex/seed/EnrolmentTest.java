package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.CertificateAuthority;
import com.espra.protoplex.certificates.CertificateChain;
import com.espra.protoplex.certificates.CertificateRequest;
import com.espra.protoplex.certificates.FleetTrust;
import com.espra.protoplex.certificates.KeyDigest;
import com.espra.protoplex.certificates.KeyFile;
import com.espra.protoplex.certificates.SpiffeId;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Nodes of other machines, over real TLS: who is let in, who is not, and who is out again. */
public class EnrolmentTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<JoiningNode> nodes = new ArrayList<>();
    private volatile Duration ahead = Duration.ZERO;
    private RunningSeed seed;

    @Before
    public void start() throws Exception {
        seed = RunningSeed.reached(home(), () -> Instant.now().plus(ahead));
    }

    private Path home() {
        return folder.getRoot().toPath().resolve("seed");
    }

    private void restart() throws Exception {
        seed.close();
        start();
    }

    @After
    public void stop() throws Exception {
        nodes.forEach(JoiningNode::close);
        seed.close();
    }

    private JsonNode create(Map<String, ?> wish) throws Exception {
        HttpResponse<String> made = seed.post("/v1/join-tokens", wish);
        assertEquals(made.body(), 201, made.statusCode());
        return RunningSeed.JSON.readTree(made.body());
    }

    private String token(Map<String, ?> wish) throws Exception {
        return create(wish).path("token").asText();
    }

    private JoiningNode node(String name, String token) throws Exception {
        JoiningNode node =
                new JoiningNode(seed, folder.getRoot().toPath().resolve("machine-" + nodes.size()), name, token);
        nodes.add(node);
        return node;
    }

    private JoiningNode joined(String name) throws Exception {
        String token = token(Map.of());
        JoiningNode node = node(name, token);
        HttpResponse<String> answer = node.join(token);
        assertEquals(answer.body(), 201, answer.statusCode());
        return node;
    }

    private static void refused(int status, String words, HttpResponse<String> answer) {
        assertEquals(answer.body(), status, answer.statusCode());
        assertTrue(answer.body(), answer.body().contains(words));
    }

    private HttpResponse<String> delete(String path) throws Exception {
        return seed.send(seed.request(path).DELETE());
    }

    private boolean connected(String name) throws Exception {
        for (JsonNode node : seed.json("/v1/nodes").path("nodes")) {
            if (node.path("node").asText().equals(name)) {
                return node.path("connected").asBoolean();
            }
        }
        return false;
    }

    @Test
    public void aNodeJoinsLinksAndFetches() throws Exception {
        JsonNode made = create(Map.of("uses", 2, "roles", List.of("app", "counter"), "ttlSeconds", 60));
        assertEquals("seed.example.net:8061", made.path("seed").asText());
        JoiningNode node = node("web-3", made.path("token").asText());
        HttpResponse<String> answer = node.join(made.path("token").asText(), "app");
        assertEquals(answer.body(), 201, answer.statusCode());
        JsonNode given = RunningSeed.JSON.readTree(answer.body());
        assertEquals("[\"app\"]", given.path("roles").toString());
        assertEquals(1, given.path("authors").size());
        JoiningNode.LinkEnd link = node.link("web-3", Set.of("app"));
        assertTrue(link.told.get(10, TimeUnit.SECONDS).contains("desired"));
        assertTrue(connected("web-3"));
        assertEquals(
                "it is let in",
                404,
                node.get("/v1/builds/" + "0".repeat(64) + "/manifest").statusCode());
        assertEquals("a node is no operator", 403, node.get("/v1/status").statusCode());
        assertEquals(
                1,
                seed.json("/v1/join-tokens").path("tokens").get(0).path("left").asInt());
        assertEquals(
                "web-3",
                seed.json("/v1/enrolments").path("nodes").get(0).path("node").asText());
    }

    @Test
    public void aTokenThatIsOverIsRefusedInWords() throws Exception {
        String used = token(Map.of());
        assertEquals(201, node("a", used).join(used).statusCode());
        refused(403, "is used up: 1 joined with it", node("b", used).join(used));
        JsonNode ended = create(Map.of("uses", 5));
        assertEquals(200, delete("/v1/join-tokens/" + ended.path("id").asText()).statusCode());
        String revoked = ended.path("token").asText();
        refused(403, "was revoked", node("c", revoked).join(revoked));
        String old = token(Map.of("ttlSeconds", 3600));
        JoiningNode late = node("d", old);
        ahead = Duration.ofSeconds(3601);
        refused(403, "has expired: it was good until", late.join(old));
        List<String> states = new ArrayList<>();
        seed.json("/v1/join-tokens")
                .path("tokens")
                .forEach(token -> states.add(token.path("state").asText()));
        assertEquals(List.of("expired", "revoked", "expired"), states);
        ahead = Duration.ofDays(9);
        token(Map.of()); // what ended long ago is forgotten when something changes
        refused(401, "does not know this join token", late.join(old));
    }

    @Test
    public void aTokenOfAnotherSeedOrOfNobodyIsUnknown() throws Exception {
        String token = token(Map.of());
        JoiningNode node = node("a", token);
        String other = token.substring(0, 14) + "0".repeat(32) + token.substring(46);
        for (String wrong :
                List.of(other, "", "join_", token.substring(0, 40), seed.linkToken(), seed.operatorToken())) {
            refused(401, "does not know this join token", node.join(wrong));
        }
        assertEquals(
                "a token to join is no operator's",
                401,
                seed.send(HttpRequest.newBuilder(seed.uri("/v1/status")).header("Authorization", "Bearer " + token))
                        .statusCode());
        assertEquals(201, node.join(token).statusCode());
    }

    @Test
    public void theNameOfOneThatIsThereIsTaken() throws Exception {
        try (WireNode beside = new WireNode(seed, "node-1")) {
            Await.until("node-1 is there", () -> connected("node-1"));
            joined("web-3");
            String token = token(Map.of("uses", 3));
            refused(409, "there is a node node-1 already", node("node-1", token).join(token));
            refused(409, "there is a node web-3 already", node("web-3", token).join(token));
            assertEquals(
                    "no use was made of it",
                    201,
                    node("web-4", token).join(token).statusCode());
            assertEquals("beside it", "node-1", beside.toString());
        }
    }

    @Test
    public void aRequestForWhatTheTokenIsNotForIsRefused() throws Exception {
        String token = token(Map.of("node", "web-3", "roles", List.of("app")));
        refused(
                403,
                "is for the node web-3, and not for web-4",
                node("web-4", token).join(token));
        JoiningNode node = node("web-3", token);
        refused(403, "and not for datastore", node.join(token, "app", "datastore"));
        String fleet = seed.seed.fleet().data().fleet();
        refused(403, "the request is for", node.join(token, Map.of("request", node.request("another", "web-3"))));
        JoiningNode thief = node("web-3", token);
        String signed =
                CertificateRequest.write(node.key.getPublic(), thief.key.getPrivate(), new SpiffeId(fleet, "web-3"));
        refused(400, "not signed with the key", thief.join(token, Map.of("request", signed)));
        refused(400, "refused", node.join(token, Map.of("request", "x")));
        assertEquals(201, node.join(token).statusCode());
    }

    @Test
    public void whoLostTheAnswerAsksAgain() throws Exception {
        String token = token(Map.of());
        JoiningNode node = node("web-3", token);
        assertEquals(201, node.join(token).statusCode());
        assertEquals("the same machine", 201, node.join(token).statusCode());
        refused(403, "used up", node("web-3", token).join(token));
    }

    @Test
    public void whoIsRevokedIsOutWithinSeconds() throws Exception {
        JoiningNode node = joined("web-3");
        JoiningNode.LinkEnd link = node.link("web-3", Set.of("app"));
        link.told.get(10, TimeUnit.SECONDS);
        long begun = System.nanoTime();
        assertEquals(200, delete("/v1/enrolments/web-3").statusCode());
        assertEquals("4006 the certificate of this node was revoked", link.closed.get(5, TimeUnit.SECONDS));
        Await.until("the Seed knows that it is away", () -> !connected("web-3"));
        refused(403, "was revoked at", node.get("/v1/files/" + "0".repeat(64)));
        refused(403, "was revoked at", node.renew());
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) < 5);
        assertEquals(404, delete("/v1/enrolments/web-3").statusCode());
        restart();
        JoiningNode back = node;
        assertEquals(
                "web-3",
                seed.json("/v1/enrolments").path("revoked").get(0).path("node").asText());
        String token = token(Map.of());
        refused(403, "the key of this node was revoked", rejoin(back, token));
    }

    /** They meet without the Seed. */
    @Test
    public void theOtherNodesHearWhoIsOutAtOnceAndWhenTheyComeBack() throws Exception {
        JoiningNode first = joined("web-3");
        JoiningNode second = joined("web-4");
        JoiningNode third = joined("web-5");
        JoiningNode.LinkEnd hears = third.link("web-5", Set.of("app"), 0);
        JoiningNode.LinkEnd older = joined("web-6").link("web-6", Set.of("app"));
        hears.told.get(10, TimeUnit.SECONDS);
        older.told.get(10, TimeUnit.SECONDS);
        String gone = KeyDigest.of(first.key.getPublic());

        assertEquals(200, delete("/v1/enrolments/web-3").statusCode());
        Await.until("it hears", () -> hears.revoked.size() == 1);
        LinkFrame.RevokedKey heard = hears.revoked.getFirst();
        assertEquals(gone, heard.key());
        // The clock of the Seed is set back, and it grows all the same.
        ahead = Duration.ofHours(-1);
        assertEquals(200, delete("/v1/enrolments/web-4").statusCode());
        Await.until("of that, too", () -> hears.revoked.size() == 2);
        assertTrue(hears.revoked.getLast().at() > heard.at());
        assertEquals("one that would not understand", List.of(), older.revoked);

        JoiningNode.LinkEnd again = third.link("web-5", Set.of("app"), heard.at());
        Await.until("what it has missed, and no more", () -> again.revoked.size() == 1);
        assertEquals(
                KeyDigest.of(second.key.getPublic()), again.revoked.getFirst().key());
        assertFalse(older.closed.isDone());
    }

    /** One on the Seed's machine: its link goes by the token, and it meets the others by a certificate. */
    @Test
    public void aNodeWithTheTokenOfTheLinkGetsACertificateToMeetOthersBy() throws Exception {
        joined("web-3");
        KeyPair key = KeyFile.in(folder.getRoot().toPath().resolve("beside.key"));
        JsonNode fleet =
                RunningSeed.JSON.readTree(besides("GET", "", seed.linkToken()).body());
        String id = fleet.path("fleet").asText();
        FleetTrust trust = new FleetTrust(
                KeyDigest.of(CertificateChain.read(fleet.path("authority").asText())[0].getPublicKey()));

        HttpResponse<String> given = besides("POST", request(key, id, "node-1"), seed.linkToken());
        assertEquals(200, given.statusCode());
        String pem = RunningSeed.JSON.readTree(given.body()).path("certificate").asText();
        assertEquals(
                "node-1", trust.node(CertificateChain.read(pem), Instant.now()).node());
        assertEquals(
                "it has not joined",
                1,
                seed.json("/v1/enrolments").path("nodes").size());

        refused(409, "has joined with a certificate", besides("POST", request(key, id, "web-3"), seed.linkToken()));
        refused(403, "the request is for", besides("POST", request(key, "other", "node-1"), seed.linkToken()));
        refused(403, "is not for this", besides("POST", request(key, id, "node-1"), seed.operatorToken()));
        refused(401, "link token", besides("POST", request(key, id, "node-1"), "x"));
    }

    @Test
    public void aNodeThatHasJoinedGetsNoCertificateForAnotherName() throws Exception {
        JoiningNode joined = joined("web-3");
        String fleet = seed.seed.fleet().data().fleet();

        refused(403, "this is for nodes beside the Seed", joined.get("/v1/certificates"));
        refused(403, "this is for nodes beside the Seed", joined.beside(joined.request(fleet, "node-1")));
        refused(403, "this is for nodes beside the Seed", joined.beside(joined.request(fleet, "web-3")));
    }

    private static String request(KeyPair key, String fleet, String node) throws Exception {
        return CertificateRequest.write(key.getPublic(), key.getPrivate(), new SpiffeId(fleet, node));
    }

    private HttpResponse<String> besides(String method, String request, String token) throws Exception {
        return seed.client.send(
                HttpRequest.newBuilder(seed.uri("/v1/certificates"))
                        .header("Authorization", "Bearer " + token)
                        .method(
                                method,
                                request.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(
                                                RunningSeed.JSON.writeValueAsString(Map.of("request", request))))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Each costs the Seed as much as a node does, and one certificate is enough for them all. */
    @Test
    public void oneCertificateOpensFewLinksAndTheNodesOwnIsAmongThem() throws Exception {
        JoiningNode node = joined("web-3");
        JoiningNode.LinkEnd own = node.link("web-3", Set.of("app"));
        own.told.get(10, TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            node.silentLink();
        }
        String end = node.silentLink().closed.get(10, TimeUnit.SECONDS);
        assertTrue(end, end.startsWith("4006 this certificate has 4 links already"));
        assertTrue(connected("web-3"));
        assertFalse("the node's own stays", own.closed.isDone());
    }

    /** The same key on a Seed that listens elsewhere now. */
    private HttpResponse<String> rejoin(JoiningNode node, String token) throws Exception {
        return seed.client.send(
                HttpRequest.newBuilder(seed.uri("/v1/enrolments"))
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(RunningSeed.JSON.writeValueAsString(Map.of(
                                "request", node.request(seed.seed.fleet().data().fleet(), "web-5")))))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    public void whoIsForgottenIsOutToo() throws Exception {
        JoiningNode node = joined("web-3");
        JoiningNode.LinkEnd link = node.link("web-3", Set.of("app"));
        link.told.get(10, TimeUnit.SECONDS);
        assertEquals("it is connected", 409, delete("/v1/nodes/web-3").statusCode());
        assertEquals("and stays", 1, seed.json("/v1/enrolments").path("nodes").size());
        node.close();
        Await.until("it is away", () -> !connected("web-3"));
        assertEquals(200, delete("/v1/nodes/web-3").statusCode());
        assertEquals(0, seed.json("/v1/enrolments").path("nodes").size());
        JoiningNode.LinkEnd anew = joined("web-3").link("web-3", Set.of("app"));
        assertTrue(
                "its name is free, and let in",
                anew.told.get(10, TimeUnit.SECONDS).contains("desired"));
    }

    @Test
    public void whoWasNeverThereIsForgottenWithItsCertificate() throws Exception {
        JoiningNode node = joined("web-3");
        assertEquals(200, delete("/v1/nodes/web-3").statusCode());
        refused(403, "was revoked at", node.renew());
        assertEquals("nobody is left", 404, delete("/v1/nodes/web-3").statusCode());
    }

    @Test
    public void whoWasRevokedJoinsAnewByItsName() throws Exception {
        JoiningNode node = joined("web-3");
        JoiningNode.LinkEnd link = node.link("web-3", Set.of("app"));
        link.told.get(10, TimeUnit.SECONDS);
        assertEquals(200, delete("/v1/enrolments/web-3").statusCode());
        Await.until("it is away", () -> !connected("web-3"));
        String token = token(Map.of());
        refused(403, "the key of this node was revoked", node.join(token));
        JoiningNode.LinkEnd anew = joined("web-3").link("web-3", Set.of("app"));
        assertTrue(anew.told.get(10, TimeUnit.SECONDS).contains("desired"));
        refused(409, "there is a node web-3 already", node("web-3", token).join(token));
    }

    @Test
    public void theNameOfACertificateIsNotThatOfALinkToken() throws Exception {
        joined("web-3");
        try (WireNode thief = new WireNode(seed, "web-3")) {
            String end = thief.closed.get(10, TimeUnit.SECONDS);
            assertTrue(end, end.startsWith("4006 this name has a certificate: take another"));
        }
        assertFalse(connected("web-3"));
    }

    @Test
    public void aCertificateIsRenewedByItsKeyAlsoWhenItHasExpired() throws Exception {
        JoiningNode node = joined("web-3");
        HttpResponse<String> first = node.renew();
        assertEquals(first.body(), 200, first.statusCode());
        node.take(RunningSeed.JSON.readTree(first.body()));
        ahead = Duration.ofDays(2);
        refused(403, "is not good now", node.get("/v1/files/" + "0".repeat(64)));
        HttpResponse<String> link = node.get("/v1/link");
        assertTrue(
                link.headers().toString(),
                link.headers()
                        .firstValue("WWW-Authenticate")
                        .orElse("")
                        .contains("error_description=\"the certificate of the node is not good now"));
        node.take(RunningSeed.JSON.readTree(node.renew().body()));
        assertEquals(404, node.get("/v1/files/" + "0".repeat(64)).statusCode());
        ahead = Duration.ofDays(34);
        refused(403, "more than 30 days ago", node.renew());
    }

    @Test
    public void whoSendsNothingKeepsNobodyFromRenewing() throws Exception {
        JoiningNode node = joined("web-3");
        byte[] head = ("POST /v1/renewals HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
                        + "Content-Length: 9000\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), seed.port());
                slow.add(socket);
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(head);
                byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 100".length());
                assertEquals("its body is waited for", "HTTP/1.1 100", new String(answer, StandardCharsets.US_ASCII));
            }
            HttpResponse<String> renewed = node.renew();
            assertEquals(renewed.body(), 200, renewed.statusCode());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    public void aLinkEndsWithItsCertificate() throws Exception {
        JoiningNode node = joined("web-3");
        JoiningNode.LinkEnd link = node.link("web-3", Set.of("app"));
        link.told.get(10, TimeUnit.SECONDS);
        ahead = Duration.ofHours(25);
        String end = link.closed.get(10, TimeUnit.SECONDS);
        // By this clock nothing has come from it for a day, either: whoever looks first says so.
        assertTrue(end, end.startsWith("4006 ") || end.startsWith("4003 "));
    }

    @Test
    public void aRenewalIsForTheKeyAndTheNameThatWere() throws Exception {
        JoiningNode node = joined("web-3");
        JoiningNode other = joined("web-4");
        String fleet = seed.seed.fleet().data().fleet();
        String certificate = Files.readString(folder.getRoot().toPath().resolve("machine-0/web-3.crt"));
        refused(403, "not for the name and the key", other.renew(certificate, other.request(fleet, "web-3")));
        refused(403, "not for the name and the key", node.renew(certificate, node.request(fleet, "web-4")));
        refused(400, "is none", node.renew("x", node.request(fleet, "web-3")));
        refused(400, "refused", node.renew(certificate, "x"));
    }

    @Test
    public void aCertificateOfAnotherFleetIsNobodys() throws Exception {
        String token = token(Map.of());
        JoiningNode node = node("web-3", token);
        CertificateAuthority other = CertificateAuthority.in(
                folder.getRoot().toPath().resolve("other"),
                seed.seed.fleet().data().fleet(),
                Instant.now());
        String foreign = other.forNode(
                node.key.getPublic(),
                new SpiffeId(seed.seed.fleet().data().fleet(), "web-3"),
                Instant.now(),
                Duration.ofDays(1));
        node.take(RunningSeed.JSON.createObjectNode().put("certificate", foreign));
        refused(401, "not one of a node of this fleet", node.get("/v1/files/" + "0".repeat(64)));
        refused(401, "not one of a node of this fleet", node.renew());
        assertEquals("it has the Seed's own name", 401, node.get("/v1/link").statusCode());
    }

    @Test
    public void aNodeIsWhatItsCertificateSays() throws Exception {
        JoiningNode node = joined("web-3");
        String other = node.link("web-4", Set.of("app")).closed.get(10, TimeUnit.SECONDS);
        assertEquals("4006 it calls itself web-4, and its certificate is for web-3", other);
        String more = node.link("web-3", Set.of("app", "datastore")).closed.get(10, TimeUnit.SECONDS);
        assertTrue(more, more.startsWith("4006 its node.json gives it datastore"));
        assertFalse(connected("web-4"));
    }

    @Test
    public void aNodeGetsTheKeysOfWhatItRunsAlone() throws Exception {
        JoiningNode node = joined("web-3");
        refused(403, "shop is not for web-3", node.get("/v1/apps/shop/key"));
        node.link("web-3", Set.of("app")).told.get(10, TimeUnit.SECONDS);
        assertEquals(200, node.get("/v1/apps/shop/key").statusCode());
        seed.upload("shop", "1.0.0");
        assertEquals(200, node.get("/v1/apps/shop/key").statusCode());
        assertEquals(200, delete("/v1/nodes/web-3/roles/app").statusCode());
        refused(403, "shop is not for web-3", node.get("/v1/apps/shop/key"));
    }

    @Test
    public void clocksMayDifferByAnHour() throws Exception {
        for (int hours : new int[] {-1, 1}) {
            ahead = Duration.ofHours(hours);
            JoiningNode node = joined("web" + (hours + 1));
            ahead = Duration.ZERO;
            assertEquals(404, node.get("/v1/files/" + "0".repeat(64)).statusCode());
        }
    }

    @Test
    public void whoJoinedIsKnownAfterARestartAndWithoutTheFile() throws Exception {
        JoiningNode node = joined("web-3");
        String digest = token(Map.of());
        restart();
        assertEquals(1, seed.json("/v1/enrolments").path("nodes").size());
        assertTrue("the authority is the same", token(Map.of()).endsWith(digest.substring(digest.length() - 64)));
        Files.writeString(home().resolve("enrolment.json"), "{");
        restart();
        assertTrue(seed.json("/v1/status").path("warnings").toString().contains("enrolment.json was damaged"));
        HttpResponse<String> renewed = seed.client.send(
                HttpRequest.newBuilder(seed.uri("/v1/renewals"))
                        .POST(BodyPublishers.ofString(RunningSeed.JSON.writeValueAsString(Map.of(
                                "certificate",
                                Files.readString(folder.getRoot().toPath().resolve("machine-0/web-3.crt")),
                                "request",
                                node.request(seed.seed.fleet().data().fleet(), "web-3")))))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(renewed.body(), 200, renewed.statusCode());
        assertEquals(1, seed.json("/v1/enrolments").path("nodes").size());
    }

    @Test
    public void whoLostItsEnrolmentIsKnownByItsHelloAndCanBeRevoked() throws Exception {
        JoiningNode before = joined("web-3");
        seed.close();
        Files.delete(home().resolve("enrolment.json"));
        start();
        JoiningNode node = before.at(seed);
        nodes.add(node);
        JoiningNode.LinkEnd link = node.link("web-3", Set.of("app"));
        link.told.get(10, TimeUnit.SECONDS);
        Await.until(
                "it is noted", () -> seed.json("/v1/enrolments").path("nodes").size() == 1);
        JsonNode noted = seed.json("/v1/enrolments").path("nodes").get(0);
        assertEquals("[\"app\"]", noted.path("roles").toString());
        String more = node.link("web-3", Set.of("app", "datastore")).closed.get(10, TimeUnit.SECONDS);
        assertTrue(more, more.startsWith("4006 its node.json gives it datastore"));
        assertEquals(200, delete("/v1/enrolments/web-3").statusCode());
        assertEquals("4006 the certificate of this node was revoked", link.closed.get(5, TimeUnit.SECONDS));
        refused(403, "was revoked at", node.renew());
    }

    @Test
    public void aLinkWithoutAnEnrolmentCanBeRevoked() throws Exception {
        JoiningNode before = joined("web-3");
        seed.close();
        Files.delete(home().resolve("enrolment.json"));
        start();
        JoiningNode node = before.at(seed);
        nodes.add(node);
        JoiningNode.LinkEnd link = node.silentLink();
        Await.until(
                "it is out by its link alone",
                () -> delete("/v1/enrolments/web-3").statusCode() == 200);
        assertEquals("4006 the certificate of this node was revoked", link.closed.get(5, TimeUnit.SECONDS));
        refused(403, "was revoked at", node.renew());
    }

    @Test
    public void whatIsChangedIsNotedAndBackedUp() throws Exception {
        joined("web-3");
        delete("/v1/enrolments/web-3");
        List<String> noted = new ArrayList<>();
        seed.json("/v1/audit")
                .path("entries")
                .forEach(entry -> noted.add(entry.path("operation").asText() + " "
                        + entry.path("status").asInt() + " "
                        + entry.path("what").asText()));
        assertEquals("DELETE /v1/enrolments/web-3 200 node web-3", noted.get(0));
        assertEquals("POST /v1/enrolments 201 node web-3 with the roles app", noted.get(1));
        assertTrue(noted.get(2), noted.get(2).startsWith("POST /v1/join-tokens 201 join token "));
        byte[] backup = seed.client
                .send(seed.request("/v1/backups").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofByteArray())
                .body();
        Set<String> names = new TreeSet<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(backup))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertTrue(
                names.toString(), names.containsAll(Set.of("data/enrolment.json", "secrets/ca.key", "secrets/ca.crt")));
    }

    @Test
    public void aSeedWithoutAnAddressLetsNobodyIn() throws Exception {
        try (RunningSeed alone = new RunningSeed(folder.getRoot().toPath().resolve("alone"), 1 << 20, 20)) {
            HttpResponse<String> refused = alone.post("/v1/join-tokens", Map.of());
            refused(409, "reached from its own machine alone", refused);
            assertFalse(Files.exists(alone.folder().resolve("ca")));
        }
    }

    @Test
    public void wishesThatCannotBeAreRefused() throws Exception {
        for (Map<String, ?> wrong : List.of(
                Map.of("uses", 0),
                Map.of("uses", 1001),
                Map.of("ttlSeconds", 0),
                Map.of("ttlSeconds", 2_592_001),
                Map.of("roles", List.of("Not a role")),
                Map.of("roles", List.of("seed")),
                Map.of("node", "../x"))) {
            assertEquals(
                    wrong.toString(), 400, seed.post("/v1/join-tokens", wrong).statusCode());
        }
    }
}
