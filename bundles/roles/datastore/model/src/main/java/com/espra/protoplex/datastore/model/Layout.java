package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.Bytes;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.PartitionId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where things are in the store. A partition is a project, a database and a namespace; a path is that of a key, so that descendants
 * follow their ancestor.
 * <pre>
 * e partition path                            the entity
 * k partition kind path                       empty: which entities a kind has
 * i partition kind property value path        empty: the built-in index of a property
 * r partition path                            empty: an id that is reserved
 * d project database                          the definitions of its composite indexes
 * b id                                        up to where one is built
 * x id namespace [ancestor] value … path      empty: a composite index
 * c                                           how many ids were given away
 * </pre>
 */
final class Layout {

    static final byte[] COUNTER = {'c'};

    private static final byte ENTITY = 'e';
    private static final byte KIND = 'k';
    private static final byte INDEX = 'i';
    private static final byte DEFINITIONS = 'd';
    private static final byte BUILT = 'b';
    private static final byte COMPOSITE = 'x';
    private static final byte RESERVED = 'r';

    private static final int ELEMENT = 0x01;
    private static final int END_OF_PATH = 0x00;
    private static final int ID = 0x01;
    private static final int NAME = 0x02;

    private Layout() {}

    static byte[] partition(PartitionId partition) {
        return new OrderedBytes()
                .text(partition.getProjectId())
                .text(partition.getDatabaseId())
                .text(partition.getNamespaceId())
                .done();
    }

    /** The path of a key, complete. */
    static byte[] path(Key key) {
        return Bytes.join(pathPrefix(key), new byte[] {END_OF_PATH});
    }

    /** What the paths of a key and of all its descendants begin with. */
    static byte[] pathPrefix(Key key) {
        OrderedBytes out = new OrderedBytes();
        for (PathElement element : key.getPathList()) {
            out.tag(ELEMENT).text(element.getKind());
            if (element.getIdTypeCase() == PathElement.IdTypeCase.NAME) {
                out.tag(NAME).text(element.getName());
            } else {
                out.tag(ID).number(element.getId());
            }
        }
        return out.done();
    }

    /**
     * What the paths of entities of a kind begin with that have a name, which follows.
     *
     * @param parent what the paths begin with before them
     */
    static byte[] named(byte[] parent, String kind) {
        return new OrderedBytes().raw(parent).tag(ELEMENT).text(kind).tag(NAME).done();
    }

    /** What bytes begin with up to the end of their first text; all of them if it does not end. */
    static byte[] firstText(byte[] bytes) {
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i - 1] == 0 && bytes[i] == ELEMENT) {
                return Arrays.copyOf(bytes, i + 1);
            }
        }
        return bytes;
    }

    /** The key that has this path. */
    static Key key(PartitionId partition, byte[] path) {
        Key.Builder key = Key.newBuilder().setPartitionId(partition);
        ByteBuffer in = ByteBuffer.wrap(path);
        while (in.get() == ELEMENT) {
            PathElement.Builder element = PathElement.newBuilder().setKind(text(in));
            if (in.get() == NAME) {
                element.setName(text(in));
            } else {
                element.setId(in.getLong() ^ Long.MIN_VALUE);
            }
            key.addPath(element);
        }
        return key.build();
    }

    static void skipPath(ByteBuffer in) {
        while (in.get() == ELEMENT) {
            text(in);
            if (in.get() == NAME) {
                text(in);
            } else {
                in.position(in.position() + Long.BYTES);
            }
        }
    }

    static String text(ByteBuffer in) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            byte each = in.get();
            if (each == 0 && in.get() == ELEMENT) {
                return text.toString(StandardCharsets.UTF_8);
            }
            text.write(each);
        }
    }

    static byte[] entities(byte[] partition) {
        return Bytes.join(new byte[] {ENTITY}, partition);
    }

    static byte[] entity(byte[] partition, byte[] path) {
        return Bytes.join(new byte[] {ENTITY}, partition, path);
    }

    static byte[] allEntities() {
        return new byte[] {ENTITY};
    }

    static byte[] afterEntities() {
        return Bytes.afterPrefix(allEntities());
    }

    static byte[] allKinds() {
        return new byte[] {KIND};
    }

    static byte[] afterKinds() {
        return Bytes.afterPrefix(allKinds());
    }

    static byte[] allIndexes() {
        return new byte[] {INDEX};
    }

    static byte[] afterIndexes() {
        return Bytes.afterPrefix(allIndexes());
    }

    static byte[] definitions(String project, String database) {
        return new OrderedBytes().tag(DEFINITIONS).text(project).text(database).done();
    }

    static byte[] allDefinitions() {
        return new byte[] {DEFINITIONS};
    }

    static byte[] afterDefinitions() {
        return Bytes.afterPrefix(allDefinitions());
    }

    /** What the rows of the kinds of a database begin with, by the key of its definitions. */
    static byte[] kindsOf(byte[] definitions) {
        byte[] kinds = definitions.clone();
        kinds[0] = KIND;
        return kinds;
    }

    /** The entity that a row of a kind leads to. */
    static byte[] entityOf(byte[] row) {
        ByteBuffer in = ByteBuffer.wrap(row).position(1);
        for (int part = 0; part < 3; part++) {
            text(in);
        }
        byte[] partition = Arrays.copyOfRange(row, 1, in.position());
        text(in);
        return entity(partition, Arrays.copyOfRange(row, in.position(), row.length));
    }

    static byte[] built(long index) {
        return new OrderedBytes().tag(BUILT).number(index).done();
    }

    static byte[] composite(long index) {
        return new OrderedBytes().tag(COMPOSITE).number(index).done();
    }

    static byte[] allReserved() {
        return new byte[] {RESERVED};
    }

    static byte[] afterReserved() {
        return Bytes.afterPrefix(allReserved());
    }

    static byte[] reserved(byte[] partition, byte[] path) {
        return Bytes.join(new byte[] {RESERVED}, partition, path);
    }

    static byte[] kinds(byte[] partition) {
        return Bytes.join(new byte[] {KIND}, partition);
    }

    /** What the kinds of all namespaces begin with, which a namespace follows. */
    static byte[] namespaces(PartitionId partition) {
        return new OrderedBytes()
                .tag(KIND)
                .text(partition.getProjectId())
                .text(partition.getDatabaseId())
                .done();
    }

    static byte[] indexes(byte[] partition) {
        return Bytes.join(new byte[] {INDEX}, partition);
    }

    static byte[] indexes(byte[] partition, String kind) {
        return new OrderedBytes().tag(INDEX).raw(partition).text(kind).done();
    }

    static byte[] kind(byte[] partition, String kind) {
        return new OrderedBytes().tag(KIND).raw(partition).text(kind).done();
    }

    static byte[] index(byte[] partition, String kind, String property) {
        return new OrderedBytes()
                .tag(INDEX)
                .raw(partition)
                .text(kind)
                .text(property)
                .done();
    }
}
