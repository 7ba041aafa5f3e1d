package com.espra.protoplex.agent.fetch;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.agent.link.SeedClient;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.fleet.build.AuthorKey;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildStore;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.build.SignedBuild;
import com.espra.protoplex.test.support.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FetcherTest {

    private static final Patience IMPATIENT =
            new Patience(Duration.ofSeconds(2), Duration.ofMillis(300), 1024, 3, Duration.ofMillis(5));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AuthorKey author = AuthorKey.create();
    private final SeedClient client = new SeedClient();
    private final List<SwapEvent> events = new CopyOnWriteArrayList<>();
    private SeedServer seed;
    private Path token;
    private Path storeFolder;
    private BuildStore store;
    private byte[] jar;
    private SignedBuild build;

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

    private static byte[] bundle(String symbolicName, int size) throws IOException {
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

    private SignedBuild offer(byte[] content, AuthorKey by) throws Exception {
        return offer(List.of(content), by);
    }

    private SignedBuild offer(List<byte[]> jars, AuthorKey by) throws Exception {
        List<Build.File> files = jars.stream()
                .map(bytes -> new Build.File("hello-" + bytes.length + ".jar", Sha256.of(bytes), bytes.length))
                .toList();
        Build made = new Build(
                1, "hello", "1.0.0", Instant.EPOCH, by.author().id(), files, Map.of("a.pid", Map.of("k", "v")), 60, 30);
        SignedBuild signed = SignedBuild.sign(made, by);
        seed.give("/v1/builds/" + signed.digest() + "/manifest", signed.manifest());
        seed.give("/v1/builds/" + signed.digest() + "/signature", signed.signature());
        jars.forEach(bytes -> seed.give(file(bytes), bytes));
        return signed;
    }

    private static String file(byte[] content) {
        return "/v1/files/" + Sha256.of(content);
    }

    private Fetcher fetcher(SeedAddress address) {
        Trust trust = new Trust(List.of(author.author().pem()));
        return new Fetcher(client, address, store, storeFolder, trust, IMPATIENT);
    }

    private SignedBuild fetch(SignedBuild wanted) throws Exception {
        return fetcher(new SeedAddress(seed.address(), token)).fetch("hello", wanted.digest(), events::add);
    }

    private FetchException refused(SignedBuild wanted) {
        FetchException refused = assertThrows(FetchException.class, () -> fetch(wanted));
        SwapEvent last = events.get(events.size() - 1);
        assertEquals(State.FAILED, last.state());
        assertEquals(refused.step(), last.step());
        assertEquals(refused.getMessage(), last.detail());
        return refused;
    }

    private void assertStored(SignedBuild wanted) throws Exception {
        assertTrue("the build is stored", store.get(wanted.digest()).isPresent());
        for (Build.File file : wanted.build().bundles()) {
            assertEquals(file.sha256(), Sha256.of(store.content().file(file.sha256())));
        }
    }

    @Test
    public void aBuildComesAsAWholeAndEachStepIsTold() throws Exception {
        SignedBuild fetched = fetch(build);

        assertEquals(build.build(), fetched.build());
        assertStored(build);
        assertArrayEquals(jar, Files.readAllBytes(store.content().file(Sha256.of(jar))));
        String steps = events.stream()
                .filter(event -> event.state() != State.PROGRESS)
                .map(event -> event.step() + " " + event.state())
                .collect(Collectors.joining(", "));
        assertEquals("FETCH BEGUN, FETCH DONE, VERIFY BEGUN, VERIFY DONE", steps);
        assertEquals("1.0.0", events.get(events.size() - 1).version());
    }

    @Test
    public void whatIsHereIsNotFetchedAgain() throws Exception {
        fetch(build);
        seed.requests.clear();

        fetch(build);

        assertEquals(List.of(), seed.requests);
    }

    @Test
    public void whatWasDamagedHereIsFetchedAgain() throws Exception {
        fetch(build);
        Path stored = store.content().file(Sha256.of(jar));
        assertTrue(stored.toFile().setWritable(true));
        byte[] damaged = jar.clone();
        damaged[1000] ^= 1;
        Files.write(stored, damaged);

        fetch(build);

        assertArrayEquals(jar, Files.readAllBytes(stored));
    }

    @Test
    public void aCutConnectionIsGoneOnWith() throws Exception {
        seed.answerOnce(file(jar), SeedServer.cutAfter(100_000));

        fetch(build);

        assertStored(build);
        List<String> resumed = seed.requests.stream()
                .filter(request -> request.contains("bytes="))
                .toList();
        assertEquals(resumed.toString(), 1, resumed.size());
        assertFalse("from the first byte again", resumed.get(0).contains("bytes=0-"));
    }

    @Test
    public void aConnectionThatIsCutAgainAndAgainComesToItsEnd() throws Exception {
        seed.answer(file(jar), (exchange, content, from) -> {
            if (content.length - from > 20_000) {
                SeedServer.cutAfter(20_000).to(exchange, content, from);
            } else {
                SeedServer.whole(exchange, content, from);
            }
        });

        fetch(build);

        assertStored(build);
    }

    @Test
    public void aServerWithoutRangesIsReadFromTheBeginning() throws Exception {
        seed.answerOnce(file(jar), SeedServer.cutAfter(100_000));
        SeedServer.Answer cut = SeedServer.cutAfter(100_000);
        seed.answerOnce(file(jar), (exchange, content, from) -> {
            seed.answer(file(jar), (next, all, ignored) -> SeedServer.whole(next, all, 0));
            cut.to(exchange, content, from);
        });

        fetch(build);

        assertStored(build);
    }

    @Test
    public void aTamperedFileIsRefusedAndNothingOfItIsKept() throws Exception {
        byte[] tampered = jar.clone();
        tampered[1000] ^= 1;
        seed.give(file(jar), tampered);

        FetchException refused = refused(build);

        assertEquals(Step.VERIFY, refused.step());
        assertFalse(refused.isUnreached());
        assertTrue(refused.getMessage(), refused.getMessage().contains("changed on its way"));
        assertFalse(store.content().has(Sha256.of(jar)));
        assertEquals(0, store.content().received(Sha256.of(jar)));
        assertTrue(store.get(build.digest()).isEmpty());
    }

    @Test
    public void whatAKilledProcessLeftDamagedIsFetchedAgain() throws Exception {
        byte[] damaged = new byte[50_000];
        store.content().put(Sha256.of(jar), jar.length, 0, new ByteArrayInputStream(damaged));
        assertEquals(damaged.length, store.content().received(Sha256.of(jar)));

        fetch(build);

        assertStored(build);
    }

    @Test
    public void aWrongSignatureIsRefusedBeforeAnyFileIsAskedFor() throws Exception {
        seed.give("/v1/builds/" + build.digest() + "/signature", new byte[SignedBuild.SIGNATURE_BYTES]);

        FetchException refused = refused(build);

        assertEquals(Step.VERIFY, refused.step());
        assertTrue(refused.getMessage(), refused.getMessage().contains("signature"));
        assertTrue(seed.requests.toString(), seed.requests.stream().noneMatch(r -> r.startsWith("/v1/files")));
    }

    @Test
    public void anAuthorWhomNobodyTrustsIsRefused() throws Exception {
        AuthorKey stranger = AuthorKey.create();
        SignedBuild foreign = offer(jar, stranger);

        FetchException refused = refused(foreign);

        assertEquals(Step.VERIFY, refused.step());
        assertTrue(
                refused.getMessage(),
                refused.getMessage().contains(stranger.author().id()));
        assertTrue(refused.getMessage(), refused.getMessage().contains("trust.authors"));
    }

    @Test
    public void anotherManifestThanTheDesiredIsRefused() throws Exception {
        seed.give(
                "/v1/builds/" + build.digest() + "/manifest",
                offer(bundle("other", 10), author).manifest());

        assertEquals(Step.VERIFY, refused(build).step());
    }

    @Test
    public void aBuildOfAnotherUnitIsRefused() throws Exception {
        Fetcher fetcher = fetcher(new SeedAddress(seed.address(), token));

        FetchException refused =
                assertThrows(FetchException.class, () -> fetcher.fetch("shop", build.digest(), events::add));

        assertTrue(refused.getMessage(), refused.getMessage().contains("not of shop"));
    }

    @Test
    public void whatIsNoBundleIsRefusedThoughItIsSigned() throws Exception {
        SignedBuild noBundle = offer("not a jar".getBytes(StandardCharsets.UTF_8), author);

        FetchException refused = refused(noBundle);

        assertEquals(Step.VERIFY, refused.step());
        assertTrue(store.get(noBundle.digest()).isEmpty());
    }

    @Test
    public void aServerThatFallsSilentIsGivenUpAfterSomeAttempts() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try {
            Patience brief = new Patience(Duration.ofSeconds(1), Duration.ofMillis(50), 1024, 2, Duration.ofMillis(1));
            byte[] tiny = bundle("tiny", 3);
            SignedBuild small = offer(tiny, author);
            seed.answer(file(tiny), (exchange, content, from) -> await(over));
            Fetcher fetcher = new Fetcher(
                    client,
                    new SeedAddress(seed.address(), token),
                    store,
                    storeFolder,
                    new Trust(List.of(author.author().pem())),
                    brief);

            FetchException silent =
                    assertThrows(FetchException.class, () -> fetcher.fetch("hello", small.digest(), events::add));

            assertTrue(silent.isUnreached());
            assertTrue(silent.getMessage(), silent.getMessage().contains("no answer within"));
        } finally {
            over.countDown();
        }
    }

    @Test
    public void aServerThatDripsIsCutAndGoneOnWith() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        seed.answerOnce(file(jar), (exchange, content, from) -> {
            SeedServer.head(exchange, content, from);
            exchange.getResponseBody().write(content, from, 70_000);
            exchange.getResponseBody().flush();
            await(over);
        });
        try {
            fetch(build);
        } finally {
            over.countDown();
        }

        assertStored(build);
        assertTrue(seed.requests.toString(), seed.requests.stream().anyMatch(r -> r.contains("bytes=")));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    public void aSeedThatIsAwayIsUnreached() throws Exception {
        seed.close();

        FetchException away = refused(build);

        assertTrue(away.isUnreached());
        assertTrue(away.getMessage(), away.getMessage().contains("nothing listens"));
    }

    @Test
    public void aTokenThatIsRefusedIsNamed() throws Exception {
        Files.writeString(token, "another");

        FetchException shut = refused(build);

        assertTrue(shut.isUnreached());
        assertTrue(shut.getMessage(), shut.getMessage().contains(token.toString()));
    }

    @Test
    public void aFileThatTheSeedLostIsNamed() throws Exception {
        byte[] other = bundle("lost", 100);
        SignedBuild lost = offer(other, author);
        seed.answer(file(other), (exchange, content, from) -> SeedServer.status(exchange, 404));

        FetchException refused = refused(lost);

        assertFalse(refused.isUnreached());
        assertTrue(refused.getMessage(), refused.getMessage().contains(Sha256.of(other)));
    }

    @Test
    public void manyFilesComeAtOnceAndSharedOnesOnce() throws Exception {
        List<byte[]> jars = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            jars.add(bundle("part" + i, 1000 + i));
        }
        SignedBuild all = offer(jars, author);
        SignedBuild some = offer(jars.subList(0, 6), author);

        Fetcher one = fetcher(new SeedAddress(seed.address(), token));
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> unchecked(one, all));
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> unchecked(one, some));
        CompletableFuture.allOf(first, second).join();

        assertStored(all);
        assertStored(some);
        for (byte[] content : jars) {
            assertEquals(1, Collections.frequency(seed.requests, file(content)));
        }
    }

    private void unchecked(Fetcher fetcher, SignedBuild wanted) {
        try {
            fetcher.fetch("hello", wanted.digest(), events::add);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void aFetchThatNobodyWantsEndsAndLeavesWhatCame() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        seed.answer(file(jar), (exchange, content, from) -> {
            SeedServer.head(exchange, content, from);
            exchange.getResponseBody().write(content, from, 100_000);
            exchange.getResponseBody().flush();
            await(over);
        });
        Fetcher patient = new Fetcher(
                client,
                new SeedAddress(seed.address(), token),
                store,
                storeFolder,
                new Trust(List.of(author.author().pem())),
                Patience.DEFAULT);
        CompletableFuture<String> end = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                patient.fetch("hello", build.digest(), events::add);
                end.complete("fetched");
            } catch (InterruptedException e) {
                end.complete("interrupted");
            } catch (FetchException | RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        try {
            Await.until(
                    "some of the file is here",
                    Duration.ofSeconds(10),
                    () -> store.content().received(Sha256.of(jar)) > 0);

            thread.interrupt();

            assertEquals("interrupted", end.get(10, TimeUnit.SECONDS));
            assertTrue(store.content().received(Sha256.of(jar)) > 0);
        } finally {
            over.countDown();
        }
    }

    @Test
    public void aFullDiskSaysHowMuchIsMissing() throws Exception {
        Path small = Path.of(System.getProperty("protoplex.test.smallDisk", "/nonexistent"));
        assumeTrue("no small disk is mounted (-Dprotoplex.test.smallDisk)", Files.isDirectory(small));
        storeFolder = small.resolve("store");
        store = new BuildStore(storeFolder);
        byte[] large = bundle("large", (int) Files.getFileStore(small).getUsableSpace() + 1);
        SignedBuild tooLarge = offer(large, author);

        FetchException full = refused(tooLarge);

        assertTrue(full.getMessage(), full.getMessage().contains("the disk is full"));
        assertTrue("nothing was asked for", seed.requests.stream().noneMatch(r -> r.startsWith("/v1/files")));
    }
}
