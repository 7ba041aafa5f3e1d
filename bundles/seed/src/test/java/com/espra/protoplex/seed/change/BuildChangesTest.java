package com.espra.protoplex.seed.change;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is shown before a push. */
public class BuildChangesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, Path> files = new HashMap<>();

    private Build.File jar(String name, String version, Map<String, String> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<String, String> all = new TreeMap<>(entries);
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            entry(
                    jar,
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\nBundle-SymbolicName: " + name + ";singleton:=true\nBundle-Version: "
                            + version + "\n\n");
            for (Map.Entry<String, String> each : all.entrySet()) {
                entry(jar, each.getKey(), each.getValue());
            }
        }
        String sha256 = Sha256.of(bytes.toByteArray());
        Path file = folder.newFile().toPath();
        try (OutputStream out = Files.newOutputStream(file)) {
            bytes.writeTo(out);
        }
        files.put(sha256, file);
        return new Build.File(name + "-" + version + ".jar", sha256, bytes.size());
    }

    private static void entry(JarOutputStream jar, String name, String text) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(text.getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
    }

    private static Build build(Map<String, Map<String, Object>> configurations, Build.File... bundles) {
        return new Build(1, "shop", "1", Instant.EPOCH, "a", List.of(bundles), configurations, 5, 1);
    }

    private static String component(String routes) {
        return """
                <?xml version="1.0"?>
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="a">
                  <property name="osgi.http.whiteboard.servlet.pattern" type="String">%s
                  </property>
                  <property name="other" value="/no"/>
                </scr:component>
                """.formatted(routes);
    }

    private BuildChanges between(Optional<Build> from, Build to) throws IOException {
        return BuildChanges.between(from, to, sha256 -> Objects.requireNonNull(files.get(sha256)));
    }

    @Test
    public void whatChangesIsNamed() throws Exception {
        Build from = build(
                Map.of("shop", Map.of("size", 3, "old", "x")),
                jar(
                        "shop",
                        "1.0.0",
                        Map.of("OSGI-INF/a.xml", component("/shop\n/cart"), "static/a.css", "a", "A.class", "1")),
                jar("gone", "1.0.0", Map.of()));
        Build to = build(
                Map.of("shop", Map.of("size", 4, "new", "y")),
                jar(
                        "shop",
                        "1.1.0",
                        Map.of(
                                "OSGI-INF/a.xml",
                                component("/shop\n/pay"),
                                "static/a.css",
                                "b",
                                "static/b.css",
                                "b",
                                "A.class",
                                "2")),
                jar("lib", "2.0.0", Map.of()));

        BuildChanges changes = between(Optional.of(from), to);

        assertEquals(List.of("- gone 1.0.0", "+ lib 2.0.0", "~ shop 1.0.0 -> 1.1.0"), changes.bundles());
        assertEquals(List.of("+ shop/new", "- shop/old", "~ shop/size"), changes.configuration());
        assertEquals(List.of("- /cart", "+ /pay"), changes.routes());
        assertEquals(List.of("~ shop:static/a.css", "+ shop:static/b.css"), changes.assets());
    }

    @Test
    public void theSameChangesNothingAndTheFirstIsAllNew() throws Exception {
        Build one = build(Map.of(), jar("shop", "1.0.0", Map.of("OSGI-INF/a.xml", component("/shop"))));
        BuildChanges none = between(Optional.of(one), one);
        assertTrue(none.toString(), none.bundles().isEmpty() && none.routes().isEmpty());
        assertEquals(List.of("+ shop 1.0.0"), between(Optional.empty(), one).bundles());
    }

    @Test
    public void whatIsBrokenOrEndlessIsNoTrouble() throws Exception {
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 200; i++) {
            many.put("static/" + i, "x");
        }
        many.put("OSGI-INF/broken.xml", "<a><property name=\"protoplex.path\" value=\"/x\"");
        many.put("OSGI-INF/bomb.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");
        BuildChanges changes = between(Optional.empty(), build(Map.of(), jar("shop", "1.0.0", many)));
        assertEquals(BuildChanges.MOST, changes.assets().size());
        assertEquals("  and 151 more", new ArrayList<>(changes.assets()).getLast());
        assertEquals(List.of(), changes.routes());
    }
}
