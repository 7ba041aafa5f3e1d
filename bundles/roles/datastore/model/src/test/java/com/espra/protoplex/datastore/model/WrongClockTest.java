package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.Store;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.Value;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A clock that was set ahead by mistake and is right again: commits go on, and reads of the past heal. */
public class WrongClockTest {

    private static final long DAY = TimeUnit.DAYS.toMicros(1);
    private static final long MINUTE = TimeUnit.MINUTES.toMicros(1);
    private static final long START = 1_700_000_000_000_000L;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicLong clock = new AtomicLong(START);
    private Store store;
    private DatastoreService service;

    @Before
    public void open() throws Exception {
        store = new Store(folder.getRoot().toPath(), 0, clock::get);
        service = new DatastoreService(store, clock::get, System::nanoTime);
    }

    @After
    public void close() {
        store.close();
    }

    private static Key key() {
        return Key.newBuilder()
                .addPath(Key.PathElement.newBuilder().setKind("T").setName("a"))
                .build();
    }

    private CommitResponse put(long number) {
        CommitRequest.Builder commit =
                CommitRequest.newBuilder().setProjectId("p").setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        commit.addMutationsBuilder()
                .getUpsertBuilder()
                .setKey(key())
                .putProperties("n", Value.newBuilder().setIntegerValue(number).build());
        return service.commit(commit.build());
    }

    private long at(Timestamp time) {
        LookupResponse found = service.lookup(LookupRequest.newBuilder()
                .setProjectId("p")
                .addKeys(key())
                .setReadOptions(ReadOptions.newBuilder().setReadTime(time))
                .build());
        return found.getFound(0).getEntity().getPropertiesOrThrow("n").getIntegerValue();
    }

    private long at(long micros) {
        return at(Values.timestamp(micros));
    }

    /** A day ahead for a while; right again, a minute after the start. */
    private void wrongForAWhile() {
        put(1);
        clock.set(START + DAY);
        put(2);
        clock.set(START + MINUTE);
        put(3);
    }

    @Test
    public void readsOfThePastHeal() {
        wrongForAWhile();
        clock.addAndGet(5 * MINUTE);
        CommitResponse fourth = put(4);
        clock.addAndGet(5 * MINUTE);
        put(5);
        clock.addAndGet(MINUTE);
        assertEquals("before the mistake", 1, at(START + 1));
        assertEquals(3, at(START + 2 * MINUTE));
        assertEquals(4, at(START + 7 * MINUTE));
        assertEquals(5, at(clock.get()));
        assertTrue("it is ahead", Values.micros(fourth.getCommitTime()) > clock.get());
        assertEquals("what a commit says is its time can be read at", 4, at(fourth.getCommitTime()));
        assertCode(Code.INVALID_ARGUMENT, START + 2 * DAY);
        put(6);
        assertEquals("what was read at a time stays so", 5, at(clock.get() - 1));
    }

    private void assertCode(Code code, long micros) {
        assertEquals(
                code, assertThrows(RefusedException.class, () -> at(micros)).code());
    }

    @Test
    public void anHourLaterItIsOver() {
        wrongForAWhile();
        CommitResponse ahead = put(4);
        clock.addAndGet(2 * MINUTE);
        put(5);
        clock.addAndGet(62 * MINUTE);
        put(6);
        assertCode(Code.FAILED_PRECONDITION, START + 2 * MINUTE);
        assertCode(Code.FAILED_PRECONDITION, Values.micros(ahead.getCommitTime()));
        assertEquals(6, at(clock.get()));
    }

    @Test
    public void soItIsAfterARestartButForWhatWasBeforeIt() throws Exception {
        wrongForAWhile();
        clock.addAndGet(MINUTE);
        store.close();
        open();
        put(4);
        clock.addAndGet(MINUTE);
        put(5);
        assertCode(Code.FAILED_PRECONDITION, START + MINUTE + 1);
        assertEquals(4, at(clock.get() - 1));
    }
}
