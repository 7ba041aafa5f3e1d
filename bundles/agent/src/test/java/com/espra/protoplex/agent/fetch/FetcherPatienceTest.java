package com.espra.protoplex.agent.fetch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.agent.link.SeedAddress;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.test.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Servers that are slow, cut off, silent or gone. */
public class FetcherPatienceTest extends FetchTest {

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
                    new UnitKeyFiles(storeFolder),
                    new Trust(List.of(author.author().pem())),
                    brief);

            FetchException silent = assertThrows(
                    FetchException.class, () -> fetcher.fetch("hello", ReleaseId.of(small.digest()), events::add));

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
                new UnitKeyFiles(storeFolder),
                new Trust(List.of(author.author().pem())),
                Patience.DEFAULT);
        CompletableFuture<String> end = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                patient.fetch("hello", ReleaseId.of(build.digest()), events::add);
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
}
