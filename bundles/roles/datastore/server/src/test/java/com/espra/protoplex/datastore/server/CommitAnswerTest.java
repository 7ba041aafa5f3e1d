package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.call.CallHeaders;
import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import com.espra.protoplex.datastore.model.Inspection;
import com.espra.protoplex.datastore.model.RefusedException;
import com.espra.protoplex.datastore.server.access.DataCaller;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PropertyTransform;
import com.google.datastore.v1.Value;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** What a commit answers is bounded before it is carried out, and never refused afterwards. */
public class CommitAnswerTest {

    private static final int ALL_KIB = 128 << 10;

    @Rule
    public final TestDatastore server = new TestDatastore();

    private static CommitRequest inserts(int count, String kind) {
        CommitRequest.Builder commit = CommitRequest.newBuilder().setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        for (int i = 0; i < count; i++) {
            commit.addMutations(Mutation.newBuilder()
                    .setInsert(Entity.newBuilder()
                            .setKey(Key.newBuilder()
                                    .addPath(Key.PathElement.newBuilder().setKind(kind)))));
        }
        return commit.build();
    }

    private long entities() {
        return new Inspection(server.open().store(), server.open().service().indexes())
                .counts(() -> false).stream()
                        .mapToLong(Inspection.Count::entities)
                        .sum();
    }

    private FleetResponse overTheFleet(CommitRequest commit) {
        return new FleetDatastore(server.open(), server.capabilities(), new TestMeters())
                .handle(new FleetRequest(
                        "POST",
                        "/v1/projects/p:commit",
                        CallHeaders.NONE.with("content-type", HttpForm.PROTOBUF),
                        commit.toByteArray(),
                        FleetRequest.STANDARD_DEADLINE,
                        CallOrigin.HERE));
    }

    @Test
    public void whatCannotBeAnsweredOverTheFleetIsNotDone() {
        FleetResponse refused = overTheFleet(inserts(60_000, "T"));
        assertEquals(400, refused.status());
        assertTrue(refused.text(), refused.text().contains("use several commits"));
        assertEquals(0, entities());
        assertEquals(200, overTheFleet(inserts(1_000, "T")).status());
        assertEquals(1_000, entities());
    }

    @Test
    public void whatThereIsNoRoomForIsNotDone() throws Exception {
        Methods methods = new Methods(server.open().service(), server.capabilities());
        DataCaller caller = server.open().access().first();
        byte[] commit = inserts(2_000, "T").toByteArray();
        AnswerRoom answers = new AnswerRoom();
        // Others have it all.
        Callback other = answers.taking(server.open().access().node(), 90 << 20, Callback.NOOP);
        answers.taking(server.open().access().fleet(), (38 << 20) - 2048, Callback.NOOP);
        HttpForm form = new HttpForm(HttpForm.PROTOBUF);
        try (AnswerRoom.Room room = answers.room(caller)) {
            RefusedException refused = assertThrows(
                    RefusedException.class,
                    () -> form.reply(methods, caller, "/v1/projects/p:commit", commit, () -> false, room));
            assertEquals(Code.UNAVAILABLE, refused.code());
        }
        assertEquals(0, entities());
        other.failed(new IOException("it was cut"));
        try (AnswerRoom.Room room = answers.room(caller)) {
            HttpForm.Reply reply = form.reply(methods, caller, "/v1/projects/p:commit", commit, () -> false, room);
            assertEquals(2_000, entities());
            // Whoever comes between has all that is left, and still the answer has its room.
            answers.taking(server.open().access().node(), 89 << 20, Callback.NOOP);
            room.taking(reply.body().length, Callback.NOOP).succeeded();
        }
    }

    @Test
    public void whatWasReservedComesBack() throws Exception {
        DataCaller caller = server.open().access().first();
        AtomicInteger written = new AtomicInteger();
        Callback counting = Callback.from(written::incrementAndGet);
        AnswerRoom answers = new AnswerRoom();
        for (int i = 0; i < 10; i++) {
            try (AnswerRoom.Room room = answers.room(caller)) {
                room.beforeCommit(90 << 20);
                if (i % 2 == 0) {
                    room.taking(1_000, counting).succeeded();
                }
            }
        }
        assertEquals(5, written.get());
        try (AnswerRoom.Room room = answers.room(caller)) {
            room.beforeCommit(((long) DataCaller.MOST_KIB << 10) - 1);
        }
        try (AnswerRoom.Room room = answers.room(caller)) {
            RefusedException never =
                    assertThrows(RefusedException.class, () -> room.beforeCommit((long) ALL_KIB << 10));
            assertEquals("to try again does not help", Code.INVALID_ARGUMENT, never.code());
        }
    }

    @Test
    public void noAnswerIsBiggerThanItsBound() throws Exception {
        Value largest =
                Value.newBuilder().setDoubleValue(-1.7976931348623157E308).build();
        Value smallest = Value.newBuilder().setIntegerValue(Long.MIN_VALUE + 1).build();
        Mutation.Builder numbers = Mutation.newBuilder()
                .setUpsert(Entity.newBuilder()
                        .setKey(Key.newBuilder()
                                .addPath(Key.PathElement.newBuilder()
                                        .setKind("T")
                                        .setName("a")))
                        .putProperties(
                                "d",
                                largest.toBuilder().setExcludeFromIndexes(true).build())
                        .putProperties(
                                "i",
                                smallest.toBuilder().setExcludeFromIndexes(true).build()));
        for (int i = 0; i < 100; i++) {
            numbers.addPropertyTransforms(PropertyTransform.newBuilder()
                            .setProperty("d")
                            .setIncrement(Value.newBuilder().setDoubleValue(0)))
                    .addPropertyTransforms(PropertyTransform.newBuilder()
                            .setProperty("i")
                            .setIncrement(Value.newBuilder().setIntegerValue(0)))
                    .addPropertyTransforms(PropertyTransform.newBuilder()
                            .setProperty("t")
                            .setSetToServerValue(PropertyTransform.ServerValue.REQUEST_TIME));
        }
        CommitRequest transforms = CommitRequest.newBuilder()
                .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
                .addMutations(numbers)
                .build();
        for (CommitRequest commit : new CommitRequest[] {
            inserts(1, "T"),
            inserts(500, "T"),
            inserts(50, "\u0001<".repeat(700)),
            inserts(50, "ü€".repeat(200)),
            transforms
        }) {
            Message answer = server.open()
                    .service()
                    .commit(commit.toBuilder().setProjectId("a-project").build());
            int bytes = answer.getSerializedSize();
            long most = CommitAnswer.most(commit, "a-project", false);
            assertTrue(bytes + " of " + most, bytes <= most);
            int json = JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .print(answer)
                    .getBytes(StandardCharsets.UTF_8)
                    .length;
            long mostJson = CommitAnswer.most(commit, "a-project", true);
            assertTrue(json + " of " + mostJson, json <= mostJson);
        }
    }
}
