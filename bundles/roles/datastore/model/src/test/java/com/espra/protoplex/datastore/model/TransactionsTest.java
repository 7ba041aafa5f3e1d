package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.datastore.model.Transactions.Transaction;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** When transactions end by themselves, and how many there may be. */
public class TransactionsTest {

    private final AtomicLong clock =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(10).toNanos());
    private final Transactions transactions = new Transactions(clock::get);

    private void assertRefused(Code code, Object owner, ByteString id) {
        assertEquals(
                code,
                assertThrows(RefusedException.class, () -> transactions.find(owner, id))
                        .code());
    }

    @Test
    public void oneEndsWhenItIsIdleOrTakesTooLong() {
        ByteString idle = transactions.begin("p", "a", false, 1).id();
        Transaction busy = transactions.begin("p", "a", false, 1);
        for (int seconds = 0; seconds < 270; seconds += 30) {
            assertSame(busy, transactions.find("p", busy.id()));
            clock.addAndGet(Duration.ofSeconds(30).toNanos());
        }
        assertRefused(Code.INVALID_ARGUMENT, "p", idle);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertRefused(Code.INVALID_ARGUMENT, "p", busy.id());
    }

    @Test
    public void anotherProjectDoesNotFindItNorEndIt() {
        Transaction begun = transactions.begin("p", "a", false, 1);
        assertRefused(Code.INVALID_ARGUMENT, "q", begun.id());
        assertSame(begun, transactions.find("p", begun.id()));
    }

    @Test
    public void oneOfAnEarlierTimeIsAborted() {
        ByteString id = new Transactions(clock::get).begin("p", "a", false, 1).id();
        assertRefused(Code.ABORTED, "p", id);
        assertRefused(Code.INVALID_ARGUMENT, "p", id.substring(1));
    }

    @Test
    public void nobodyHasMoreThanHalfOfThemAndThoseThatHaveExpiredMakeRoom() {
        for (int i = 0; i < 500; i++) {
            transactions.begin("p", "a", false, 1);
        }
        assertFull("a");
        for (int i = 0; i < 500; i++) {
            transactions.begin("p", "b", false, 1);
        }
        assertFull("c");
        clock.addAndGet(Duration.ofSeconds(61).toNanos());
        transactions.begin("p", "a", false, 1);
    }

    private void assertFull(String caller) {
        assertEquals(
                Code.RESOURCE_EXHAUSTED,
                assertThrows(RefusedException.class, () -> transactions.begin("p", caller, false, 1))
                        .code());
    }

    private Transaction reading(String caller, int mib) {
        Transaction begun = transactions.begin("p", caller, false, 1);
        begun.reads().key(new byte[mib << 20]);
        transactions.hasRead(begun);
        return begun;
    }

    @Test
    public void whoHasReadMostMakesWayForTheOthers() {
        List<Transaction> ofA = new ArrayList<>();
        for (String caller : List.of("a", "b")) {
            for (int i = 0; i < 4; i++) {
                Transaction begun = reading(caller, 7);
                if (caller.equals("a")) {
                    ofA.add(begun);
                }
            }
        }
        Transaction largest = reading("a", 3);
        Transaction small = reading("c", 4);
        assertSame(small, transactions.find("p", small.id()));
        Transaction more = reading("c", 4);
        assertSame(more, transactions.find("p", more.id()));
        assertSame(largest, transactions.find("p", largest.id()));
        assertEquals(
                "one of 7 MiB of the caller who has 31 is ended",
                1,
                ofA.stream().filter(each -> !isOpen(each)).count());
    }

    private boolean isOpen(Transaction transaction) {
        try {
            return transactions.find("p", transaction.id()) == transaction;
        } catch (RefusedException e) {
            return false;
        }
    }

    @Test
    public void whatAllHaveReadIsBoundedAndTheirEndMakesRoom() {
        List<Transaction> all = new ArrayList<>();
        RefusedException refused = assertThrows(RefusedException.class, () -> {
            for (int i = 0; i < 20; i++) {
                Transaction begun = transactions.begin("p", "a", false, 1);
                all.add(begun);
                begun.reads().key(new byte[7 << 20]);
                transactions.hasRead(begun);
            }
        });
        assertEquals(Code.RESOURCE_EXHAUSTED, refused.code());
        assertEquals("four of 7 MiB are half of all, and the fifth is ended", 5, all.size());
        assertRefused(Code.INVALID_ARGUMENT, "p", all.getLast().id());
        transactions.end(all.getFirst());
        Transaction next = transactions.begin("p", "a", false, 1);
        next.reads().key(new byte[7 << 20]);
        transactions.hasRead(next);
        clock.addAndGet(Duration.ofSeconds(61).toNanos());
        Transaction late = transactions.begin("p", "a", false, 1);
        late.reads().key(new byte[7 << 20]);
        transactions.hasRead(late);
    }
}
