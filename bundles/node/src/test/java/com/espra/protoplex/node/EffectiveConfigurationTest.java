package com.espra.protoplex.node;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.json.PlainJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.osgi.framework.BundleContext;

public class EffectiveConfigurationTest {

    private static EffectiveConfiguration parse(String json) {
        return new EffectiveConfiguration(json(json));
    }

    private static Map<String, Object> json(String text) {
        try {
            return PlainJson.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    public void sectionsBecomeTheirPids() {
        var configurations = parse("""
                {"name": "node-1", "region": "us-east", "roles": ["seed", "app"],
                 "limits": {"headerBytes": 16384, "accessLog": true}, "swap": {"restKeep": 2},
                 "seed": {"address": "localhost:8060", "tokenFile": "link.token"}, "trust": {"authors": ["a", "b"]},
                 "seedServer": {"keepBuilds": 20}, "shell": {"port": 8022}, "jvm": {"options": ["-Xmx64m"]}}
                """).configurations();

        assertEquals(
                Set.of(
                        "com.espra.protoplex.node",
                        "com.espra.protoplex.agent",
                        "com.espra.protoplex.http",
                        "com.espra.protoplex.swap",
                        "com.espra.protoplex.stream",
                        "com.espra.protoplex.shell"),
                configurations.keySet());
        assertEquals(Map.of("headerBytes", 16384, "accessLog", true), configurations.get("com.espra.protoplex.http"));
        Map<String, Object> agent = configurations.get("com.espra.protoplex.agent");
        assertEquals("localhost:8060", agent.get("address"));
        assertArrayEquals(new String[] {"a", "b"}, (String[]) agent.get("authors"));
        Map<String, Object> units = json(String.valueOf(agent.get("units")));
        assertEquals(
                "whom the nodes trust", Map.of("authors", List.of("a", "b"), "keepBuilds", 20L), units.get("seed"));
        assertArrayEquals(new String[] {"seed", "app"}, (String[])
                configurations.get("com.espra.protoplex.node").get("roles"));
    }

    /** They are of the kernel, and the Seed is not. */
    @Test
    public void theCommandsOfTheSeedHaveItsToken() {
        String json = "{\"seedServer\": {\"tokenFile\": \"operator.token\"}}";
        String commands = "com.espra.protoplex.gogo.seed";

        assertEquals(
                Map.of("tokenFile", "operator.token"),
                parse(json).configurations().get(commands));
        assertFalse("in the parent they are enough", child(json).containsKey(commands));
        assertFalse(parse("{\"seedServer\": {\"tokenFile\": \"\"}}")
                .configurations()
                .containsKey(commands));
    }

    @Test
    public void theEngineWaitsForTheAdaptersAndTheGroupsOfListeners() {
        String minimum = "adapters.cardinality.minimum";

        assertEquals(
                Map.of(minimum, 3, "Group.cardinality.minimum", 0),
                parse("{\"roles\": [\"app\"]}").configurations().get("com.espra.protoplex.swap"));
        assertEquals(
                Map.of("restKeep", 3, minimum, 3, "Group.cardinality.minimum", 2),
                parse("""
                        {"roles": ["seed"], "swap": {"restKeep": 3}, "listeners": {"http": {"port": 1}, "https": {"port": 2},
                         "seed": {"port": 3, "group": "seed"}, "line": {"port": 4, "protocol": "stream"}}}""").configurations().get("com.espra.protoplex.swap"));
    }

    private static EffectiveConfiguration process(Map<String, String> properties) {
        return EffectiveConfiguration.of((BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> properties.get(arguments[0])));
    }

    private static Map<String, Map<String, Object>> child(String json) {
        return process(Map.of("protoplex.config", json, "protoplex.process", "child"))
                .configurations();
    }

    @Test
    public void everyChildWaitsForItsEngineAndHasTheTable() {
        for (String listeners :
                List.of("{}", "{\"http\": {\"port\": 8080}}", "{\"seed\": {\"port\": 8060, \"group\": \"seed\"}}")) {
            var configurations = child("{\"listeners\": " + listeners + "}");

            assertEquals(
                    listeners,
                    Map.of("engine.cardinality.minimum", 1),
                    configurations.get("com.espra.protoplex.child"));
            assertArrayEquals(new String[] {"public"}, (String[])
                    configurations.get("com.espra.protoplex.http").get("groups"));
        }
        assertFalse(parse("{}").configurations().containsKey("com.espra.protoplex.child"));
    }

    @Test
    public void aChildKnowsWhichListenersItDoesNotHave() {
        String elsewhere = """
                "elsewhere": {"process": "each", "listeners": {"http": "http", "line": "stream"}}""";

        var none = child("{" + elsewhere + ", \"listeners\": {}}");
        assertArrayEquals(new String[] {"http"}, (String[])
                none.get("com.espra.protoplex.app").get("elsewhere"));
        assertEquals("each", none.get("com.espra.protoplex.app").get("elsewhereProcess"));
        assertArrayEquals(new String[] {"line"}, (String[])
                none.get("com.espra.protoplex.stream").get("elsewhere"));

        var streams = child("{" + elsewhere + ", \"listeners\": {\"own\": {\"port\": 1, \"protocol\": \"stream\"}}}");
        assertTrue("no HTTP comes there", streams.containsKey("com.espra.protoplex.app"));

        var http = child("{" + elsewhere + ", \"listeners\": {\"own\": {\"port\": 1, \"process\": \"one\"}}}");
        assertFalse("HTTP does", http.containsKey("com.espra.protoplex.app"));
        assertFalse(http.get("com.espra.protoplex.http.listener~own").containsKey("process"));
    }

    @Test
    public void theListenersOfTheNodeMayBeOthersThanThoseOfThisProcess() {
        Map<String, String> properties = Map.of(
                "protoplex.config",
                "{\"listeners\": {\"meta\": {\"port\": 8050, \"group\": \"meta\"}}}",
                "protoplex.listeners",
                "meta, http,https");
        EffectiveConfiguration node = process(properties);

        assertArrayEquals(new String[] {"meta", "http", "https"}, (String[])
                node.configurations().get("com.espra.protoplex.node").get("listeners"));
        assertTrue(node.configurations().containsKey("com.espra.protoplex.http.listener~meta"));
        assertFalse(node.configurations().containsKey("com.espra.protoplex.http.listener~http"));
    }

    @Test
    public void theAccessLogIsBoundedAsTheNodesLog() {
        var configurations = parse("""
                {"limits": {"accessLog": true}, "log": {"level": "INFO", "levels": {"a": "WARN"}, "fileBytes": 1000, "files": 3}}
                """).configurations();

        assertEquals(
                Map.of("accessLog", true, "logFileBytes", 1000, "logFiles", 3),
                configurations.get("com.espra.protoplex.http"));
    }

    @Test
    public void eachListenerIsAConfigurationOfItsOwn() {
        EffectiveConfiguration node =
                parse("{\"listeners\": {\"http\": {\"port\": 8080}, \"seed\": {\"port\": 8060, \"group\": \"seed\"}}}");

        assertEquals(Set.of("http", "seed"), node.listeners());
        assertEquals(
                Map.of("name", "http", "port", 8080),
                node.configurations().get("com.espra.protoplex.http.listener~http"));
        assertEquals(
                Map.of("name", "seed", "port", 8060, "group", "seed"),
                node.configurations().get("com.espra.protoplex.http.listener~seed"));
    }

    @Test
    public void aListenerOfStreamsIsKnownToAllWhoServeThem() {
        var configurations = parse("""
                {"listeners": {"http": {"port": 8080, "protocol": "http"}, "smtp": {"port": 8025, "protocol": "stream"}},
                 "streams": {"idleSeconds": 60}}
                """).configurations();

        assertEquals(
                Map.of("name", "http", "port", 8080), configurations.get("com.espra.protoplex.http.listener~http"));
        assertEquals(
                Map.of("name", "smtp", "port", 8025), configurations.get("com.espra.protoplex.stream.listener~smtp"));
        assertFalse(configurations.containsKey("com.espra.protoplex.http.listener~smtp"));
        Map<String, Object> streams = configurations.get("com.espra.protoplex.stream");
        assertEquals(60, streams.get("idleSeconds"));
        assertArrayEquals(new String[] {"smtp"}, (String[]) streams.get("listeners"));
        assertArrayEquals(new String[] {"http"}, (String[]) streams.get("others"));
    }

    @Test
    public void freeConfigurationsPassThroughAndWin() {
        var configurations = parse("""
                {"swap": {"restKeep": 2, "restSeconds": 60},
                 "configurations": {"com.espra.protoplex.swap": {"restKeep": 5}, "org.example~x": {"ports": [1, 2], "mixed": [1, "b"]}}}
                """).configurations();

        assertEquals(
                Map.of(
                        "restKeep",
                        5,
                        "restSeconds",
                        60,
                        "adapters.cardinality.minimum",
                        3,
                        "Group.cardinality.minimum",
                        0),
                configurations.get("com.espra.protoplex.swap"));
        Map<String, Object> free = configurations.get("org.example~x");
        assertArrayEquals(new Integer[] {1, 2}, (Integer[]) free.get("ports"));
        assertArrayEquals(new String[] {"1", "b"}, (String[]) free.get("mixed"));
        assertEquals(Set.of("ports", "mixed"), free.keySet());
    }

    @Test
    public void theAgentIsConfiguredWithoutASeed() {
        assertEquals(Map.of(), parse("{}").configurations().get("com.espra.protoplex.agent"));
    }

    @Test
    public void theAddressOfTheNodeIsAHostAndNothingElse() {
        for (String good : List.of("web-3.example.net", "web", "10.0.0.7", "2001:db8::7", "[2001:db8::7]")) {
            assertEquals(
                    Map.of("reachedBy", good),
                    parse("{\"address\": \"" + good + "\"}").configurations().get("com.espra.protoplex.agent"));
        }
        for (String bad : List.of("web:8050", "http://web", "a b", "web_3", "web/x", "1:2", "-", "web.1")) {
            var wrong = parse("{\"address\": \"" + bad + "\"}");
            IllegalArgumentException refused = assertThrows(bad, IllegalArgumentException.class, wrong::configurations);
            assertTrue(refused.getMessage(), refused.getMessage().contains("address: '" + bad + "' is no host"));
        }
        assertThrows(IllegalArgumentException.class, parse("{\"address\": 7}")::configurations);
    }

    @Test
    public void anObjectAsAPropertyIsNamed() {
        var wrong = parse("{\"configurations\": {\"a.pid\": {\"deep\": {\"er\": 1}}}}");

        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, wrong::configurations);

        assertTrue(refused.getMessage(), refused.getMessage().contains("configurations.a.pid.deep"));
    }

    @Test
    public void whatIsSaidOfUnitsGoesToTheAgentAsItStands() throws Exception {
        Map<String, Object> agent = parse(
                        "{'units': {'hello': {'size': 5}}, 'unitVariables': {'A': 'b'}}".replace('\'', '"'))
                .configurations()
                .get("com.espra.protoplex.agent");

        assertEquals(
                "{\"hello\":{\"size\":5}}", String.valueOf(agent.get("units")).replaceAll("\\s", ""));
        assertEquals("{\"A\":\"b\"}", String.valueOf(agent.get("unitVariables")).replaceAll("\\s", ""));
    }
}
