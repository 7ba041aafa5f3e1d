package com.espra.protoplex.datastore.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.datastore.engine.Bytes;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** How values and keys become bytes. */
public class ValuesTest {

    private static final PartitionId PARTITION =
            PartitionId.newBuilder().setProjectId("p").setNamespaceId("n").build();

    @Test
    public void doublesAreOrderedAndNotANumberIsBeforeAll() {
        double[] inOrder = {
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            -Double.MAX_VALUE,
            -1,
            -Double.MIN_VALUE,
            0,
            Double.MIN_VALUE,
            1,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY
        };
        for (int i = 1; i < inOrder.length; i++) {
            byte[] before = Values.encode(
                    Value.newBuilder().setDoubleValue(inOrder[i - 1]).build());
            byte[] after =
                    Values.encode(Value.newBuilder().setDoubleValue(inOrder[i]).build());
            assertTrue(inOrder[i] + "", Arrays.compareUnsigned(before, after) < 0);
        }
    }

    @Test
    public void aValueEndsWhereItIsSaidTo() {
        byte[] rest = {1, 2, 3};
        Key key = Key.newBuilder()
                .setPartitionId(PARTITION)
                .addPath(Key.PathElement.newBuilder().setKind("A\0B").setId(-7))
                .addPath(Key.PathElement.newBuilder().setKind("C").setName("x\0"))
                .build();
        for (Value value : List.of(
                Value.newBuilder().setNullValueValue(0).build(),
                Value.newBuilder().setIntegerValue(-1).build(),
                Value.newBuilder().setBooleanValue(true).build(),
                Value.newBuilder().setStringValue("a\0\1b").build(),
                Value.newBuilder()
                        .setBlobValue(ByteString.copyFrom(new byte[] {0, 1, -1}))
                        .build(),
                Value.newBuilder().setDoubleValue(3).build(),
                Value.newBuilder().setKeyValue(key).build())) {
            byte[] bytes = Values.encode(value);
            assertEquals(value.toString(), bytes.length, Values.length(Bytes.join(bytes, rest)));
        }
        assertEquals(key, Layout.key(PARTITION, Layout.path(key)));
    }

    @Test
    public void noTwoIdsAreOne() {
        Set<Long> ids = new HashSet<>();
        for (long count = 1; count <= 200_000; count++) {
            long id = Ids.shuffled(count);
            assertTrue(id > 0 && id < 1L << 52 && ids.add(id));
        }
    }
}
