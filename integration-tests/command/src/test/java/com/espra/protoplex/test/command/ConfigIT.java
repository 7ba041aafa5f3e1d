package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.TestBundle;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;

/** What an app is configured with, changed at the Seed while it serves. */
public class ConfigIT {

    private static final String SECRET = "rosebud-0815-xyzzy";

    @ClassRule
    public static final SharedFleet SHARED = new SharedFleet();

    private final Fleet fleet = SHARED.fleet;

    /** An app that says what it is configured with, and cannot have a size of less than 0. */
    private Path app(String name, String version, String more) {
        String members = """
                    private final Config config;
                    @Activate public App(Config config) {
                        if (config.size() < 0) {
                            throw new IllegalArgumentException("size must not be negative");
                        }
                        this.config = config;
                    }
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print("%s " + config.greeting() + " " + config.size() + " "
                                + Integer.toHexString(config.token().hashCode()));
                    }
                """.formatted(version);
        String servlet = Apps.servlet(name, members)
                .replace(
                        "@Component(",
                        "@org.osgi.service.metatype.annotations.Designate(ocd = Config.class) @Component(");
        return TestBundle.named("com.example." + name)
                .version(version)
                .source(servlet)
                .source("""
                        package com.example.%s;
                        import org.osgi.service.metatype.annotations.*;
                        @ObjectClassDefinition
                        public @interface Config {
                            String greeting() default "Hello";
                            int size() default 3;
                            %s
                            @AttributeDefinition(type = AttributeType.PASSWORD) String token() default "";
                        }
                        """.formatted(name, more))
                .build(fleet.root());
    }

    private static String said(String version, String greeting, int size, String token) {
        return version + " " + greeting + " " + size + " " + Integer.toHexString(token.hashCode());
    }

    private JsonNode key(String app, String name) throws Exception {
        for (JsonNode key :
                fleet.run("config", "get", app, "--json").succeeded().json().path("keys")) {
            if (key.path("key").asText().equals(name)) {
                return key;
            }
        }
        throw new AssertionError(app + " has no key " + name);
    }

    @Test
    public void anAppIsConfiguredWhileItServes() throws Exception {
        fleet.run("push", app("settings", "1.0.0", "").toString()).succeeded();
        fleet.assertServes("/settings", said("1.0.0", "Hello", 3, ""));

        Fleet.Result set =
                fleet.run("config", "set", "settings", "greeting=Hi", "size=5").succeeded();
        assertTrue(
                set.toString(),
                set.output().contains("settings 1.0.0 with its new configuration serves on 1 of 1 nodes"));
        fleet.assertServes("/settings", said("1.0.0", "Hi", 5, ""));
        assertEquals("seed", key("settings", "greeting").path("origin").asText());
        assertEquals("Hi", key("settings", "greeting").path("value").asText());
        assertEquals("build", key("settings", "token").path("origin").asText());

        Fleet.Result bad = fleet.run("config", "set", "settings", "size=-1").failedWith(1);
        assertTrue(bad.toString(), bad.errors().contains("size must not be negative"));
        assertTrue(bad.toString(), bad.errors().contains("with the configuration before still serves on 1 of 1 nodes"));
        fleet.assertServes("/settings", said("1.0.0", "Hi", 5, ""));
        assertEquals("5", key("settings", "size").path("value").asText());

        Fleet.Result unknown =
                fleet.run("config", "set", "settings", "greting=Hi").failedWith(1);
        assertTrue(unknown.toString(), unknown.errors().contains("did you mean 'greeting'?"));
        fleet.run("config", "set", "settings", "size=many").failedWith(1);
        fleet.run("config", "set", "nothing", "size=1").failedWith(1);

        fleet.run(
                        "push",
                        app("settings", "1.1.0", "String colour() default \"red\";")
                                .toString())
                .succeeded();
        fleet.assertServes("/settings", said("1.1.0", "Hi", 5, ""));
        fleet.run("config", "unset", "settings", "greeting").succeeded();
        fleet.assertServes("/settings", said("1.1.0", "Hello", 5, ""));
        fleet.run("rollback", "settings").succeeded();
        fleet.assertServes("/settings", said("1.1.0", "Hi", 5, ""));
    }

    @Test
    public void aSecretIsShownNowhere() throws Exception {
        fleet.run("push", app("keeper", "1.0.0", "").toString()).succeeded();
        Fleet.Result typed = fleet.run("config", "set", "keeper", "token=x").failedWith(1);
        assertTrue(typed.toString(), typed.errors().contains("secret set keeper token"));

        Fleet.Result set =
                fleet.runWith(SECRET + "\n", "secret", "set", "keeper", "token").succeeded();

        fleet.assertServes("/keeper", said("1.0.0", "Hello", 3, SECRET));
        assertEquals("(set)", key("keeper", "token").path("value").asText());
        String list = fleet.run("secret", "list", "keeper").succeeded().output();
        assertTrue(list, list.contains("(set)"));
        assertFalse(set.toString(), set.all().contains(SECRET));
        assertEquals("no file holds it", List.of(), filesWith(fleet, SECRET));

        fleet.run("config", "set", "keeper", "greeting=Hi").succeeded();
        fleet.assertServes("/keeper", said("1.0.0", "Hi", 3, SECRET));
        fleet.run("secret", "unset", "keeper", "token").succeeded();
        fleet.assertServes("/keeper", said("1.0.0", "Hi", 3, ""));
    }

    /** What it cannot start without is set when there is a build, which was refused for the want of it. */
    @Test
    public void theFirstBuildMayNeedASecret() throws Exception {
        Apps.with("strict", "1.0.0", """
                    @Activate public App(java.util.Map<String, Object> all) {
                        if (String.valueOf(all.get("token")).isEmpty()) {
                            throw new IllegalArgumentException("token is missing");
                        }
                    }
                    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print("strict");
                    }
                """).build(fleet.root());
        Path feature = Files.writeString(fleet.root().resolve("strict.json"), """
                {
                  "feature-resource-version": "1.0",
                  "id": "com.example:strict:1.0.0",
                  "bundles": [{"id": "com.example:com.example.strict:1.0.0"}],
                  "configurations": {"com.example.strict.App": {"token": ""}}
                }
                """);
        Fleet.Result push = fleet.run("push", feature.toString()).failedWith(1);
        assertTrue(push.toString(), push.errors().contains("token is missing"));

        Fleet.Result set =
                fleet.runWith(SECRET, "secret", "set", "strict", "token").succeeded();

        assertTrue(
                set.toString(),
                set.output().contains("strict 1.0.0 with its new configuration serves on 1 of 1 nodes"));
        fleet.assertServes("/strict", "strict");
    }

    /** Build, node.json, Seed, environment; through children, and a restart. */
    @Test
    public void aNodeHasItsOwnAndKeepsAll() throws Exception {
        Fleet own = new Fleet();
        own.before();
        try {
            own.configure(
                    "node-2",
                    node -> node.putObject("units").putObject("settings").put("greeting", "Servus"));
            own.with("PROTOPLEX_UNITS_SETTINGS_SIZE", "9");
            own.up("--nodes", "2", "--children", "1");
            own.run("push", app("settings", "1.0.0", "").toString()).succeeded();
            awaitAnswer(own, "node-1", said("1.0.0", "Hello", 9, ""));
            awaitAnswer(own, "node-2", said("1.0.0", "Servus", 9, ""));
            Await.until("both have told what they say themselves", Fleet.DEADLINE, () -> {
                String get = own.run("config", "get", "settings").succeeded().output();
                return get.contains("node.json of node-2") && get.contains("environment of node-1");
            });

            own.runWith(SECRET, "secret", "set", "settings", "token").succeeded();
            own.run("config", "set", "settings", "greeting=Hi", "size=5").succeeded();
            awaitAnswer(own, "node-1", said("1.0.0", "Hi", 9, SECRET));
            awaitAnswer(own, "node-2", said("1.0.0", "Hi", 9, SECRET));

            Set<Long> children = own.children("node-2");
            own.kill("node-2");
            Await.until(
                    "its children have ended",
                    Fleet.DEADLINE,
                    () -> children.stream().noneMatch(Fleet::isRunning));
            own.up();
            Await.until(
                    "the node serves it again",
                    Fleet.DEADLINE,
                    () -> answer(own, "node-2").equals(said("1.0.0", "Hi", 9, SECRET)));
            assertEquals("no file holds it", List.of(), filesWith(own, SECRET));
        } finally {
            own.after();
        }
    }

    /** A node whose link is slow on a busy machine moves a moment later than the push ends. */
    private static void awaitAnswer(Fleet fleet, String node, String wanted) {
        Await.until(
                node + " says " + wanted,
                Fleet.DEADLINE,
                () -> answer(fleet, node).equals(wanted));
    }

    private static String answer(Fleet fleet, String node) throws Exception {
        return fleet.get(URI.create(fleet.address(node, "http") + "/settings")).body();
    }

    /** The files of the fleet that have a text in them. */
    private static List<Path> filesWith(Fleet fleet, String text) throws IOException {
        try (Stream<Path> files = Files.walk(fleet.dir())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> has(file, text))
                    .toList();
        }
    }

    private static boolean has(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            return false; // it is gone meanwhile
        }
    }
}
