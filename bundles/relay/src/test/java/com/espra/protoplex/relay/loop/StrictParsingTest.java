package com.espra.protoplex.relay.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.WireTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;

/** The table of requests, tried on what the loop understands, and on what it forwards, byte for byte. */
public class StrictParsingTest {

    /** What a relay adds to a request. */
    private static final Pattern ADDED = Pattern.compile(
            "(X-Forwarded-(For|Proto|Host): [^\r]*|Forwarded: [^\r]*|X-Request-Id: [^\r]*|Via: 1\\.1 node-1)\r\n");

    /** Bodies in chunks are read by Jetty's path, and the table is tried on that in its own bundle. */
    private static final Pattern OF_JETTY = Pattern.compile("(chunk|trailer)-.*");

    @Rule
    public final LoopRule loop = new LoopRule();

    @Test
    public void eachRequestOfTheTableIsUnderstoodAsTheRfcsHaveItAndForwardedSo() throws Exception {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (WireTable.Row row : WireTable.http1()) {
            if (OF_JETTY.matcher(row.id()).matches()) {
                continue;
            }
            tried++;
            try (WireTarget target = WireTarget.answering()) {
                loop.direct(new OneTarget(target.uri()));
                String problem = problem(row, target);
                if (!problem.isEmpty()) {
                    wrong.add(row + ": " + problem);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue("only " + tried + " rows", tried > 100);
    }

    private String problem(WireTable.Row row, WireTarget target) throws Exception {
        String ends;
        try (WireClient client = loop.client()) {
            client.send(row.bytes());
            for (List<String> statuses : row.statuses()) {
                WireClient.Answer answer = client.answer(row.bytes().startsWith("HEAD "));
                if (!statuses.contains(String.valueOf(answer.status()))) {
                    return "status " + answer.status() + " " + answer.body();
                }
                boolean isJetty = answer.body().startsWith("jetty");
                if (answer.status() == 200 && isJetty != row.forwarded().equals("jetty")) {
                    return isJetty ? "left to Jetty" : "not left to Jetty";
                }
            }
            ends = ends(row.ends(), client);
        } catch (IOException e) {
            return e.toString();
        }
        String forwarded = ADDED.matcher(target.received()).replaceAll("");
        boolean nothing = row.forwarded().isEmpty() || row.forwarded().equals("jetty");
        String wanted = nothing ? "" : row.forwarded();
        // What followed to see whether the connection is open is forwarded, too.
        boolean same = forwarded.equals(wanted)
                || (row.ends().contains("open") && forwarded.equals(wanted + "GET /after HTTP/1.1\r\nHost: a\r\n\r\n"));
        return same ? ends : "forwarded " + forwarded;
    }

    private static String ends(List<String> right, WireClient client) throws IOException {
        if (right.size() > 1) {
            return "";
        }
        if (right.contains("close")) {
            return client.isClosed() ? "" : "the connection stays open";
        }
        client.send("GET /after HTTP/1.1\r\nHost: a\r\n\r\n");
        return client.answer().status() == 200 ? "" : "no answer on the same connection";
    }
}
