package com.espra.protoplex.agent.fetch;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.api.swap.SwapEvent.State;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.SignedBuild;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.Test;

/** A build that comes as it should. */
public class FetcherTest extends FetchTest {

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
    public void whatAKilledProcessLeftDamagedIsFetchedAgain() throws Exception {
        byte[] damaged = new byte[50_000];
        store.content().put(Sha256.of(jar), jar.length, 0, new ByteArrayInputStream(damaged));
        assertEquals(damaged.length, store.content().received(Sha256.of(jar)));

        fetch(build);

        assertStored(build);
    }

    @Test
    public void aFileThatTheSeedLostIsNamed() throws Exception {
        byte[] other = bundle("lost", 100);
        SignedBuild lost = offer(other, author);
        seed.answer(file(other), (exchange, content, from) -> SeedServer.status(exchange, 404));

        FetchException refused = refused(lost);

        assertTrue("a push may bring it back", refused.isUnreached());
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
            fetcher.fetch("hello", ReleaseId.of(wanted.digest()), events::add);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Any disk is too small for some build, and what comes is not asked for before there is room. */
    @Test
    public void aFullDiskSaysHowMuchIsMissing() throws Exception {
        List<Build.File> files = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            files.add(new Build.File("large.jar", "%064x".formatted(i), 1L << 40));
        }
        SignedBuild tooLarge = offer(author, files);

        FetchException full = refused(tooLarge);

        assertTrue(full.getMessage(), full.getMessage().contains("the disk is full"));
        assertTrue("nothing was asked for", seed.requests.stream().noneMatch(r -> r.startsWith("/v1/files")));
    }
}
