package com.espra.protoplex.live.server.peer;

import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.log.DeltaForm;
import com.espra.protoplex.live.core.log.HubDelta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Live nodes say to each other, as bytes. The first number is the version of the form. */
final class PeerForm {

    private static final int FORM = 1;
    private static final int MOST = 100_000;

    private PeerForm() {}

    /** Writes something. */
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORM);
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static DataInputStream read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int form = in.readInt();
        if (form != FORM) {
            throw new IOException("another Live node speaks the form " + form + ", this one " + FORM
                    + ": push the same version of the role to all");
        }
        return in;
    }

    static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException(count + " of something, of which there are at most " + MOST);
        }
        return count;
    }

    static void position(DataOutputStream out, Position position) throws IOException {
        out.writeLong(position.epoch());
        out.writeLong(position.offset());
    }

    static Position position(DataInputStream in) throws IOException {
        return new Position(in.readLong(), in.readLong());
    }

    static byte[] places(String node, List<HubPlace> places) {
        return bytes(out -> {
            DeltaForm.writeText(out, node);
            out.writeInt(places.size());
            for (HubPlace place : places) {
                DeltaForm.writeText(out, place.hub());
                position(out, place.end());
                out.writeBoolean(place.waits());
            }
        });
    }

    static List<HubPlace> places(DataInputStream in) throws IOException {
        int count = count(in);
        List<HubPlace> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(new HubPlace(DeltaForm.readText(in), position(in), in.readBoolean()));
        }
        return places;
    }

    static byte[] deltas(Map<String, HubDelta> deltas) {
        return bytes(out -> {
            out.writeInt(deltas.size());
            for (Map.Entry<String, HubDelta> delta : deltas.entrySet()) {
                DeltaForm.writeText(out, delta.getKey());
                DeltaForm.write(out, delta.getValue());
            }
        });
    }

    static Map<String, HubDelta> deltas(byte[] bytes) throws IOException {
        DataInputStream in = read(bytes);
        int count = count(in);
        Map<String, HubDelta> deltas = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            deltas.put(DeltaForm.readText(in), DeltaForm.read(in));
        }
        return deltas;
    }

    static byte[] updates(List<OutgoingUpdate> updates) {
        return bytes(out -> {
            out.writeInt(updates.size());
            for (OutgoingUpdate each : updates) {
                DeltaForm.writeText(out, each.hub());
                DeltaForm.writeText(out, each.key());
                DeltaForm.writeUpdate(out, each.update());
            }
        });
    }

    /** A position, or why there is none. */
    static void answer(DataOutputStream out, Object answer) throws IOException {
        out.writeBoolean(answer instanceof Position);
        if (answer instanceof Position position) {
            position(out, position);
        } else {
            HubRefusedException refused = (HubRefusedException) answer;
            DeltaForm.writeText(out, refused.reason().name());
            DeltaForm.writeText(out, String.valueOf(refused.getMessage()));
        }
    }

    static Object answer(DataInputStream in) throws IOException {
        if (in.readBoolean()) {
            return position(in);
        }
        String reason = DeltaForm.readText(in);
        String message = DeltaForm.readText(in);
        // A reason that a later version has is one of which this one does not know whether anything was done.
        HubRefusedException.Reason known = Arrays.stream(HubRefusedException.Reason.values())
                .filter(each -> each.name().equals(reason))
                .findAny()
                .orElse(HubRefusedException.Reason.UNKNOWN);
        return new HubRefusedException(known, message);
    }

    static byte[] members(List<Member> members) {
        return bytes(out -> {
            out.writeInt(members.size());
            for (Member member : members) {
                DeltaForm.writeText(out, member.id());
                DeltaForm.writeText(out, member.user());
                DeltaForm.writeText(out, String.join("\n", member.shown()));
                DeltaForm.writeText(out, member.info());
            }
        });
    }

    static List<Member> members(byte[] bytes) throws IOException {
        DataInputStream in = read(bytes);
        int count = count(in);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(new Member(
                    DeltaForm.readText(in),
                    DeltaForm.readText(in),
                    DeltaForm.readText(in).lines().toList(),
                    DeltaForm.readText(in),
                    true));
        }
        return members;
    }
}
