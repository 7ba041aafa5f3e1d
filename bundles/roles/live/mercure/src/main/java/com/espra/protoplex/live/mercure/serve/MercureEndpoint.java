package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRefusedException;
import com.espra.protoplex.api.channel.ChannelRequest;
import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.live.core.HubRefusedException;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Resume;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.mercure.request.FormFields;
import com.espra.protoplex.live.mercure.request.MercureRefusal;
import com.espra.protoplex.live.mercure.request.PresentedToken;
import com.espra.protoplex.live.mercure.request.SubscribeRequest;
import com.espra.protoplex.live.mercure.token.AccessToken;
import com.espra.protoplex.live.mercure.token.TokenRole;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The URL of the hub: subscribers have their streams here, and publishers their requests. */
@Component(service = ChannelReceiver.class, property = HandlerProperties.PATH + "=" + MercureRules.PATH)
public final class MercureEndpoint extends Handler.Abstract implements ChannelReceiver {

    /** What is kept of a stream from one version to the next: the form, where it is, who it is. */
    private static final String FORM = "1";

    private final MercureHub mercure;
    private final PublishHandling publishing;
    private final Map<Channel, EventStream> streams = new ConcurrentHashMap<>();

    /** While the hub is there. */
    @Activate
    public MercureEndpoint(@Reference MercureService service) {
        this(service.mercure());
    }

    MercureEndpoint(MercureHub mercure) {
        this.mercure = mercure;
        this.publishing = new PublishHandling(mercure);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        publishing.handle(request, response, callback);
        return true;
    }

    @Override
    public void opened(Channel channel) throws ChannelRefusedException {
        Optional<String> origin = channel.request().header("Origin");
        try {
            open(channel, origin);
        } catch (MercureRefusal e) {
            throw new ChannelRefusedException(e.status(), String.valueOf(e.getMessage()), mercure.fields(e, origin));
        }
    }

    private void open(Channel channel, Optional<String> origin) throws MercureRefusal {
        if (channel.protocol() != Channel.Protocol.EVENT_STREAM) {
            throw MercureRefusal.of(406, "Mercure is spoken over text/event-stream");
        }
        FormFields query = FormFields.parse(channel.request().query());
        PresentedToken credentials = mercure.credentials(channel.request(), query);
        AccessToken token = token(credentials);
        SubscribeRequest request = request(channel.request(), query);
        mercure.counts().open(channel.request().remoteAddress(), request.states());
        boolean isOpen = false;
        try {
            open(channel, origin, credentials, token, request);
            isOpen = true;
        } finally {
            if (!isOpen) {
                EventStream left = streams.remove(channel);
                if (left != null) {
                    left.close();
                }
                mercure.counts().close(channel.request().remoteAddress(), request.states());
            }
        }
    }

    private void open(
            Channel channel,
            Optional<String> origin,
            PresentedToken credentials,
            AccessToken token,
            SubscribeRequest request)
            throws MercureRefusal {
        String id = "urn:uuid:" + UUID.randomUUID();
        EventStream stream = stream(channel, request, token, id);
        begin(stream, request.resume(), channel);
        // Only who has begun knows whether something was missing: before and after there are two answers.
        boolean known = !stream.hasMissed();
        if (!known) {
            end(channel, stream);
            stream = stream(channel, request, token, id);
            begin(stream, Resume.EARLIEST, channel);
            if (stream.hasMissed()) {
                throw MercureRefusal.of(503, "the history moves too fast: come again");
            }
        }

        mercure.rules().origins().fields(origin).forEach(channel::respond);
        channel.respond("X-Accel-Buffering", "no");
        if (credentials.inQuery()) {
            channel.respond("Cache-Control", "private, no-store");
        }
        if (request.lastEventId().isPresent()) {
            boolean anchored = known && request.isAnchored();
            String before = anchored ? request.lastEventId().get() : SubscribeRequest.EARLIEST;
            channel.respond("Mercure-Last-Event-ID", before);
            if (mercure.rules().legacy()) {
                channel.respond("Last-Event-ID", before);
            }
        }
        mercure.announce(stream.member(), true);
    }

    private AccessToken token(PresentedToken credentials) throws MercureRefusal {
        if (credentials.isNone() && !mercure.rules().anonymous()) {
            throw MercureRefusal.noToken();
        }
        return mercure.token(credentials, TokenRole.SUBSCRIBER);
    }

    private SubscribeRequest request(ChannelRequest asked, FormFields query) throws MercureRefusal {
        return SubscribeRequest.of(
                mercure.rules().space(),
                query,
                asked.lastEventId(),
                mercure.rules().legacy(),
                mercure.rules().matchers());
    }

    private EventStream stream(Channel channel, SubscribeRequest request, AccessToken token, String id)
            throws MercureRefusal {
        EventStream stream = new EventStream(mercure, channel, request, token, id);
        if (mercure.rules().subscriptions()
                && SubscriptionDocuments.documents(stream.member(), true).stream()
                        .anyMatch(document -> String.valueOf(document.get("id")).length() > Update.LONGEST_KEY)) {
            throw MercureRefusal.bad("a matcher is too long for the topic of its subscription");
        }
        return stream;
    }

    private void begin(EventStream stream, Resume from, Channel channel) throws MercureRefusal {
        streams.put(channel, stream);
        boolean begun = false;
        try {
            begun = stream.begin(from);
            if (!begun) {
                // What comes first decides a field of the response.
                throw MercureRefusal.of(503, "this node waits for the updates of the others: come again");
            }
            if (stream.hasFailed()) {
                throw MercureRefusal.of(
                        429,
                        "the matchers take too long for what there is: use fewer, or simpler ones, or match_exact");
            }
            if (stream.isLost()) {
                throw MercureRefusal.of(503, "the history moves on meanwhile: come again");
            }
        } catch (HubRefusedException e) {
            throw MercureHub.refusal(e);
        } finally {
            if (!begun) {
                end(channel, stream);
            }
        }
    }

    private void end(Channel channel, EventStream stream) {
        streams.remove(channel);
        stream.close();
    }

    @Override
    public void closed(Channel channel, int code, String reason) {
        EventStream stream = streams.remove(channel);
        if (stream != null) {
            stream.close();
            uncount(channel, stream);
            mercure.announce(stream.member(), false);
        }
    }

    @Override
    public byte[] leave(Channel channel) {
        EventStream stream = streams.remove(channel);
        if (stream == null) {
            return new byte[0];
        }
        Position at = stream.close();
        uncount(channel, stream);
        return (FORM + ' ' + at + ' ' + stream.member().id()).getBytes(StandardCharsets.UTF_8);
    }

    /** All but its place is read from its request again, and its token is verified by the rules of this version. */
    @Override
    public void adopted(Channel channel, byte[] state) {
        String[] parts = new String(state, StandardCharsets.UTF_8).split(" ", -1);
        Optional<Position> at = parts.length == 3 ? Position.parse(parts[1]) : Optional.empty();
        if (at.isEmpty() || !parts[0].equals(FORM)) {
            throw new IllegalArgumentException("a stream of another form: its client comes again");
        }
        try {
            FormFields query = FormFields.parse(channel.request().query());
            AccessToken token = token(mercure.credentials(channel.request(), query));
            EventStream stream = new EventStream(mercure, channel, request(channel.request(), query), token, parts[2]);
            goOn(channel, stream, at.get());
        } catch (MercureRefusal | HubRefusedException e) {
            throw new IllegalStateException("a stream is not let in again: " + e.getMessage(), e);
        }
    }

    private void goOn(Channel channel, EventStream stream, Position at) {
        streams.put(channel, stream);
        mercure.counts().count(channel.request().remoteAddress(), stream.states());
        boolean goesOn = false;
        try {
            stream.goOn(at);
            goesOn = true;
        } finally {
            if (!goesOn) {
                // Nobody says that a channel is closed which was not adopted.
                end(channel, stream);
                uncount(channel, stream);
            }
        }
    }

    private void uncount(Channel channel, EventStream stream) {
        mercure.counts().close(channel.request().remoteAddress(), stream.states());
    }
}
