package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.engine.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The composite indexes of a database as they lie in the store: a byte for the form, and one after the other. */
final class IndexDefinitions {

    private static final int FORM = 1;

    private IndexDefinitions() {}

    static byte[] write(List<CompositeIndex> indexes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            out.writeInt(indexes.size());
            for (CompositeIndex index : indexes) {
                out.writeLong(index.id());
                out.writeUTF(index.kind());
                out.writeBoolean(index.ancestor());
                out.writeUTF(index.state().name());
                out.writeUTF(index.problem());
                out.writeInt(index.parts().size());
                for (CompositeIndex.Part part : index.parts()) {
                    out.writeUTF(part.property());
                    out.writeBoolean(part.descending());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static List<CompositeIndex> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int form = in.readByte();
            if (form != FORM) {
                throw new IOException("they have the form " + form);
            }
            List<CompositeIndex> indexes = new ArrayList<>();
            for (int i = in.readInt(); i > 0; i--) {
                long id = in.readLong();
                String kind = in.readUTF();
                boolean ancestor = in.readBoolean();
                CompositeIndex.State state = CompositeIndex.State.valueOf(in.readUTF());
                String problem = in.readUTF();
                List<CompositeIndex.Part> parts = new ArrayList<>();
                for (int part = in.readInt(); part > 0; part--) {
                    parts.add(new CompositeIndex.Part(in.readUTF(), in.readBoolean()));
                }
                indexes.add(new CompositeIndex(id, kind, ancestor, List.copyOf(parts), state, problem));
            }
            return List.copyOf(indexes);
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException(
                    StoreException.Reason.DAMAGED, "the definitions of the composite indexes cannot be read", e);
        }
    }
}
