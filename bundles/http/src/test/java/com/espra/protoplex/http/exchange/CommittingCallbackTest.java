package com.espra.protoplex.http.exchange;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import com.espra.protoplex.http.Handlers;
import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.TestGroup;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/**
 * A request that ends on another thread just as its handler returns is ended once, and its connection goes on. Each test tries it often:
 * where both threads end it, that shows once in some hundreds of times.
 */
public class CommittingCallbackTest {

    private static final int OFTEN = 10_000;
    private static final int LONGEST_NANOS = 60_000;

    @Rule
    public final TestGroup group = new TestGroup();

    /** How a request ends on the other thread. */
    private interface End {
        void of(Response response, Callback callback);
    }

    @Test
    public void withAResponseThatIsEmpty() throws Exception {
        group.live("app", "1", elsewhere((response, callback) -> callback.succeeded()), "/");
        getOften(200);
    }

    @Test
    public void withAFailure() throws Exception {
        QuietException.Exception failure = new QuietException.Exception("the reactor is too hot");
        group.live("app", "1", elsewhere((response, callback) -> callback.failed(failure)), "/");
        getOften(500);
    }

    @Test
    public void withAFailureAfterHeaders() throws Exception {
        End end = (response, callback) -> {
            response.getHeaders().put("Content-Length", 1000).put("Set-Cookie", "user=somebody");
            callback.failed(new QuietException.Exception("it changed its mind"));
        };
        group.live("app", "1", elsewhere(end), "/");
        try (RawClient client = new RawClient(group.port())) {
            RawClient.Answer answer = client.get("/");
            assertEquals(500, answer.status());
            assertNull(answer.header("Set-Cookie"));
            assertEquals("the connection goes on", 500, client.get("/").status());
        }
    }

    @Test
    public void withABody() throws Exception {
        group.live("app", "1", elsewhere((response, callback) -> Handlers.text("hello", response, callback)), "/");
        getOften(200);
    }

    @Test
    public void twice() throws Exception {
        End twice = (response, callback) -> {
            callback.succeeded();
            callback.failed(new IllegalStateException("too late"));
        };
        group.live("app", "1", elsewhere(twice), "/");
        getOften(200);
    }

    private static Handler elsewhere(End end) {
        return Handlers.of((request, response, callback) -> {
            Thread.ofVirtual().start(() -> end.of(response, callback));
            long until = System.nanoTime() + ThreadLocalRandom.current().nextInt(LONGEST_NANOS);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        });
    }

    private void getOften(int status) throws Exception {
        try (RawClient client = new RawClient(group.port())) {
            for (int i = 0; i < OFTEN; i++) {
                assertEquals(status, client.get("/").status());
            }
        }
    }
}
