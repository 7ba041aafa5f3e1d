package com.espra.protoplex.fleet.make;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import com.espra.protoplex.fleet.build.Jars;
import com.espra.protoplex.fleet.build.TypedProperties;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.test.support.Handbook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class BuildMakerTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final BuildMaker maker = new BuildMaker(AuthorKey.create(), InstantSource.fixed(Instant.EPOCH), List.of());

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static BuildMaker.Wish app(String name) {
        return new BuildMaker.Wish(Optional.of(name), Optional.empty(), 60, 30);
    }

    @Test
    public void aBundleGivesNameAndVersion() throws Exception {
        Path jar = Jars.bundle(path("h.jar"), "com.example.Hello_World", "1.0.1");
        Build build = maker.make(List.of(jar), BuildMaker.Wish.NONE).signed().build();
        assertEquals("hello-world", build.unit());
        assertEquals("1.0.1", build.version());
        assertEquals(Files.size(jar), build.bundles().getFirst().size());
        assertEquals(
                "shop", maker.make(List.of(jar), app("shop")).signed().build().unit());
    }

    @Test
    public void theMainBundleOfAFolderMustBeClear() throws Exception {
        Jars.bundle(path("a.jar"), "com.example.library", "7.0.0");
        Path main = Jars.bundle(path("b.jar"), "com.example.hello", "1.0.1");
        List<Path> all = List.of(folder.getRoot().toPath());
        BuildException e = assertThrows(BuildException.class, () -> maker.make(all, BuildMaker.Wish.NONE));
        assertTrue(e.getMessage(), e.getMessage().contains("[a.jar, b.jar]"));
        Build build = maker.make(all, app("hello")).signed().build();
        assertEquals("1.0.1", build.version());
        assertEquals(2, build.bundles().size());
        Build first = maker.make(List.of(main, all.getFirst()), BuildMaker.Wish.NONE)
                .signed()
                .build();
        assertEquals("hello", first.unit());
        assertEquals("named twice, kept once", 2, first.bundles().size());
    }

    @Test
    public void aFeatureNamesItsBundlesAndConfigurations() throws Exception {
        Jars.bundle(path("hello-1.0.1.jar"), "com.example.hello", "1.0.1");
        Path repository = Files.createDirectories(path("repository/com/example/lib/2"));
        Jars.bundle(repository.resolve("lib-2.jar"), "com.example.lib", "2.0.0");
        Path feature = Files.writeString(path("feature.json"), """
                {
                  // a comment
                  "feature-resource-version": "1.0",
                  "id": "com.example:shop:1.2-SNAPSHOT",
                  "bundles": [{"id": "com.example:hello:1.0.1"}, "com.example:lib:2"],
                  "variables": {"who": "World"},
                  "configurations": {"com.example.hello": {"greeting": "Hello ${who}", "count": 3}}
                }
                """);
        BuildMaker finder = new BuildMaker(AuthorKey.create(), InstantSource.system(), List.of(path("repository")));
        Build build =
                finder.make(List.of(feature), BuildMaker.Wish.NONE).signed().build();
        assertEquals("shop", build.unit());
        assertEquals("1.2.0.SNAPSHOT", build.version());
        assertEquals(
                List.of("hello-1.0.1.jar", "lib-2.jar"),
                build.bundles().stream().map(Build.File::name).toList());
        assertEquals(
                Map.of("com.example.hello", Map.of("greeting", "Hello World", "count", 3)), build.configurations());
        BuildException e = assertThrows(BuildException.class, () -> maker.make(List.of(feature), BuildMaker.Wish.NONE));
        assertTrue(e.getMessage(), e.getMessage().contains("com.example:lib:2 is in none of"));
    }

    @Test
    public void theFeatureOfAnAppInTheHandbookIsABuild() throws Exception {
        Jars.bundle(path("orders-1.0.1.jar"), "com.example.orders", "1.0.1");
        Jars.bundle(path("orders-library-2.3.0.jar"), "com.example.orders.library", "2.3.0");
        Path feature = Files.writeString(path("shop.json"), Handbook.example("writing-handlers.md", "feature"));

        Build build =
                maker.make(List.of(feature), BuildMaker.Wish.NONE).signed().build();

        assertEquals("shop", build.unit());
        assertEquals(
                Map.of("pageSize", 50, "currencies", List.of("CHF", "EUR")),
                TypedProperties.of("orders", build.configurations().get("orders")));
        assertEquals(Set.of("com.example.audit.Sync"), build.optionalComponents());
    }

    @Test
    public void theFeatureOfARoleInTheHandbookIsABuild() throws Exception {
        Jars.bundle(path("counter-1.0.0.jar"), "com.example.counter", "1.0.0");
        Path feature = Files.writeString(path("counter.json"), Handbook.example("writing-roles.md", "feature"));

        Build build =
                maker.make(List.of(feature), BuildMaker.Wish.NONE).signed().build();

        assertEquals("counter", build.unit());
        assertEquals(Build.Kind.ROLE, build.kind());
        assertTrue(build.takeOver());
        assertEquals(Set.of("app"), build.needs());
    }

    @Test
    public void theUnitThatTheHandbookPlacesInOneProcessIsABuild() throws Exception {
        Jars.bundle(path("counter-1.0.0.jar"), "com.example.counter", "1.0.0");
        String unit = Handbook.example("writing-roles.md", "placed in one process");
        Path feature = Files.writeString(path("counter.json"), """
                {"id": "com.example:counter:1.0.0", "bundles": ["com.example:counter:1.0.0"],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": %s}}}
                """.formatted(unit));

        Build build =
                maker.make(List.of(feature), BuildMaker.Wish.NONE).signed().build();

        assertEquals(Build.Placement.ONE, build.placement());
    }

    private String refusal(String members) throws Exception {
        Jars.bundle(path("hello-1.0.1.jar"), "com.example.hello", "1.0.1");
        Path feature = Files.writeString(
                path("feature.json"),
                "{\"id\": \"com.example:shop:1\", \"bundles\": [\"com.example:hello:1.0.1\"], " + members + "}");
        return assertThrows(BuildException.class, () -> maker.make(List.of(feature), BuildMaker.Wish.NONE))
                .getMessage();
    }

    @Test
    public void whatAFeatureCannotHaveIsNamed() throws Exception {
        assertTrue(refusal("\"configuration\": {}").contains("no member 'configuration'"));
        assertTrue(refusal("\"extensions\": {\"content-packages\": {\"kind\": \"mandatory\"}}")
                .contains("the extension 'content-packages'"));
        assertTrue(refusal("\"configurations\": {\"orders\": {\"size:Integer\": \"many\"}}")
                .contains("configuration 'orders': 'size:Integer' cannot have the value many"));
        assertTrue(
                refusal("\"configurations\": {\"orders\": {\"size:Whole\": 1}}").contains("'size:Whole' has no type"));
    }

    private String refusalOfUnit(String unit) throws Exception {
        return refusal("\"extensions\": {\"protoplex.unit\": " + unit + "}");
    }

    @Test
    public void whatAUnitCannotBeIsNamed() throws Exception {
        String json = "{\"type\": \"json\", \"kind\": \"mandatory\", \"json\": %s}";
        assertTrue(refusalOfUnit(json.formatted("{\"kind\": \"rôle\"}")).contains("no kind of unit 'rôle'"));
        assertTrue(refusalOfUnit(json.formatted("{\"kind\": \"role\", \"takeover\": true}"))
                .contains("'protoplex.unit' has no member 'takeover'"));
        assertTrue(refusalOfUnit(json.formatted("{\"kind\": \"role\", \"takeOver\": \"yes\"}"))
                .contains("'takeOver' in 'protoplex.unit' is \"yes\""));
        assertTrue(refusalOfUnit(json.formatted("{\"kind\": \"role\", \"needs\": \"app\"}"))
                .contains("'needs' in 'protoplex.unit' is \"app\""));
        assertTrue(refusalOfUnit(json.formatted("{\"kind\": \"role\", \"offers\": [1]}"))
                .contains("'offers' in 'protoplex.unit' is [1]"));
        assertTrue(refusalOfUnit("{\"kind\": \"mandatory\", \"type\": \"text\", \"text\": [\"role\"]}")
                .contains("'protoplex.unit' has no JSON object"));
    }

    @Test
    public void aFeatureNamesOptionalComponents() throws Exception {
        Jars.bundle(path("hello-1.0.1.jar"), "com.example.hello", "1.0.1");
        Path feature = Files.writeString(path("feature.json"), """
                {
                  "id": "com.example:shop:1",
                  "bundles": ["com.example:hello:1.0.1"],
                  "extensions": {
                    "protoplex.optional": {"type": "text", "kind": "optional", "text": ["com.foreign.Sync"]},
                    "other": {"type": "text", "kind": "optional", "text": ["x"]}
                  }
                }
                """);
        Build build =
                maker.make(List.of(feature), BuildMaker.Wish.NONE).signed().build();
        assertEquals(Set.of("com.foreign.Sync"), build.optionalComponents());
        assertEquals(build, BuildManifest.read(BuildManifest.write(build)));
    }

    @Test
    public void whatIsNotThereIsNamed() {
        BuildException e =
                assertThrows(BuildException.class, () -> maker.make(List.of(path("no.jar")), BuildMaker.Wish.NONE));
        assertTrue(e.getMessage(), e.getMessage().contains("no.jar"));
        assertThrows(BuildException.class, () -> maker.make(List.of(), BuildMaker.Wish.NONE));
        assertThrows(
                BuildException.class, () -> maker.make(List.of(folder.getRoot().toPath()), BuildMaker.Wish.NONE));
    }
}
