package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.relay.handler.RelayRig;
import com.espra.protoplex.test.support.WireTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;

/** The table of requests where Jetty reads them, as on any listener: what it understands, and what the relay behind it forwards. */
public class JettyPathTest {

    /** What a relay adds to a request. */
    private static final Pattern ADDED = Pattern.compile(
            "(X-Forwarded-(For|Proto|Host): [^\r]*|Forwarded: [^\r]*|X-Request-Id: [^\r]*|Via: 1\\.1 test-node)\r\n");

    private static final String AFTER = "GET /after HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** What goes on of the rows that the loop leaves to Jetty. */
    private static final Map<String, String> FORWARDED = Map.ofEntries(
            Map.entry("absolute-form", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("chunked", CHUNKED + "5\r\nhello\r\n0\r\n\r\n"),
            Map.entry("chunked-capitals", CHUNKED + "5\r\nhello\r\n0\r\n\r\n"),
            Map.entry("chunked-hex", CHUNKED + "a\r\n0123456789\r\n0\r\n\r\n"),
            Map.entry("chunked-leading-zeros", CHUNKED + "5\r\nhello\r\n0\r\n\r\n"),
            Map.entry("chunked-extension", CHUNKED + "5\r\nhello\r\n0\r\n\r\n"),
            Map.entry("chunked-trailer", CHUNKED + "5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n"),
            // Trailers of the answer go through here, and not by the loop.
            Map.entry("te-field", "GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: trailers\r\n\r\n"),
            Map.entry("http10", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Map.entry("http10-no-host", "GET / HTTP/1.1\r\nHost: TARGET\r\n\r\n"),
            Map.entry(
                    "expect-continue",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello"));

    /**
     * What Jetty's parser takes where RFC 9112, section 3, lets a recipient be lenient: more than one space in the first line, and a version
     * in small letters. No end of a message depends on it, and what goes on is written anew.
     */
    private static final Map<String, String> LENIENT = Map.of(
            "line-two-spaces", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "line-two-spaces-before-version", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "version-lower-case", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "pipelined-bad", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

    @Rule
    public final RelayRig relay = new RelayRig();

    @Test
    public void eachRequestOfTheTableIsUnderstoodAsTheRfcsHaveItAndForwardedSo() throws Exception {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (WireTable.Row row : WireTable.http1()) {
            tried++;
            try (WireTarget target = WireTarget.answering()) {
                relay.director(new OneTarget(target.uri()));
                String problem = problem(row, target);
                if (!problem.isEmpty()) {
                    wrong.add(row + ": " + problem);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue("only " + tried + " rows", tried > 130);
    }

    private String problem(WireTable.Row row, WireTarget target) throws Exception {
        String ends;
        List<Integer> answered = new ArrayList<>();
        try (WireClient client = new WireClient(relay.port())) {
            client.send(row.bytes());
            for (List<String> statuses : row.statuses()) {
                WireClient.Answer answer = client.answer(row.bytes().startsWith("HEAD "));
                while (answer.status() == 100) {
                    answer = client.answer();
                }
                answered.add(answer.status());
                if (answer.status() == 200 && LENIENT.containsKey(row.id())) {
                    continue;
                }
                if (!statuses.contains(String.valueOf(answer.status()))) {
                    return "status " + answer.status() + " " + answer.body();
                }
            }
            ends = LENIENT.containsKey(row.id()) ? "" : ends(row.ends(), client);
        } catch (IOException e) {
            return e.toString() + " after " + answered;
        }
        String forwarded = ADDED.matcher(target.received()).replaceAll("");
        String wanted = FORWARDED
                .getOrDefault(row.id(), LENIENT.getOrDefault(row.id(), row.forwarded()))
                .replace("TARGET", "127.0.0.1:" + relay.port());
        if (row.forwarded().isEmpty() && row.bytes().startsWith(CHUNKED)) {
            // Its head was sound: the target has heard of it, and never that it is whole.
            return forwarded.endsWith("0\r\n\r\n") ? "forwarded " + forwarded : ends;
        }
        if (row.statuses().contains(List.of("200", "400")) && forwarded.isEmpty()) {
            return ends;
        }
        boolean wentOn = row.ends().contains("open") && forwarded.endsWith(AFTER);
        String own = wentOn ? forwarded.substring(0, forwarded.length() - AFTER.length()) : forwarded;
        return isSame(own, wanted) ? ends : "forwarded " + own + " instead of " + wanted;
    }

    /** The fields may be in another order; the first line and the body may not be anything else. */
    private static boolean isSame(String one, String other) {
        return one.equals(other) || Arrays.equals(sorted(one), sorted(other));
    }

    private static String[] sorted(String requests) {
        int end = requests.indexOf("\r\n\r\n");
        String head = end < 0 ? requests : requests.substring(0, end + 2);
        // A value that is empty may have a space before it.
        String[] lines = head.replace(": \r\n", ":\r\n").split("\r\n", -1);
        Arrays.sort(lines, 1, lines.length);
        String[] all = Arrays.copyOf(lines, lines.length + 1);
        all[lines.length] = requests.substring(head.length());
        return all;
    }

    private static String ends(List<String> right, WireClient client) throws IOException {
        if (right.size() > 1) {
            return "";
        }
        if (right.contains("close")) {
            return client.isClosed() ? "" : "the connection stays open";
        }
        client.send(AFTER);
        return client.answer().status() == 200 ? "" : "no answer on the same connection";
    }
}
