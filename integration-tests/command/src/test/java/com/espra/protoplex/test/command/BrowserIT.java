package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.espra.protoplex.test.support.Await;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a real browser sees of Live: skipped where there is no Chromium ({@code apt-get install chromium}). */
public class BrowserIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final Path ROLE = REPOSITORY.resolve("bundles/roles/live/role/target/role");
    private static final Path PATTERNS =
            REPOSITORY.resolve("bundles/roles/live/mercure/src/test/resources/url-patterns.txt");
    private static final String TOKEN = "a token for tests alone";
    private static final String KEY = "a key of publishers for tests alone";
    private static final String HUB = "https://localhost/.well-known/mercure";

    /** Like the page of the example, with what it hears in variables. */
    private static final String PAGE = """
            (async () => {
                const {connect} = await import('data:text/javascript;base64,MODULE');
                window.heard = [];
                window.missed = 0;
                window.live = connect();
                window.begun = false;
                live.subscribe(
                    {any: ['news']},
                    update => update.data.startsWith('begin') ? begun = true : heard.push(update.data),
                    () => missed++);
                window.books = [];
                new EventSource('/.well-known/mercure?match_urlpattern=' + encodeURIComponent('https://example.com/books/:id'))
                    .onmessage = event => books.push(event.data);
                window.publish = async number => {
                    for (let attempt = 0; attempt < 100; attempt++) {
                        try {
                            const answer = await fetch('/.live/publish', {
                                method: 'POST',
                                headers: {Authorization: 'Bearer TOKEN'},
                                body: JSON.stringify({keys: ['news'], data: String(number), once: 'n' + number})});
                            if (answer.ok) {
                                return true;
                            }
                        } catch (gone) {
                        }
                        await new Promise(done => setTimeout(done, 200));
                    }
                    return false;
                };
                // What was published before it is subscribed is not heard.
                for (let i = 0; !begun && i < 300; i++) {
                    await publish('begin' + i);
                    await new Promise(done => setTimeout(done, 100));
                }
                return begun;
            })()
            """;

    /**
     * Each row's answer of the browser. A pattern of {@code urn} or {@code data} is asked for without the hub's URL: with it a browser takes what follows for a
     * path below that of the hub, so that it matches no URN.
     */
    private static final String ASK = """
            ROWS.map(([pattern, topic]) => {
                let known;
                try {
                    known = /^(data|urn)\\\\?:/.test(pattern)
                        ? new URLPattern(pattern)
                        : new URLPattern(pattern, 'https://hub.example.com/.well-known/mercure');
                } catch (invalid) {
                    return 'invalid';
                }
                return known.test(topic, 'https://hub.example.com/.well-known/mercure') ? 'yes' : 'no';
            })
            """;

    @Rule
    public final Fleet fleet = new Fleet();

    private Path program;

    @Before
    public void there() {
        Optional<Path> found = Chromium.program();
        assumeTrue("there is no Chromium: apt-get install chromium", found.isPresent());
        program = found.get();
    }

    private Path role(String version) throws IOException {
        Path folder = Files.createDirectories(fleet.root().resolve("live-" + version));
        Path bundles = Files.createDirectories(folder.resolve("bundles"));
        try (Stream<Path> jars = Files.list(ROLE.resolve("bundles"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, bundles.resolve(jar.getFileName()));
            }
        }
        String feature = Files.readString(ROLE.resolve("live.json"))
                .replaceFirst("(\"id\": \"[^\"]*:live:)[^\"]*\"", "$1" + version + "\"");
        return Files.writeString(folder.resolve("live.json"), feature);
    }

    @Test
    public void nothingIsLostInAPushAndWithANode() throws Exception {
        fleet.up("--nodes", "3", "--roles", "node-1=seed,proxy", "--roles", "node-2=live", "--roles", "node-3=live");
        fleet.runWith(TOKEN + "\n", "secret", "set", "live", "token").succeeded();
        fleet.runWith(KEY + "\n", "secret", "set", "live", "publisherKey").succeeded();
        String module =
                Base64.getEncoder().encodeToString(Files.readAllBytes(REPOSITORY.resolve("examples/live/live.js")));
        String entry = fleet.address("node-1", "http").replace("127.0.0.1", "localhost");
        try (Chromium browser = new Chromium(program, fleet.root())) {
            browser.open(entry + "/.live/poll?q=none");
            assertTrue(browser.evaluate(PAGE.replace("MODULE", module).replace("TOKEN", TOKEN))
                    .asBoolean());
            int number = hears(browser, 0);
            fleet.run("push", role("9.0.0").toString()).succeeded();
            number = hears(browser, number);
            assertEquals(
                    "in a push of Live no connection ends",
                    0,
                    browser.evaluate("missed").asInt());
            hearsOfABook(browser, entry, "1");
            fleet.kill(
                    fleet.run("shell", "node-2", "live:hubs")
                                    .succeeded()
                                    .output()
                                    .matches("(?s).*main +owns.*")
                            ? "node-2"
                            : "node-3");
            hears(browser, number);
            hearsOfABook(browser, entry, "2");
        }
    }

    /** The page publishes ten, and hears all that it ever published, in its order, each once. */
    private static int hears(Chromium browser, int from) throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= from + 10; i++) {
            if (i > from) {
                assertTrue(
                        "published " + i, browser.evaluate("publish(" + i + ")").asBoolean());
            }
            all.add(Integer.toString(i));
        }
        Await.until(
                "all is heard: " + browser.evaluate("heard"),
                Fleet.DEADLINE,
                () -> JSON.convertValue(browser.evaluate("heard"), List.class).equals(all));
        assertEquals(0, browser.evaluate("missed").asInt());
        return from + 10;
    }

    private static void hearsOfABook(Chromium browser, String entry, String stock) throws Exception {
        String body = "topic=https%3A%2F%2Fexample.com%2Fbooks%2F1&data=" + stock;
        String publish = "fetch('" + entry + "/.well-known/mercure', {method: 'POST', body: '" + body
                + "', headers: {'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Bearer " + token()
                + "'}}).then(answer => answer.status)";
        Await.until(
                "it is published",
                Fleet.DEADLINE,
                () -> browser.evaluate(publish).asInt() == 200);
        Await.until(
                "EventSource hears it",
                Fleet.DEADLINE,
                () -> browser.evaluate("books").toString().contains('"' + stock + '"'));
    }

    /** Of 1.0. */
    private static String token() throws Exception {
        String head = base64(JSON.writeValueAsBytes(Map.of("alg", "HS256", "typ", "at+jwt")));
        String claims = base64(JSON.writeValueAsBytes(Map.of(
                "aud",
                HUB,
                "sub",
                "tests",
                "exp",
                System.currentTimeMillis() / 1000 + 3600,
                "authorization_details",
                List.of(Map.of(
                        "type", "mercure", "actions", List.of("publish"), "topics", List.of(Map.of("match", "*")))))));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return head
                + '.'
                + claims
                + '.'
                + base64(mac.doFinal((head + '.' + claims).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The table by which the hub's patterns are tested says what a browser answers. */
    @Test
    public void patternsAreThoseOfTheBrowser() throws Exception {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(PATTERNS)) {
            if (!line.isEmpty() && !line.startsWith("# ")) {
                rows.add(line.split(" "));
            }
        }
        List<List<String>> asked =
                rows.stream().map(row -> List.of(row[0], row[1])).toList();
        List<String> wrong = new ArrayList<>();
        try (Chromium browser = new Chromium(program, fleet.root())) {
            JsonNode answers = browser.evaluate(ASK.replace("ROWS", JSON.writeValueAsString(asked)));
            for (int i = 0; i < rows.size(); i++) {
                if (!answers.path(i).asText().equals(rows.get(i)[2])) {
                    wrong.add(String.join(" ", rows.get(i)) + ": "
                            + answers.path(i).asText());
                }
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
        assertTrue("rows: " + rows.size(), rows.size() > 120);
    }
}
