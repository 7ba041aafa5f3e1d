package com.espra.protoplex.agent.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.agent.link.SeedHttp;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;

/** A Seed with a build, and a store that it is fetched into. */
public abstract class FetchTest {

    private static final Patience IMPATIENT =
            new Patience(Duration.ofSeconds(2), Duration.ofMillis(300), 1024, 3, Duration.ofMillis(5));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    final AuthorKey author = AuthorKey.create();
    final SeedHttp client = new SeedHttp();
    final List<SwapEvent> events = new CopyOnWriteArrayList<>();
    SeedServer seed;
    Path token;
    Path storeFolder;
    BuildStore store;
    byte[] jar;
    SignedBuild build;

    @Before
    public void seedWithABuild() throws Exception {
        seed = new SeedServer();
        token = folder.newFile("link.token").toPath();
        Files.writeString(token, SeedServer.TOKEN + "\n");
        storeFolder = folder.getRoot().toPath().resolve("store");
        store = new BuildStore(storeFolder);
        jar = bundle("com.example.hello", 300_000);
        build = offer(jar, author);
    }

    @After
    public void close() {
        client.close();
        seed.close();
    }

    static byte[] bundle(String symbolicName, int size) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", symbolicName);
        main.putValue("Bundle-Version", "1.0.0");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] noise = new byte[size];
        new Random(symbolicName.hashCode()).nextBytes(noise);
        try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
            out.putNextEntry(new JarEntry("noise.bin"));
            out.write(noise);
            out.closeEntry();
        }
        return bytes.toByteArray();
    }

    final SignedBuild offer(byte[] content, AuthorKey by) throws Exception {
        return offer(List.of(content), by);
    }

    final SignedBuild offer(List<byte[]> jars, AuthorKey by) throws Exception {
        jars.forEach(bytes -> seed.give(file(bytes), bytes));
        return offer(
                by,
                jars.stream()
                        .map(bytes -> new Build.File("hello-" + bytes.length + ".jar", Sha256.of(bytes), bytes.length))
                        .toList());
    }

    /** A build of these files, whether the Seed has them or not. */
    final SignedBuild offer(AuthorKey by, List<Build.File> files) throws Exception {
        Build made = new Build(
                1, "hello", "1.0.0", Instant.EPOCH, by.author().id(), files, Map.of("a.pid", Map.of("k", "v")), 60, 30);
        SignedBuild signed = SignedBuild.sign(made, by);
        seed.give("/v1/builds/" + signed.digest() + "/manifest", signed.manifest());
        seed.give("/v1/builds/" + signed.digest() + "/signature", signed.signature());
        return signed;
    }

    static String file(byte[] content) {
        return "/v1/files/" + Sha256.of(content);
    }

    final Fetcher fetcher(SeedAddress address) {
        Trust trust = new Trust(List.of(author.author().pem()));
        return new Fetcher(client, address, store, storeFolder, new UnitKeyFiles(storeFolder), trust, IMPATIENT);
    }

    final SignedBuild fetch(SignedBuild wanted) throws Exception {
        return fetcher(new SeedAddress(seed.address(), token))
                .fetch("hello", ReleaseId.of(wanted.digest()), events::add);
    }

    final FetchException refused(SignedBuild wanted) {
        FetchException refused = assertThrows(FetchException.class, () -> fetch(wanted));
        SwapEvent last = events.get(events.size() - 1);
        assertEquals(State.FAILED, last.state());
        assertEquals(refused.step(), last.step());
        assertEquals(refused.getMessage(), last.detail());
        return refused;
    }

    final void assertStored(SignedBuild wanted) throws Exception {
        assertTrue("the build is stored", store.get(wanted.digest()).isPresent());
        for (Build.File file : wanted.build().bundles()) {
            assertEquals(file.sha256(), Sha256.of(store.content().file(file.sha256())));
        }
    }
}
