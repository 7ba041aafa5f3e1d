package com.espra.protoplex.http.dispatch;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.api.http.EncodedSlashes;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

public class EncodedSlashTest {

    @Rule
    public final TestGroup group = new TestGroup();

    private static class Path extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            byte[] path = request.getHttpURI().getPath().getBytes(StandardCharsets.US_ASCII);
            response.write(true, ByteBuffer.wrap(path), callback);
            return true;
        }
    }

    private static final class TakesThem extends Path implements EncodedSlashes {}

    @Test
    public void aPathWithAnEncodedSlashIsForThoseWhoTakeIt() throws Exception {
        group.live("usual", "1", new Path(), "/usual/*");
        group.live("takes", "1", new TakesThem(), "/takes/*");
        for (String slash : List.of("%2F", "%2f")) {
            try (RawClient client = new RawClient(group.port())) {
                assertEquals(
                        "/takes/a" + slash + "b",
                        client.get("/takes/a" + slash + "b").body());
            }
            try (RawClient client = new RawClient(group.port())) {
                assertEquals(400, client.get("/usual/a" + slash + "b").status());
            }
            try (RawClient client = new RawClient(group.port())) {
                assertEquals(
                        400, client.get("/takes/.." + slash + "usual/;x/..;/b").status());
            }
        }
    }
}
