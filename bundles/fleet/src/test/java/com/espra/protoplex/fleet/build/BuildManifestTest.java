package com.espra.protoplex.fleet.build;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class BuildManifestTest {

    private static final String HASH = "a".repeat(64);

    private static Build build() {
        return new Build(
                1,
                "hello",
                "1.0.1",
                Instant.parse("2026-01-31T12:00:00Z"),
                "0123456789abcdef",
                List.of(new Build.File("hello-1.0.1.jar", HASH, 42)),
                Map.of("com.example.hello", Map.of("greeting", "Hi", "count", 3, "names", List.of("a", "b"))),
                60,
                30);
    }

    @Test
    public void aBuildComesBackAsItWas() throws Exception {
        byte[] manifest = BuildManifest.write(build());
        assertEquals(build(), BuildManifest.read(manifest));
    }

    @Test
    public void equalBuildsHaveEqualBytes() throws Exception {
        assertArrayEquals(BuildManifest.write(build()), BuildManifest.write(build()));
        assertEquals(64, BuildManifest.digest(BuildManifest.write(build())).length());
    }

    @Test
    public void whatIsWrongIsNamed() throws Exception {
        String good = new String(BuildManifest.write(build()), StandardCharsets.UTF_8);
        refused(good.replace("\"hello\"", "\"Hello World\""), "'Hello World' is not a name for an app");
        refused(good.replace("\"1.0.1\"", "\"1.0-SNAPSHOT\""), "'1.0-SNAPSHOT' is not an OSGi version");
        refused(good.replace(HASH, "../../etc/passwd"), "is not a sha256");
        refused(good.replace("hello-1.0.1.jar", "../hello.jar"), "is not a file name");
        refused(good.replaceFirst("\"size\" : 42", "\"size\" : -1"), "-1 bytes");
        refused(good.replace("\"readySeconds\" : 60", "\"readySeconds\" : 0"), "readySeconds is 0");
        refused(good.replace("\"drainSeconds\" : 30", "\"drainSeconds\" : 4294967326"), "out of range");
        refused(good.replace("\"format\" : 1", "\"format\" : 2"), "format is 2");
        refused(good.replace("2026-01-31T12:00:00Z", "yesterday"), "'created'");
        refused(good.replace("\"author\"", "\"auther\""), "unknown key 'auther'");
        refused(good.replace("\"Hi\"", "{\"a\":1}"), "'greeting' has no valid value");
        refused(good.replace("\"Hi\"", "null"), "'greeting' is null");
        refused(good + "x", "not well-formed");
        refused(good.substring(0, 80), "not well-formed");
        refused(good.replaceFirst("\"unit\" : \"hello\",", "\"unit\" : \"hello\", \"unit\" : \"b\","), "Duplicate");
        refused("[]", "not a JSON object");
        refused("", "not a JSON object");
        refused("[".repeat(100_000), "not well-formed");
        refused(" ".repeat(BuildManifest.MAX_BYTES + 1), "are allowed");
    }

    private static void refused(String manifest, String because) {
        BuildException e = assertThrows(
                because, BuildException.class, () -> BuildManifest.read(manifest.getBytes(StandardCharsets.UTF_8)));
        assertTrue(
                "'" + e.getMessage() + "' does not say: " + because,
                e.getMessage().contains(because));
        assertTrue("no remedy: " + e.getMessage(), !e.remedy().isBlank());
    }
}
