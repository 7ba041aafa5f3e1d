package com.espra.protoplex.host.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.test.support.Handbook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NodeConfigurationTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void withoutAFileEveryKeyHasItsDefault() throws Exception {
        NodeConfiguration configuration =
                NodeConfiguration.read(folder.getRoot().toPath().resolve("none"), Map.of());

        assertEquals("node-1", configuration.text("name"));
        assertEquals(List.of("app"), configuration.texts("roles"));
        assertEquals(8080, configuration.number("listeners.http.port"));
        assertEquals(8443, configuration.number("listeners.https.port"));
        assertEquals("0.0.0.0", configuration.text("listeners.http.host"));
        for (Key key : Keys.ALL) {
            if (!key.path().contains("*")) {
                assertTrue(key.path(), configuration.json().contains('"' + last(key.path()) + '"'));
            }
        }
    }

    @Test
    public void aSeedListensOnLoopbackUnlessToldOtherwise() throws Exception {
        assertEquals("127.0.0.1", read("{'roles': ['seed']}", Map.of()).text("listeners.seed.host"));
        String open = "{'listeners': {'seed': {'group': 'seed', 'host': '0.0.0.0'}}}";
        assertEquals("0.0.0.0", read(open, Map.of()).text("listeners.seed.host"));
    }

    @Test
    public void aNodeThatNamesListenersHasNoOthers() throws Exception {
        NodeConfiguration configuration = read("{'listeners': {'web': {'port': 81}}}", Map.of());

        assertEquals(81, configuration.number("listeners.web.port"));
        assertThrows(IllegalArgumentException.class, () -> configuration.number("listeners.http.port"));
    }

    @Test
    public void theStreamListenersOfTheHandbooksAreTaken() throws Exception {
        for (String example : List.of(
                Handbook.example("writing-roles.md", "stream listener"),
                Handbook.example("operating/README.md", "stream listener"))) {
            NodeConfiguration configuration = read("{" + example + "}", Map.of());
            String name = example.contains("smtp") ? "smtp" : "line";
            assertEquals(8080, configuration.number("listeners.http.port"));
            assertEquals(8025, configuration.number("listeners." + name + ".port"));
            assertEquals("stream", configuration.text("listeners." + name + ".protocol"));
        }
        NodeConfiguration mail = read("{" + Handbook.example("operating/README.md", "stream listener") + "}", Map.of());
        assertEquals("/etc/mail.pem", mail.text("listeners.smtp.certificate"));
    }

    @Test
    public void variablesOfTheCommandAreNoConfiguration() throws Exception {
        assertEquals(8080, read("{}", Map.of("PROTOPLEX_TOKEN", "protoplex_x")).number("listeners.http.port"));
    }

    @Test
    public void theListenerOfTheOneProcessInTheHandbookIsTaken() throws Exception {
        NodeConfiguration configuration =
                read("{" + Handbook.example("operating/README.md", "listener of the one process") + "}", Map.of());
        assertEquals(8081, configuration.number("listeners.data.port"));
        assertEquals("one", configuration.text("listeners.data.process"));
    }

    @Test
    public void theEnvironmentOverridesEachKeyOfAPlainType() throws Exception {
        for (Key key : Keys.ALL) {
            String path = key.path().replace("*", "http");
            String text = switch (key.type()) {
                case TEXT, TEXTS -> "other";
                case CHOICE, CHOICE_OR_PATH -> key.choices().getLast();
                case NUMBER, COUNT -> Long.toString(key.max());
                case FLAG -> Boolean.toString(!((Boolean) key.standard()));
                case OPEN -> "";
            };
            if (key.type() == Key.Type.OPEN) {
                assertRefused("{}", Map.of(Key.variable(path), text), "cannot be given by an environment variable");
            } else {
                // Proxies are before streams alone.
                String file = path.endsWith(".proxies")
                        ? "{'listeners': {'web': {'port': 80}, 'http': {'protocol': 'stream'}}}"
                        : "{}";
                String json = read(file, Map.of(Key.variable(path), text)).json();
                String value = switch (key.type()) {
                    case TEXT, CHOICE, CHOICE_OR_PATH -> '"' + text + '"';
                    case TEXTS -> "[\"" + text + "\"]";
                    default -> text;
                };
                assertTrue(path + " in " + json, json.contains('"' + last(path) + "\":" + value));
            }
        }
    }

    @Test
    public void anUnknownKeyIsRefusedAndTheNearestOneNamed() {
        assertRefused(
                "{'limits': {'headrBytes': 1}}", Map.of(), "unknown key 'limits.headrBytes'", "limits.headerBytes");
        assertRefused("{'limit': 3}", Map.of(), "unknown key 'limit'");
        assertRefused("{}", Map.of("PROTOPLEX_SHELL_PROT", "1"), "PROTOPLEX_SHELL_PROT", "PROTOPLEX_SHELL_PORT");
    }

    @Test
    public void aValueThatDoesNotFitIsRefusedWithWhatWouldFit() {
        assertRefused("{'shell': {'port': 70000}}", Map.of(), "shell.port is 70000", "from 0 to 65535");
        assertRefused("{'name': 3}", Map.of(), "name is 3", "must be a text");
        assertRefused("{'roles': 'app'}", Map.of(), "must be a list of texts");
        assertRefused("{'roles': [1]}", Map.of(), "must be a list of texts");
        assertRefused("{'configurations': 1}", Map.of(), "must be an object");
        assertRefused("{'limits': {'accessLog': 'yes'}}", Map.of(), "must be true or false");
        assertRefused("{'limits': {'kind': 'fast'}}", Map.of(), "must be threads or events");
        assertRefused("{}", Map.of("PROTOPLEX_LIMITS_KIND", "slow"), "must be threads or events");
        assertRefused("{}", Map.of("PROTOPLEX_LIMITS_ACCESS_LOG", "yes"), "must be true or false");
        assertRefused(
                "{'child': {'cgroup': 'on'}}",
                Map.of(),
                "child.cgroup is on, and must be auto or off or an absolute path");
        assertRefused("{}", Map.of("PROTOPLEX_CHILD_CGROUP", "x/y"), "must be auto or off or an absolute path");
        assertRefused("{}", Map.of("PROTOPLEX_SHELL_PORT", "x"), "a whole number from 0 to 65535");
    }

    @Test
    public void brokenJsonIsRefusedWithItsPlace() {
        assertRefused("{'name': }", Map.of(), "cannot be read");
        assertRefused("[]", Map.of(), "expected an object");
        assertRefused("{} {}", Map.of(), "something follows");
        assertRefused("{'name': 'a', 'name': 'b'}", Map.of(), "Duplicate");
        assertRefused("{'name': null}", Map.of(), "null is not a value");
    }

    @Test
    public void variablesOfOtherPartsOfProtoplexAreLeftAlone() throws Exception {
        assertEquals(
                "node-1", read("{}", Map.of("PROTOPLEX_DIR", "x", "HOME", "y")).text("name"));
    }

    @Test
    public void whatIsWrittenCanBeReadAgain() throws Exception {
        String json = read("{'name': 'a\\u00e9', 'configurations': {'p': {'d': 1.5, 'b': true}}}", Map.of())
                .json();

        assertEquals(json, read(json, Map.of()).json());
    }

    private void assertRefused(String json, Map<String, String> environment, String... parts) {
        StartException refused = assertThrows(json, StartException.class, () -> read(json, environment));
        for (String part : parts) {
            assertTrue(
                    refused.getMessage(), String.valueOf(refused.getMessage()).contains(part));
        }
    }

    private NodeConfiguration read(String json, Map<String, String> environment) throws IOException, StartException {
        Path file = folder.newFolder().toPath().resolve("node.json");
        Files.writeString(file, json.replace('\'', '"'));
        return NodeConfiguration.read(file, environment);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    @Test
    public void aStreamListenerIsPublicAndBesideOneOfHttp() throws Exception {
        String smtp = "'smtp': {'protocol': 'stream', 'port': 8025}";
        NodeConfiguration node = read("{'listeners': {'http': {'port': 80}, " + smtp + "}}", Map.of());
        assertEquals("stream", node.text("listeners.smtp.protocol"));
        assertEquals("http", node.text("listeners.http.protocol"));

        String alone = assertThrows(StartException.class, () -> read("{'listeners': {" + smtp + "}}", Map.of()))
                .getMessage();
        assertTrue(alone, alone.contains("no public one of HTTP"));
        String meta = "{'listeners': {'http': {'port': 80}, 'm': {'protocol': 'stream', 'group': 'meta'}}}";
        String hidden =
                assertThrows(StartException.class, () -> read(meta, Map.of())).getMessage();
        assertTrue(hidden, hidden.contains("listeners.m.group is meta"));
        String other = "{'listeners': {'http': {'protocol': 'smtp'}}}";
        String unknown =
                assertThrows(StartException.class, () -> read(other, Map.of())).getMessage();
        assertTrue(unknown, unknown.contains("must be http or stream"));
    }

    @Test
    public void aPublicListenerMayBelongToTheOneProcess() throws Exception {
        NodeConfiguration node = read(
                "{'listeners': {'http': {'port': 80}, 'data': {'port': 81, 'process': 'one'},"
                        + " 'line': {'port': 82, 'process': 'one', 'protocol': 'stream'}}}",
                Map.of());
        assertEquals(List.of("http"), node.publicListeners(false));
        assertEquals(List.of("data", "line"), node.publicListeners(true));
        assertRefused("{'listeners': {'http': {'process': 'once'}}}", Map.of(), "must be each or one");
        assertRefused(
                "{'listeners': {'m': {'group': 'meta', 'process': 'one'}}}",
                Map.of(),
                "listeners.m.process is for public listeners, and listeners.m.group is meta");
        assertRefused("{'listeners': {'http': {'proces': 'one'}}}", Map.of(), "process");
    }

    /** Which keys a unit has is known when its build is there. */
    @Test
    public void whatIsSaidOfUnitsIsPassedOn() throws Exception {
        NodeConfiguration configuration = read(
                "{'units': {'hello': {'size': 5}}}",
                Map.of("PROTOPLEX_UNITS_HELLO_GREETING", "Hi", "PROTOPLEX_NAME", "node-7"));

        assertEquals("node-7", configuration.text("name"));
        assertEquals(Map.of("PROTOPLEX_UNITS_HELLO_GREETING", "Hi"), configuration.map("unitVariables"));
        assertEquals("{size=5}", configuration.map("units").get("hello"));
        assertRefused("{'units': 3}", Map.of(), "must be an object");
    }
}
