package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.TestBundle;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertEquals("no file holds it", List.of(), filesWith(SECRET));

        fleet.run("config", "set", "keeper", "greeting=Hi").succeeded();
        fleet.assertServes("/keeper", said("1.0.0", "Hi", 3, SECRET));
        fleet.run("secret", "unset", "keeper", "token").succeeded();
        fleet.assertServes("/keeper", said("1.0.0", "Hi", 3, ""));
    }

    /** The files of the fleet that have a text in them. */
    private List<Path> filesWith(String text) throws IOException {
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
