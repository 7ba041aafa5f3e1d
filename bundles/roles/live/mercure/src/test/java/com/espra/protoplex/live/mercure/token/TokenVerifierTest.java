package com.espra.protoplex.live.mercure.token;

import static com.espra.protoplex.live.mercure.token.Tokens.HUB;
import static com.espra.protoplex.live.mercure.token.Tokens.OTHER_SECRET;
import static com.espra.protoplex.live.mercure.token.Tokens.SECRET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.live.mercure.match.MatcherType;
import com.espra.protoplex.live.mercure.match.Topic;
import com.espra.protoplex.live.mercure.match.TopicSpace;
import com.espra.protoplex.test.support.Handbook;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.HmacKey;
import org.junit.Test;

public class TokenVerifierTest {

    private static final TopicSpace SPACE = new TopicSpace(HUB);
    private static final TokenRole SUBSCRIBER = TokenRole.SUBSCRIBER;

    private final TokenVerifier verifier = verifier(Tokens.rules(SECRET));

    private static TokenVerifier verifier(TokenRules rules) {
        return new TokenVerifier(rules, SPACE, Clock.systemUTC());
    }

    private static Topic topic(String name) {
        return SPACE.own(name);
    }

    private void accepted(Tokens token) throws Exception {
        assertTrue(verifier.verify(token.signed(SECRET), SUBSCRIBER).mayRead(topic("https://example.com/a")));
    }

    private void refused(String why, Tokens token) {
        refused(why, token.signed(SECRET));
    }

    private void refused(String why, String token) {
        assertThrows(why, InvalidTokenException.class, () -> verifier.verify(token, SUBSCRIBER));
    }

    private static Tokens good() {
        return Tokens.now().grant("subscribe", "https://example.com/*");
    }

    @Test
    public void aGoodTokenIsAccepted() throws Exception {
        accepted(good());
        accepted(good().header("typ", "application/AT+JWT"));
        accepted(good().claim("aud", List.of("https://other.example.com/", HUB)));
        accepted(good().claim("nbf", Instant.now().getEpochSecond() - 1));
        accepted(good().claim("sub", null));
    }

    @Test
    public void theTokenOfTheHandbookIsGood() throws Exception {
        String hub = "https://www.example.com/.well-known/mercure";
        Map<String, Object> claims = JsonUtil.parseJson(Handbook.example("mercure.md", "claims"));
        Tokens token = Tokens.now();
        claims.forEach(token::claim);
        TopicSpace space = new TopicSpace(hub);
        TokenRules rules = TokenRules.of(hub, "", SECRET, "", "", TokenRules.ALGORITHMS, 0, false);
        Clock then = Clock.fixed(Instant.parse("2026-11-30T00:00:00Z"), ZoneOffset.UTC);
        AccessToken verified = new TokenVerifier(rules, space, then).verify(token.signed(SECRET), SUBSCRIBER);
        assertTrue(verified.mayRead(space.own("https://www.example.com/users/alice/inbox")));
        assertFalse(verified.mayRead(space.own("https://www.example.com/users/bob/inbox")));
    }

    @Test
    public void itsTimeIsMinded() throws Exception {
        long now = Instant.now().getEpochSecond();
        refused("expired", good().claim("exp", now - 1));
        refused("expires now", good().claim("exp", now));
        refused("no end", good().claim("exp", null));
        refused("not yet", good().claim("nbf", now + 60));
        refused("exp is text", good().claim("exp", "tomorrow"));
        refused("exp is negative", good().claim("exp", -1));
        refused("exp is beyond all", good().claim("exp", 1e300));
        refused("nbf is beyond all", good().claim("nbf", 1e300));
        refused("nbf is text", good().claim("nbf", "x"));
    }

    @Test
    public void aClockThatIsAheadIsForgivenASecondAndAnEndIsNot() throws Exception {
        TokenVerifier skewed = verifier(TokenRules.of(HUB, "", SECRET, "", "", TokenRules.ALGORITHMS, 60, true));
        long now = Instant.now().getEpochSecond();

        skewed.verify(good().claim("nbf", now + 30).signed(SECRET), SUBSCRIBER);
        String expired = good().claim("exp", now - 1).signed(SECRET);
        assertThrows(InvalidTokenException.class, () -> skewed.verify(expired, SUBSCRIBER));
        assertThrows(
                IllegalArgumentException.class,
                () -> TokenRules.of(HUB, "", SECRET, "", "", TokenRules.ALGORITHMS, 61, true));
    }

    @Test
    public void aTokenThatWasGoodIsNotForEver() throws Exception {
        String token = good().signed(SECRET);
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(6));
        assertThrows(
                InvalidTokenException.class,
                () -> new TokenVerifier(Tokens.rules(SECRET), SPACE, later).verify(token, SUBSCRIBER));
    }

    @Test
    public void itIsForThisHub() {
        refused("for another", good().claim("aud", "https://other.example.com/.well-known/mercure"));
        refused("for others", good().claim("aud", List.of("https://other.example.com/")));
        refused("for nobody", good().claim("aud", null));
        refused("prefix", good().claim("aud", HUB + "/"));
        refused("a number", good().claim("aud", 1));
    }

    @Test
    public void itsTypeIsThatOfAccessTokens() {
        TokenVerifier strict = verifier(TokenRules.of(HUB, "", SECRET, "", "", TokenRules.ALGORITHMS, 0, false));
        for (String type : new String[] {"JWT", "id+jwt", "at+jwts", "text/at+jwt", "", null}) {
            String token = good().header("typ", type).signed(SECRET);
            assertThrows(type, InvalidTokenException.class, () -> strict.verify(token, SUBSCRIBER));
        }
    }

    @Test
    public void aTokenOfAnotherTypeGrantsNothingByItsDetails() throws Exception {
        String token = good().header("typ", "JWT").signed(SECRET);
        assertFalse(verifier.verify(token, SUBSCRIBER).mayRead(topic("https://example.com/a")));
    }

    @Test
    public void itIsSigned() {
        refused("none", good().header("alg", "none").unsigned(""));
        refused("None", good().header("alg", "NoNe").unsigned(""));
        refused("no algorithm", good().header("alg", null).unsigned("AAAA"));
        refused("signature is missing", good().unsigned(""));
        refused("signature is another", good().unsigned("AAAA"));
        refused("another key", good().signed(OTHER_SECRET));
        refused("empty algorithm", good().header("alg", "").unsigned("AAAA"));
        refused("algorithm is a list", good().header("alg", List.of("HS256")).unsigned("AAAA"));
    }

    @Test
    public void whatWasChangedIsRefused() {
        String[] parts = good().signed(SECRET).split("\\.");
        String other = Tokens.now().grant("subscribe", "*").signed(OTHER_SECRET).split("\\.")[1];
        refused("claims", parts[0] + '.' + other + '.' + parts[2]);
        refused(
                "header",
                Tokens.base64("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"x\":1}") + '.' + parts[1] + '.' + parts[2]);
    }

    @Test
    public void whatIsNoTokenIsRefused() {
        String good = good().signed(SECRET);
        for (String wrong : List.of(
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "x",
                good + ".x",
                good.substring(1),
                good.replace('.', ' '),
                good + ".a.b",
                "{}",
                Tokens.base64("[]") + ".e30.AAAA",
                Tokens.base64("{\"alg\":\"HS256\",\"alg\":\"HS256\"}") + ".e30.AAAA",
                "a".repeat(1_000_000),
                ".".repeat(1_000_000))) {
            refused(wrong.substring(0, Math.min(20, wrong.length())), wrong);
        }
        refused("too long", good().claim("x", "x".repeat(TokenVerifier.LONGEST)));
    }

    @Test
    public void anExtensionThatMustBeUnderstoodIsNot() {
        refused("crit", good().header("crit", List.of("b64")).header("b64", true));
        refused("unknown", good().header("crit", List.of("x")).header("x", 1).unsigned("AAAA"));
    }

    /** The oldest trick: a public key is no secret, and is presented as one. */
    @Test
    public void aPublicKeyIsNoSecret() {
        for (String kind : List.of("RSA", "P-256", "Ed25519")) {
            KeyPair pair = Tokens.pair(kind);
            String pem = Tokens.pem(pair.getPublic());
            TokenVerifier asymmetric = verifier(Tokens.rules(pem));
            for (byte[] confused : List.of(
                    pem.getBytes(StandardCharsets.UTF_8),
                    pem.strip().getBytes(StandardCharsets.UTF_8),
                    pair.getPublic().getEncoded())) {
                for (String algorithm : List.of("HS256", "HS384", "HS512")) {
                    String token = good().header("alg", algorithm).signed(new HmacKey(confused));
                    assertThrows(kind, InvalidTokenException.class, () -> asymmetric.verify(token, SUBSCRIBER));
                }
            }
        }
    }

    @Test
    public void eachKindOfKeyHasItsAlgorithms() throws Exception {
        Map<String, List<String>> kinds = Map.of(
                "RSA", List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
                "P-256", List.of("ES256"),
                "P-384", List.of("ES384"),
                "P-521", List.of("ES512"),
                "Ed25519", List.of("EdDSA"));
        for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
            KeyPair pair = Tokens.pair(kind.getKey());
            TokenVerifier asymmetric = verifier(Tokens.rules(Tokens.pem(pair.getPublic())));
            for (String algorithm : kind.getValue()) {
                asymmetric.verify(good().header("alg", algorithm).signed(pair.getPrivate()), SUBSCRIBER);
            }
            String other = good().header("alg", kind.getValue().getFirst())
                    .signed(Tokens.pair(kind.getKey()).getPrivate());
            assertThrows(kind.getKey(), InvalidTokenException.class, () -> asymmetric.verify(other, SUBSCRIBER));
        }
    }

    @Test
    public void whatIsNotAllowedIsRefusedAlthoughTheKeyWouldDo() {
        KeyPair pair = Tokens.pair("RSA");
        TokenVerifier only = verifier(Tokens.rules("", Tokens.pem(pair.getPublic()), "", "", Set.of("PS256")));
        String token = good().header("alg", "RS256").signed(pair.getPrivate());
        assertThrows(InvalidTokenException.class, () -> only.verify(token, SUBSCRIBER));
    }

    @Test
    public void aKeyThatTheTokenBringsIsNotUsed() throws Exception {
        KeyPair own = Tokens.pair("RSA");
        KeyPair trusted = Tokens.pair("RSA");
        TokenVerifier asymmetric = verifier(Tokens.rules(Tokens.pem(trusted.getPublic())));
        JsonWebKey jwk = JsonWebKey.Factory.newJwk(own.getPublic());
        for (Map.Entry<String, Object> header : Map.<String, Object>of(
                        "jwk", jwk.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY),
                        "jku", "https://evil.example.com/keys",
                        "x5u", "https://evil.example.com/cert",
                        "kid", "../../dev/null")
                .entrySet()) {
            String token = good().header("alg", "RS256")
                    .header(header.getKey(), header.getValue())
                    .signed(own.getPrivate());
            assertThrows(header.getKey(), InvalidTokenException.class, () -> asymmetric.verify(token, SUBSCRIBER));
        }
    }

    @Test
    public void aSetOfKeysIsChosenFromByName() throws Exception {
        KeyPair first = Tokens.pair("P-256");
        KeyPair second = Tokens.pair("P-256");
        JsonWebKey one = JsonWebKey.Factory.newJwk(first.getPublic());
        one.setKeyId("one");
        JsonWebKey two = JsonWebKey.Factory.newJwk(second.getPublic());
        two.setKeyId("two");
        TokenVerifier several =
                verifier(Tokens.rules("", "", "", new JsonWebKeySet(one, two).toJson(), TokenRules.ALGORITHMS));

        Tokens token = good().header("alg", "ES256");
        several.verify(token.header("kid", "two").signed(second.getPrivate()), SUBSCRIBER);
        several.verify(token.header("kid", null).signed(second.getPrivate()), SUBSCRIBER);
        several.verify(token.header("kid", "unknown").signed(first.getPrivate()), TokenRole.PUBLISHER);
        String misnamed = token.header("kid", "one").signed(second.getPrivate());
        assertThrows(InvalidTokenException.class, () -> several.verify(misnamed, SUBSCRIBER));
    }

    @Test
    public void anIssuersKeysAreForTheIssuer() throws Exception {
        KeyPair pair = Tokens.pair("P-256");
        String jwks = new JsonWebKeySet(JsonWebKey.Factory.newJwk(pair.getPublic())).toJson();
        TokenVerifier issued =
                verifier(Tokens.rules("https://login.example.com", SECRET, "", jwks, TokenRules.ALGORITHMS));

        Tokens token = good().header("alg", "ES256").claim("iss", "https://login.example.com");
        AccessToken good = issued.verify(token.signed(pair.getPrivate()), SUBSCRIBER);
        assertEquals("https://login.example.com alice", good.user());

        String another = token.claim("iss", "https://evil.example.com").signed(pair.getPrivate());
        assertThrows(InvalidTokenException.class, () -> issued.verify(another, SUBSCRIBER));
        String nobody = token.claim("iss", null).signed(pair.getPrivate());
        assertThrows(InvalidTokenException.class, () -> issued.verify(nobody, SUBSCRIBER));
        String self = good().claim("iss", "https://login.example.com").signed(SECRET);
        assertThrows(InvalidTokenException.class, () -> issued.verify(self, SUBSCRIBER));
    }

    @Test
    public void publishersAndSubscribersHaveKeysOfTheirOwn() throws Exception {
        TokenVerifier two = verifier(Tokens.rules("", SECRET, OTHER_SECRET, "", TokenRules.ALGORITHMS));
        two.verify(good().signed(SECRET), TokenRole.PUBLISHER);
        two.verify(good().signed(OTHER_SECRET), SUBSCRIBER);
        assertThrows(InvalidTokenException.class, () -> two.verify(good().signed(OTHER_SECRET), TokenRole.PUBLISHER));
        assertThrows(InvalidTokenException.class, () -> two.verify(good().signed(SECRET), SUBSCRIBER));
    }

    @Test
    public void withoutAKeyNothingIsAccepted() {
        TokenVerifier none = verifier(Tokens.rules(""));
        assertThrows(InvalidTokenException.class, () -> none.verify(good().signed(SECRET), SUBSCRIBER));
    }

    @Test
    public void keysThatAreNoneAreRefusedAndNotShown() {
        KeyPair pair = Tokens.pair("Ed25519");
        String pem = Tokens.pem(pair.getPublic());
        for (String wrong : List.of(
                "short",
                pem.replace("END", "FIN"),
                pem.substring(0, 60) + pem.substring(70),
                pem.replace("PUBLIC", "PRIVATE"),
                "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----")) {
            IllegalArgumentException problem =
                    assertThrows(wrong, IllegalArgumentException.class, () -> Tokens.rules(wrong));
            assertFalse(problem.getMessage(), problem.getMessage().contains("short"));
        }
        for (String wrong :
                List.of("{", "{}", "{\"keys\":[]}", "[]", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}")) {
            assertThrows(
                    wrong,
                    IllegalArgumentException.class,
                    () -> Tokens.rules("", "", "", wrong, TokenRules.ALGORITHMS));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Tokens.rules("https://login.example.com", SECRET, "", "", TokenRules.ALGORITHMS));
        assertThrows(IllegalArgumentException.class, () -> Tokens.rules("", SECRET, "", "", Set.of("none")));
        assertThrows(IllegalArgumentException.class, () -> Tokens.rules("", SECRET, "", "", Set.of("RS256")));
    }

    @Test
    public void detailsAreAllGoodOrTheTokenIsNot() {
        Map<String, Object> detail =
                Map.of("type", "mercure", "actions", List.of("subscribe"), "topics", List.of(Map.of("match", "*")));
        List<Object> wrong = new ArrayList<>(List.of("x", 1, List.of(), Map.of(), Map.of("type", 1)));
        wrong.add(without(detail, "actions"));
        wrong.add(without(detail, "topics"));
        for (Object actions : List.of("subscribe", List.of(), List.of(1), List.of("subscribe", List.of()), Map.of())) {
            wrong.add(with(detail, "actions", actions));
        }
        for (Object topics : List.of(
                "*",
                List.of(),
                List.of("*"),
                List.of(Map.of()),
                List.of(Map.of("match", 1)),
                List.of(Map.of("match", "*", "match_type", "regexp")),
                List.of(Map.of("match", "*", "match_type", "Exact")),
                List.of(Map.of("match", "*", "match_type", "topic")),
                List.of(Map.of("match", "*", "match_type", 1)),
                List.of(Map.of("match", "a\u0000")),
                List.of(Map.of("match", "a".repeat(TopicSpace.LONGEST_MATCHER + 1))),
                List.of(Map.of("match", "https://example.com/(a", "match_type", "urlpattern")))) {
            wrong.add(with(detail, "topics", topics));
        }
        for (Object payload : List.of("x", 1, List.of())) {
            wrong.add(with(detail, "payload", payload));
        }
        for (Object each : wrong) {
            refused("" + each, Tokens.now().claim("authorization_details", List.of(detail, each)));
        }
        for (Object each : List.of("x", 1, detail)) {
            refused("" + each, Tokens.now().claim("authorization_details", each));
        }
        refused(
                "too many",
                Tokens.now().claim("authorization_details", Collections.nCopies(GrantReader.MOST_DETAILS + 1, detail)));
        refused(
                "too many topics",
                Tokens.now()
                        .claim(
                                "authorization_details",
                                List.of(with(
                                        detail,
                                        "topics",
                                        Collections.nCopies(GrantReader.MOST_TOPICS + 1, Map.of("match", "*"))))));
    }

    private static Map<String, Object> with(Map<String, Object> detail, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(detail);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> detail, String name) {
        Map<String, Object> changed = new LinkedHashMap<>(detail);
        changed.remove(name);
        return changed;
    }

    @Test
    public void aDeepPayloadIsRefused() {
        Object deep = Map.of();
        for (int i = 0; i < 100; i++) {
            deep = Map.of("a", deep);
        }
        refused("deep", Tokens.now().grant(Map.of("a", deep), List.of("subscribe"), "*"));
    }

    @Test
    public void whatIsNotKnownGrantsNothing() throws Exception {
        AccessToken token = verifier.verify(
                Tokens.now()
                        .grant(Map.of(), List.of("delete", "subscribe"), "exact a")
                        .grant("delete", "exact b")
                        .claim("x", 1)
                        .signed(SECRET),
                SUBSCRIBER);
        assertTrue(token.mayRead(topic("a")));
        assertFalse(token.mayRead(topic("b")));
        assertFalse(token.mayPublish(topic("a")));

        AccessToken other = verifier.verify(
                Tokens.now()
                        .claim("authorization_details", List.of(Map.of("type", "payment", "actions", 1)))
                        .signed(SECRET),
                SUBSCRIBER);
        assertFalse(other.mayRead(topic("a")));
    }

    @Test
    public void theFirstGrantThatMatchesAMatchersTextGivesThePayload() throws Exception {
        AccessToken token = verifier.verify(
                Tokens.now()
                        .grant(Map.of("n", 1), List.of("publish"), "*")
                        .grant(Map.of("n", 2), List.of("subscribe"), "exact https://example.com/foo")
                        .grant(Map.of("n", 3), List.of("subscribe"), "https://example.com/bar/:id")
                        .grant(Map.of("n", 4), List.of("subscribe"), "*")
                        .signed(SECRET),
                SUBSCRIBER);
        assertEquals("{\"n\":2}", payload(token, MatcherType.EXACT, "https://example.com/foo"));
        assertEquals("{\"n\":3}", payload(token, MatcherType.URLPATTERN, "https://example.com/bar/:id"));
        assertEquals("{\"n\":3}", payload(token, MatcherType.EXACT, "https://example.com/bar/1"));
        assertEquals("{\"n\":4}", payload(token, MatcherType.EXACT, "x"));
        assertEquals("", AccessToken.NONE.payload(SPACE.matcher(MatcherType.EXACT, "x"), topic("x")));
    }

    private static String payload(AccessToken token, MatcherType type, String pattern) throws Exception {
        return token.payload(SPACE.matcher(type, pattern), topic(pattern));
    }

    @Test
    public void theFormOfBeforeIsAccepted() throws Exception {
        AccessToken token = verifier.verify(
                Tokens.before(List.of("https://example.com/{id}"), List.of("*")).signed(SECRET), SUBSCRIBER);
        assertTrue(token.mayPublish(topic("https://example.com/1")));
        assertFalse(token.mayPublish(topic("https://example.com/1/2")));
        assertTrue(token.mayRead(topic("anything")));
        assertTrue(token.expires().isEmpty());
        assertEquals("{\"colour\":\"red\"}", payload(token, MatcherType.TEMPLATE, "x"));
    }

    @Test
    public void theFormOfBeforeIsVerifiedAsWell() throws Exception {
        Tokens before = Tokens.before(List.of("*"), List.of("*"));
        refused("expired", before.claim("exp", 1));
        before.claim("exp", null);
        refused("for another", before.claim("aud", "x"));
        verifier.verify(before.claim("aud", HUB).signed(SECRET), SUBSCRIBER);
        refused("another key", before.signed(OTHER_SECRET));
        refused("none", before.header("alg", "none").unsigned(""));
        for (Object wrong : List.of(
                "x",
                List.of(),
                Map.of("publish", "*"),
                Map.of("subscribe", List.of(1)),
                Map.of("publish", List.of("{")))) {
            refused("" + wrong, Tokens.before(List.of(), List.of()).claim("mercure", wrong));
        }
        AccessToken none = verifier.verify(Tokens.before(List.of(), List.of()).signed(SECRET), SUBSCRIBER);
        assertFalse(none.mayPublish(topic("x")));
        assertFalse(none.mayRead(topic("x")));
    }
}
