package com.espra.protoplex.cli;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.cli.Cli.Result;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** {@code config} and {@code secret}, as they are typed. */
public class ConfigCommandsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeSeed seed;
    private Path root = Path.of("");

    public ConfigCommandsTest() throws IOException {
        seed = new FakeSeed();
    }

    @Before
    public void fleet() throws IOException {
        root = folder.getRoot().toPath();
        seed.fleet(root.resolve(".protoplex"));
        ObjectNode config = JsonTree.object().put("app", "hello").put("version", "1.0.0");
        ArrayNode keys = config.putArray("keys");
        ObjectNode greeting = key(keys, "greeting", "String", false, "seed", "Hi\n\u001b[31mthere");
        greeting.putArray("nodes")
                .addObject()
                .put("node", "node-2")
                .put("origin", "environment")
                .put("value", "Servus");
        key(keys, "token", "String", true, "seed", "(set)");
        key(keys, "password", "String", true, "build", "");
        seed.data.put("/v1/apps/hello/config", config);
    }

    private static ObjectNode key(
            ArrayNode keys, String name, String type, boolean secret, String origin, String value) {
        return keys.addObject()
                .put("key", name)
                .put("type", type)
                .put("secret", secret)
                .put("origin", origin)
                .put("value", value);
    }

    @After
    public void stop() {
        seed.close();
    }

    private Result run(int status, String... args) {
        return new Cli(root).run(args).ended(status);
    }

    @Test
    public void getShowsEachKeyAndWhereItsValueComesFrom() {
        String all = run(0, "config", "get", "hello").out();

        assertTrue(all, all.matches("(?s).*greeting +Hi .*there +seed +String.*"));
        assertFalse("nobody commands the terminal", all.contains("\u001b"));
        assertTrue(all, all.matches("(?s).*greeting +Servus +environment of node-2 +String.*"));
        assertTrue(all, all.matches("(?s).*token +\\(set\\) +seed +secret.*"));
        assertFalse(run(0, "config", "get", "hello", "token").out().contains("greeting"));
        run(1, "config", "get", "hello", "nothing");
    }

    @Test
    public void listShowsSecretsAlone() {
        String all = run(0, "secret", "list", "hello").out();

        assertTrue(all, all.matches("(?s).*token +\\(set\\).*password +-.*"));
        assertFalse(all, all.contains("greeting"));
    }

    @Test
    public void whatIsTypedWrongIsUsage() {
        assertTrue(run(2, "config", "set", "hello").err().contains("no key is named"));
        assertTrue(run(2, "config", "set", "hello", "greeting").err().contains("KEY=VALUE"));
        assertTrue(run(2, "config", "set", "hello", "a=1", "a=2").err().contains("there twice"));
        assertTrue(run(2, "config", "change", "hello").err().contains("get, set or unset"));
        assertTrue(run(2, "config", "get", "Not A Name").err().contains("is not the name"));
        assertTrue(run(2, "secret", "set", "hello").err().contains("no key is named"));
        assertTrue(run(2, "secret", "take", "hello").err().contains("set, unset or list"));
    }

    @Test
    public void aSecretInTheCommandIsRefusedAndNotRepeated() {
        Result refused = run(2, "secret", "set", "hello", "token=rosebud");

        assertTrue(refused.toString(), refused.err().contains("secret set hello token"));
        assertFalse(refused.toString(), refused.toString().contains("rosebud"));
    }
}
