package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.relay.Decision.HeaderRules;
import com.espra.protoplex.test.support.WireTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** The table's requests with some of their bytes changed, added and taken away: what the loop takes, Jetty's parser takes as the same. */
public class ParserFuzzTest {

    private static final int TRIES = 200_000;
    private static final int MOST_TOLD = 20;
    private static final int MOST_HEAD = 16_384;
    private static final String BYTES = "\r\n\t :,;=/?#[]@%+-0159aAfFxX.HTTPhost\0\u000b\u007f\u0080\u00e4\"\\(";

    private final Random random = new Random(7);
    private final List<String> sound = WireTable.http1().stream()
            .filter(row -> row.bytes().length() < 1000)
            .map(WireTable.Row::bytes)
            .toList();

    /** What Jetty has read. */
    private static final class Heard implements HttpParser.RequestHandler {
        private final List<String> fields = new ArrayList<>();
        private @Nullable String line;
        private boolean complete;
        private boolean bad;

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            line = method + " " + uri + " " + version;
        }

        @Override
        public void parsedHeader(HttpField field) {
            fields.add(field.getName() + ": " + (field.getValue() == null ? "" : field.getValue()));
        }

        @Override
        public boolean headerComplete() {
            complete = true;
            return true;
        }

        @Override
        public boolean content(ByteBuffer item) {
            return true;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            return true;
        }

        @Override
        public void badMessage(HttpException failure) {
            bad = true;
        }

        @Override
        public void earlyEOF() {
            bad = true;
        }
    }

    private String changed(String text) {
        StringBuilder next = new StringBuilder(text);
        for (int changes = 1 + random.nextInt(3); changes > 0 && !next.isEmpty(); changes--) {
            int at = random.nextInt(next.length());
            char c = BYTES.charAt(random.nextInt(BYTES.length()));
            switch (random.nextInt(4)) {
                case 0 -> next.insert(at, c);
                case 1 -> next.deleteCharAt(at);
                case 2 -> next.setCharAt(at, c);
                default -> {
                    int from = random.nextInt(next.length());
                    next.insert(at, next.substring(from, Math.min(next.length(), from + random.nextInt(20))));
                }
            }
        }
        return next.toString();
    }

    @Test
    public void whatIsSoundHereIsTheSameToJetty() {
        WireRequest head = new WireRequest(MOST_HEAD);
        int taken = 0;
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < TRIES && wrong.size() < MOST_TOLD; i++) {
            byte[] bytes = changed(sound.get(random.nextInt(sound.size()))).getBytes(StandardCharsets.ISO_8859_1);
            if (head.read(bytes, 0, bytes.length) == WireRequest.Verdict.SOUND) {
                taken++;
                String here = here(head, bytes);
                String jettys = jettys(bytes);
                if (!here.equals(jettys)) {
                    wrong.add("here " + here + ", to Jetty " + jettys);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue("only " + taken + " were sound", taken > TRIES / 50);
    }

    private static String here(WireRequest head, byte[] bytes) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < head.fields().count(); i++) {
            fields.add(Octets.text(bytes, head.fields().line(i), head.fields().nameEnd(i)) + ": "
                    + Octets.text(bytes, head.fields().value(i), head.fields().end(i)));
        }
        String line = Octets.text(bytes, head.begin(), head.methodEnd()) + " "
                + Octets.text(bytes, head.target(), head.targetEnd()) + " HTTP/1.1";
        return text(line, fields, head.length());
    }

    private static String jettys(byte[] bytes) {
        Heard heard = new Heard();
        HttpParser jetty = new HttpParser(heard, MOST_HEAD, HttpCompliance.RFC9110);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining() && !heard.complete && !heard.bad) {
            jetty.parseNext(in);
        }
        return heard.bad || !heard.complete
                ? "bad: " + heard.line + heard.fields
                : text(String.valueOf(heard.line), heard.fields, Math.max(0, jetty.getContentLength()));
    }

    /** Jetty writes the names that it knows in its own way. */
    private static String text(String line, List<String> fields, long length) {
        return line + " " + fields.toString().toLowerCase(Locale.ROOT) + " " + length;
    }

    @Test
    public void aPartOfAHeadIsNeverSoundAndNeverWorseThanTheWhole() {
        WireRequest head = new WireRequest(MOST_HEAD);
        for (int i = 0; i < TRIES / 100; i++) {
            byte[] bytes = changed(sound.get(random.nextInt(sound.size()))).getBytes(StandardCharsets.ISO_8859_1);
            WireRequest.Verdict whole = head.read(bytes, 0, bytes.length);
            int end = whole == WireRequest.Verdict.SOUND ? head.end() : bytes.length;
            for (int part = 0; part < end; part++) {
                WireRequest.Verdict verdict = head.read(bytes, 0, part);
                String text = new String(bytes, 0, part, StandardCharsets.ISO_8859_1);
                if (whole == WireRequest.Verdict.SOUND) {
                    assertEquals(text, WireRequest.Verdict.INCOMPLETE, verdict);
                } else if (verdict == WireRequest.Verdict.BAD) {
                    assertEquals(text, WireRequest.Verdict.BAD, whole);
                }
            }
        }
    }

    @Test
    public void whatIsForwardedIsSoundAndSaysTheSameLength() {
        WireRequest head = new WireRequest(MOST_HEAD);
        WireRequest again = new WireRequest(2 * MOST_HEAD);
        HeadBuffer out = new HeadBuffer();
        byte[] client = ForwardedHead.client("::1");
        byte[] via = ForwardedHead.via("node-1");
        for (int i = 0; i < TRIES / 10; i++) {
            byte[] bytes = changed(sound.get(random.nextInt(sound.size()))).getBytes(StandardCharsets.ISO_8859_1);
            if (head.read(bytes, 0, bytes.length) != WireRequest.Verdict.SOUND) {
                continue;
            }
            out.clear();
            ForwardedHead.request(head, head.length() > 0, "id", client, true, via, HeaderRules.NONE, out);
            byte[] sent = new byte[out.length()];
            out.view().get(sent);
            String text = new String(sent, StandardCharsets.ISO_8859_1);
            // OTHER: it has the line Via.
            assertNotEquals(text, WireRequest.Verdict.BAD, again.read(sent, 0, sent.length));
            assertEquals(text, sent.length, again.end());
            assertEquals(text, head.length(), again.length());
        }
    }
}
