package com.espra.protoplex.live.core.log;

import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The form of a part of a log in files and between nodes. Who writes it says before it which version it is. */
public final class DeltaForm {

    private static final int MOST_TERMS = 10_000;
    private static final int MOST_ENTRIES = 10_000_000;
    private static final int MOST_TEXT = 4 * Update.MOST_DATA;

    private DeltaForm() {}

    /** Writes one. */
    public static void write(DataOutput out, HubDelta delta) throws IOException {
        out.writeBoolean(delta.isReset());
        out.writeBoolean(delta.more());
        out.writeLong(delta.from());
        out.writeInt(delta.terms().size());
        for (Term term : delta.terms()) {
            out.writeLong(term.epoch());
            out.writeLong(term.first());
        }
        out.writeInt(delta.entries().size());
        for (HubEntry entry : delta.entries()) {
            writeEntry(out, entry);
        }
    }

    /**
     * Reads one.
     *
     * @throws IOException if it is none: what was read of it is to be forgotten
     */
    public static HubDelta read(DataInput in) throws IOException {
        boolean reset = in.readBoolean();
        boolean more = in.readBoolean();
        long from = in.readLong();
        int termCount = count(in, MOST_TERMS);
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < termCount; i++) {
            terms.add(new Term(in.readLong(), in.readLong()));
        }
        int entryCount = count(in, MOST_ENTRIES);
        List<HubEntry> entries = new ArrayList<>();
        for (int i = 0; i < entryCount; i++) {
            HubEntry entry = readEntry(in);
            if (entry.position().offset() != from + i + 1) {
                throw new IOException("the entry at " + entry.position() + " does not follow " + (from + i));
            }
            entries.add(entry);
        }
        return new HubDelta(reset, terms, from, entries, more);
    }

    private static void writeEntry(DataOutput out, HubEntry entry) throws IOException {
        out.writeLong(entry.position().epoch());
        out.writeLong(entry.position().offset());
        out.writeLong(entry.time());
        writeText(out, entry.key());
        writeUpdate(out, entry.update());
    }

    private static HubEntry readEntry(DataInput in) throws IOException {
        try {
            Position position = new Position(in.readLong(), in.readLong());
            return new HubEntry(position, in.readLong(), readText(in), readUpdate(in));
        } catch (IllegalArgumentException e) {
            throw new IOException("no entry of a hub: " + e.getMessage(), e);
        }
    }

    /** Writes an update. */
    public static void writeUpdate(DataOutput out, Update update) throws IOException {
        writeText(out, update.id());
        out.writeInt(update.keys().size());
        for (String key : update.keys()) {
            writeText(out, key);
        }
        writeText(out, update.type());
        writeText(out, update.data());
        out.writeBoolean(update.isPrivate());
        out.writeLong(update.retryMillis());
    }

    /**
     * Reads an update.
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    public static Update readUpdate(DataInput in) throws IOException {
        String id = readText(in);
        int count = count(in, Update.MOST_KEYS);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(readText(in));
        }
        return new Update(id, keys, readText(in), readText(in), in.readBoolean(), in.readLong());
    }

    /** Writes a text of any length. */
    public static void writeText(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Reads a text. */
    public static String readText(DataInput in) throws IOException {
        byte[] bytes = new byte[count(in, MOST_TEXT)];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int count(DataInput in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new IOException(count + " of something, of which there are at most " + most);
        }
        return count;
    }
}
