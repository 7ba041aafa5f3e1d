package com.espra.protoplex.http.channel;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRefusedException;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.TestGroup;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.Rule;
import org.junit.Test;

/** What a receiver says of the response to its client, and what it answers itself. */
public class ChannelResponseTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Rule
    public final TestGroup group = new TestGroup();

    private final LinkedBlockingQueue<Channel> channels = new LinkedBlockingQueue<>();

    private Backend live(ChannelReceiver receiver) throws Exception {
        Backend backend = group.dispatcher().open("chat", "1");
        Handler handler = backend.channels(receiver);
        backend.start(handler);
        backend.serve(List.of(new Endpoint(Set.of(Route.of("/chat/*")), handler)));
        group.dispatcher().flip(backend);
        return backend;
    }

    private class Answering implements ChannelReceiver {
        @Override
        public void opened(Channel channel) throws ChannelRefusedException {
            if (channel.request().query().equals("no")) {
                throw new ChannelRefusedException(401, "log in", Map.of("WWW-Authenticate", "Bearer"));
            }
            channel.respond("X-From", "here");
            assertThrows(IllegalArgumentException.class, () -> channel.respond("X From", "here"));
            assertThrows(IllegalArgumentException.class, () -> channel.respond("X-From", "a\r\nX-Evil: b"));
            channels.add(channel);
        }
    }

    @Test
    public void theResponseHasTheFieldsOfTheReceiver() throws Exception {
        live(new Answering());
        try (EventClient client = new EventClient(group.uri("/chat/a"));
                SocketClient socket = new SocketClient(group.port(), "/chat/a")) {
            assertEquals("here", client.response.headers().firstValue("X-From").orElse(""));
            Channel channel = channels.poll(10, TimeUnit.SECONDS);
            assertThrows(IllegalStateException.class, () -> channel.respond("X-From", "late"));
        }
    }

    @Test
    public void soHasARefusal() throws Exception {
        live(new Answering());
        try (EventClient client = new EventClient(group.uri("/chat/a?no"))) {
            assertEquals(401, client.response.statusCode());
            assertEquals(
                    "Bearer",
                    client.response.headers().firstValue("WWW-Authenticate").orElse(""));
        }
    }

    @Test
    public void anEventSaysWhenToComeAgain() {
        String text = StandardCharsets.UTF_8
                .decode(Outgoing.event(new ChannelEvent("1", "", "x", 2500)).content())
                .toString();
        assertEquals("id: 1\nretry: 2500\ndata: x\n\n", text);
        assertThrows(IllegalArgumentException.class, () -> new ChannelEvent("1", "", "x", -1));
    }

    /** Both: it lives as long as it is served. */
    private static final class Both extends Handler.Abstract implements ChannelReceiver {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(202);
            response.write(true, ByteBuffer.wrap(request.getMethod().getBytes(StandardCharsets.US_ASCII)), callback);
            return true;
        }
    }

    private HttpResponse<String> send(String method, String accept) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(group.uri("/chat/a"))
                .header("Accept", accept)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    public void whatOpensNoChannelIsTheReceiversOwn() throws Exception {
        Both both = new Both();
        Backend backend = live(both);
        assertTrue(both.isRunning());
        assertEquals("POST", send("POST", "text/event-stream").body());
        assertEquals(202, send("GET", "text/html").statusCode());
        assertEquals(202, send("OPTIONS", "*/*").statusCode());
        try (EventClient client = new EventClient(group.uri("/chat/a"));
                SocketClient socket = new SocketClient(group.port(), "/chat/a")) {
            assertEquals(200, client.response.statusCode());
        }
        backend.close();
        assertFalse(both.isRunning());
    }

    @Test
    public void withoutAHandlerThereAreChannelsAlone() throws Exception {
        live(new ChannelReceiver() {});
        assertEquals(405, send("POST", "text/event-stream").statusCode());
        assertEquals(406, send("GET", "text/html").statusCode());
    }
}
