package com.espra.protoplex.agent;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.agent.fetch.UnitKeyFiles;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.files.PrivateFiles;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.config.UnitKey;
import com.espra.protoplex.fleet.config.UnitSeal;
import com.espra.protoplex.fleet.config.UnitValues;
import com.espra.protoplex.fleet.make.BuildMaker;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LocalBuildsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AuthorKey author = AuthorKey.create();
    private BuildStore store;
    private LocalBuilds builds;

    @Before
    public void open() throws Exception {
        store = new BuildStore(folder.getRoot().toPath());
        builds = new LocalBuilds(
                store,
                new UnitKeyFiles(folder.getRoot().toPath()),
                new UnitSettings("{}", "{}"),
                distribution(),
                List::of);
    }

    private DistributionRoles distribution() {
        return new DistributionRoles(folder.getRoot().toPath().resolve("home"));
    }

    private SignedBuild add(String version) throws Exception {
        byte[] content = ("jar of " + version).getBytes(StandardCharsets.UTF_8);
        Build.File file = new Build.File("hello.jar", Sha256.of(content), content.length);
        store.content().put(file.sha256(), content.length, 0, new ByteArrayInputStream(content));
        SignedBuild build = SignedBuild.sign(
                new Build(1, "hello", version, Instant.EPOCH, author.author().id(), List.of(file), Map.of(), 60, 30),
                author);
        store.add(build);
        return build;
    }

    private Path jar(SignedBuild build) throws Exception {
        return store.content().file(build.build().bundles().get(0).sha256());
    }

    @Test
    public void aBuildBecomesARelease() throws Exception {
        SignedBuild build = add("1.0.0");

        Release release = builds.restored("hello", build.digest());

        assertEquals("hello", release.unit());
        assertEquals("1.0.0", release.version());
        assertEquals(build.digest(), release.digest());
        assertEquals(List.of(new Release.BundleFile("hello.jar", jar(build))), release.bundles());
        assertEquals(Duration.ofSeconds(60), release.ready());
        assertEquals(Duration.ofSeconds(30), release.drain());
    }

    /** OSGi Compendium, section 150.3.4: the types are named in the names, and gone when a component gets them. */
    @Test
    public void aReleaseHasWhatTheFeatureSaid() throws Exception {
        Path jar = folder.newFile("orders-1.0.0.jar").toPath();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(
                    "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: orders\nBundle-Version: 1.0.0\n"
                            .getBytes(StandardCharsets.UTF_8));
        }
        Path feature = folder.newFile("feature.json").toPath();
        Files.writeString(feature, """
                {
                  "id": "com.example:orders:1.0.0",
                  "bundles": ["com.example:orders:1.0.0"],
                  "configurations": {"orders": {"pageSize:Integer": 50, "names:String[]": ["a"], "plain": "x"}},
                  "extensions": {"protoplex.optional": {"type": "text", "kind": "optional", "text": ["com.foreign.Sync"]}}
                }
                """);
        BuildMaker.Made made = new BuildMaker(author, InstantSource.system(), List.of())
                .make(List.of(feature), new BuildMaker.Wish(Optional.empty(), Optional.empty(), 60, 30, true));
        for (Map.Entry<String, Path> file : made.files().entrySet()) {
            store.content().put(file.getKey(), Files.size(file.getValue()), 0, Files.newInputStream(file.getValue()));
        }

        Release release = builds.release(made.signed(), "", false, false);

        Map<String, Object> orders = release.configurations().get("orders");
        assertEquals(Set.of("pageSize", "names", "plain"), orders.keySet());
        assertEquals(50, orders.get("pageSize"));
        assertArrayEquals(new String[] {"a"}, (String[]) orders.get("names"));
        assertEquals(Set.of("com.foreign.Sync"), release.optionalComponents());
        assertTrue(release.dropRoutes());
    }

    @Test
    public void aDamagedFileIsNotRunAndMakesWayForAGoodOne() throws Exception {
        SignedBuild build = add("1.0.0");
        Path jar = jar(build);
        assertTrue(jar.toFile().setWritable(true));
        Files.writeString(jar, "something else");

        BuildException refused = assertThrows(BuildException.class, () -> builds.restored("hello", build.digest()));

        assertTrue(refused.getMessage(), refused.getMessage().contains("damaged"));
        assertFalse(store.content().has(build.build().bundles().get(0).sha256()));
    }

    @Test
    public void whatIsNotKeptIsDeletedUnlessABuildIsBeingAdded() throws Exception {
        SignedBuild old = add("1.0.0");
        SignedBuild kept = add("1.0.1");
        Thread adding = new Thread(() -> {
            builds.adding().lock();
        });
        adding.start();
        adding.join();
        builds.collect(() -> Set.of(kept.digest()));
        assertEquals(2, store.digests().size());

        LocalBuilds quiet = new LocalBuilds(
                store,
                new UnitKeyFiles(folder.getRoot().toPath()),
                new UnitSettings("{}", "{}"),
                distribution(),
                List::of);
        quiet.collect(() -> Set.of(kept.digest()));

        assertEquals(List.of(kept.digest()), store.digests());
        assertTrue(store.get(old.digest()).isEmpty());
    }

    /** Build, node.json, Seed, environment: the later wins, key by key; and a secret is opened. */
    @Test
    public void aReleaseHasTheValuesOfItsDocument() throws Exception {
        Path jar = folder.getRoot().toPath().resolve("a.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("x"));
        }
        byte[] content = Files.readAllBytes(jar);
        Build.File file = new Build.File("hello.jar", Sha256.of(content), content.length);
        store.content().put(file.sha256(), content.length, 0, new ByteArrayInputStream(content));
        Map<String, Object> plain = Map.of("a:Integer", 1, "b", "build", "c", "build", "d", "build", "token", "");
        SignedBuild build = SignedBuild.sign(
                new Build(
                        1,
                        "hello",
                        "1.0.0",
                        Instant.EPOCH,
                        author.author().id(),
                        List.of(file),
                        Map.of("pid", plain),
                        60,
                        30),
                author);
        store.add(build);
        UnitSeal seal = new UnitSeal("hello", new byte[UnitSeal.KEY_BYTES]);
        UnitKey c = new UnitKey("pid", "c", "String", false, List.of(), "", "", "");
        UnitKey d = new UnitKey("pid", "d", "String", false, List.of(), "", "", "");
        UnitKey token = new UnitKey("pid", "token", "String", false, List.of(), "", "", "");
        UnitValues values = UnitValues.none("hello")
                .with(c, "seed")
                .with(d, "seed")
                .withSecret(token, seal.seal("pid", "token", "rosebud"));
        String id = build.digest() + "+" + store.values().put(values.write());
        LocalBuilds here = new LocalBuilds(
                store,
                new UnitKeyFiles(folder.getRoot().toPath()),
                new UnitSettings(
                        "{\"hello\": {\"b\": \"file\", \"c\": \"file\"}}",
                        "{\"PROTOPLEX_UNITS_HELLO_D\": \"environment\"}"),
                distribution(),
                List::of);

        BuildException locked = assertThrows(BuildException.class, () -> here.restored("hello", id));
        assertTrue(locked.getMessage(), locked.getMessage().contains("key of the secrets"));
        Path keys = Files.createDirectories(folder.getRoot().toPath().resolve("keys"));
        PrivateFiles.replace(keys.resolve("hello"), new byte[UnitSeal.KEY_BYTES]);
        Release release = here.restored("hello", id);

        assertEquals(id, release.digest());
        assertEquals(
                Map.of("pid", Map.of("a", 1, "b", "file", "c", "seed", "d", "environment", "token", "rosebud")),
                release.configurations());
        assertFalse(release.toString(), release.toString().contains("rosebud"));
        assertEquals(
                List.of("b file false", "c file false", "d environment true"),
                here.settings().stream()
                        .map(each -> each.name() + " " + each.value() + " " + each.environment())
                        .toList());
        BuildException lost =
                assertThrows(BuildException.class, () -> here.restored("hello", build.digest() + "+" + "0".repeat(64)));
        assertTrue(lost.getMessage(), lost.getMessage().contains("is not in the store"));
    }

    /** Its classes are in the JVM's cache only if they come from the jar of the distribution. */
    @Test
    public void aPushedRoleThatIsTheDistributionsIsTakenFromThereAtAStart() throws Exception {
        Path role = Files.createDirectories(folder.getRoot().toPath().resolve("home/roles/store/bundles"));
        Path jar = role.resolve("store-1.0.0.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(
                    "Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: store\nBundle-Version: 1.0.0\n"
                            .getBytes(StandardCharsets.UTF_8));
        }
        Path feature = Files.writeString(role.resolveSibling("store.json"), """
                {"id": "com.example:store:1.2.0", "bundles": ["com.example:store:1.0.0"],
                 "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "role"}}}}
                """);
        SignedBuild pushed = new BuildMaker(author, InstantSource.system(), List.of())
                .make(List.of(feature), BuildMaker.Wish.NONE)
                .signed();
        byte[] content = Files.readAllBytes(jar);
        store.content().put(Sha256.of(content), content.length, 0, new ByteArrayInputStream(content));
        store.add(pushed);

        assertEquals(
                jar, builds.restored("store", pushed.digest()).bundles().get(0).file());
        Files.write(jar, "another".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        builds = new LocalBuilds(
                store,
                new UnitKeyFiles(folder.getRoot().toPath()),
                new UnitSettings("{}", "{}"),
                distribution(),
                List::of);
        assertEquals(
                jar(pushed),
                builds.restored("store", pushed.digest()).bundles().get(0).file());
    }
}
