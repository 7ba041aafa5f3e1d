package com.espra.protoplex.live.server.select;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRefusedException;
import com.espra.protoplex.api.channel.ChannelRequest;
import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.live.core.ClientToken;
import com.espra.protoplex.live.core.ClientTokens;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Hubs;
import com.espra.protoplex.live.server.OpenHubs;
import com.espra.protoplex.live.server.web.LiveAccess;
import com.espra.protoplex.live.server.web.QueryText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Selectors over WebSockets, which have many subscriptions, and over server-sent events, which have one, in their address. */
@Component(
        service = {ChannelReceiver.class, SelectorChannels.class},
        property = {
            HandlerProperties.PATH + "=" + SelectorChannels.SOCKET,
            HandlerProperties.PATH + "=" + SelectorChannels.EVENTS
        })
public final class SelectorChannels implements ChannelReceiver {

    /** Where WebSockets are opened. */
    static final String SOCKET = "/.live/ws";

    /** Where streams of events are opened. */
    static final String EVENTS = "/.live/sse";

    private static final int TOO_FAST = 4429;

    /** Who hears nothing would have a place that is no longer kept when it comes again. */
    private static final Duration PLACES = Duration.ofSeconds(30);

    private static final Duration EXPIRIES = Duration.ofMillis(500);
    private static final String BEARER = "Bearer ";

    private final Hubs hubs;
    private final LiveAccess access;
    private final InstantSource clock;
    private final EntryCache cache = new EntryCache();
    private final Map<Channel, SelectorClient> clients = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable ClientTokens tokens;

    /** While the hubs are open. */
    @Activate
    public SelectorChannels(@Reference OpenHubs hubs, @Reference LiveAccess access) {
        this(hubs, access, InstantSource.system());
        hubs.every(PLACES, this::tellPlaces);
        hubs.every(EXPIRIES, this::endExpired);
    }

    SelectorChannels(Hubs hubs, LiveAccess access, InstantSource clock) {
        this.hubs = hubs;
        this.access = access;
        this.clock = clock;
    }

    void endExpired() {
        Instant now = clock.instant();
        clients.values().forEach(client -> client.endIfExpired(now));
    }

    void tellPlaces() {
        clients.values().forEach(SelectorClient::tellPlaces);
    }

    /** How many there are. */
    public int count() {
        return clients.size();
    }

    @Override
    public void opened(Channel channel) throws ChannelRefusedException {
        ChannelRequest request = channel.request();
        String authority = request.header("Host").orElse(request.host());
        if (!access.isWelcome(request.header("Origin").orElse(null), authority, request.secure())) {
            throw new ChannelRefusedException(
                    403, "this page may not connect: its origin is to be in 'origins' of the role live");
        }
        ClientRights rights = rights(request);
        if (!access.limits().mayAsk(request.remoteAddress()) || !access.limits().open(request.remoteAddress())) {
            throw new ChannelRefusedException(429, "there are too many connections from this address: come later");
        }
        try {
            SelectorClient client = client(channel, rights);
            if (channel.protocol() == Channel.Protocol.EVENT_STREAM) {
                follow(client, request);
            }
            clients.put(channel, client);
        } catch (IllegalArgumentException e) {
            access.limits().close(request.remoteAddress());
            throw new ChannelRefusedException(400, String.valueOf(e.getMessage()));
        } catch (HubRefusedException e) {
            access.limits().close(request.remoteAddress());
            throw new ChannelRefusedException(503, String.valueOf(e.getMessage()));
        }
    }

    private SelectorClient client(Channel channel, ClientRights rights) {
        return new SelectorClient(channel, hubs.hub(access.hub(channel.request().host())), rights, cache);
    }

    private ClientRights rights(ChannelRequest request) throws ChannelRefusedException {
        String token = clientToken(request);
        if (token.isEmpty()) {
            return new ClientRights(isPublisher(request), ClientToken.NONE);
        }
        ClientTokens verifier = tokens;
        if (verifier == null) {
            throw new ChannelRefusedException(503, "tokens cannot be verified at the moment: come again");
        }
        ClientToken known = verifier.verify(token)
                .orElseThrow(() ->
                        new ChannelRefusedException(401, "the token is not accepted: get a new one, or come without"));
        return new ClientRights(isPublisher(request), known);
    }

    /** What names the client; empty if nothing does. A WebSocket of a page has no field for it, and says it in its address. */
    private String clientToken(ChannelRequest request) {
        String field = request.header("Authorization").orElse("");
        boolean bearer = field.regionMatches(true, 0, BEARER, 0, BEARER.length());
        if (bearer && !access.isPublisher(field)) {
            return field.substring(BEARER.length()).strip();
        }
        return request.query().contains("access_token=")
                ? QueryText.first(QueryText.parse(request.query()), "access_token")
                : "";
    }

    private void follow(SelectorClient client, ChannelRequest request) {
        Map<String, List<String>> query = QueryText.parse(request.query());
        String from = request.lastEventId().orElse(QueryText.first(query, "from"));
        Selector selector = new Selector(
                query.getOrDefault("all", List.of()), query.getOrDefault("any", List.of()), isPublisher(request));
        client.subscribe("", selector, SelectorText.resume(from), false);
    }

    @Override
    public void message(Channel channel, String text) {
        SelectorClient client = clients.get(channel);
        if (client == null) {
            return;
        }
        if (!access.limits().mayAsk(channel.request().remoteAddress())) {
            channel.close(TOO_FAST, "too many messages from this address: come later");
            return;
        }
        try {
            obey(client, SelectorText.object(text));
        } catch (IllegalArgumentException | HubRefusedException e) {
            channel.send(SelectorText.text(Map.of("error", String.valueOf(e.getMessage()))));
        }
    }

    private void obey(SelectorClient client, Map<String, Object> asked) {
        String subscribe = SelectorText.string(asked, "subscribe", "");
        String unsubscribe = SelectorText.string(asked, "unsubscribe", "");
        if (subscribe.isEmpty() == unsubscribe.isEmpty()) {
            throw new IllegalArgumentException(
                    "send {\"subscribe\": \"NAME\", \"all\": [KEY, ...], \"any\": [KEY, ...],"
                            + " \"from\": \"PLACE\"} or {\"unsubscribe\": \"NAME\"}");
        }
        if (!unsubscribe.isEmpty()) {
            if (!client.unsubscribe(unsubscribe)) {
                throw new IllegalArgumentException("there is no subscription '" + unsubscribe + "'");
            }
            return;
        }
        client.subscribe(subscribe, asked);
    }

    @Override
    public void message(Channel channel, ByteBuffer bytes) {
        channel.close(4400, "send text");
    }

    @Override
    public byte[] leave(Channel channel) {
        SelectorClient client = clients.remove(channel);
        if (client == null) {
            return new byte[0];
        }
        access.limits().close(channel.request().remoteAddress());
        return client.state();
    }

    @Override
    public void adopted(Channel channel, byte[] state) {
        Map<String, Object> known = SelectorText.object(state);
        ClientRights rights = ClientRights.read(known);
        if ((rights.seesPrivate() && !isPublisher(channel.request())) || !isAccepted(channel.request())) {
            channel.close(SelectorClient.REVOKED, "the token is another one now");
            return;
        }
        SelectorClient client = client(channel, rights);
        String address = channel.request().remoteAddress();
        access.limits().count(address);
        clients.put(channel, client);
        try {
            client.restore(known);
        } catch (RuntimeException e) {
            // Whoever adopts does not say that it is closed then.
            clients.remove(channel);
            client.close();
            access.limits().close(address);
            throw e;
        }
    }

    /** By the keys of this version; while they are not there, the word of the version before counts. */
    private boolean isAccepted(ChannelRequest request) {
        ClientTokens verifier = tokens;
        String token = clientToken(request);
        return token.isEmpty() || verifier == null || verifier.verify(token).isPresent();
    }

    private boolean isPublisher(ChannelRequest request) {
        return access.isPublisher(request.header("Authorization").orElse(null));
    }

    @Override
    public void closed(Channel channel, int code, String reason) {
        SelectorClient client = clients.remove(channel);
        if (client != null) {
            client.close();
            access.limits().close(channel.request().remoteAddress());
        }
    }
}
