package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelEvent;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRefusedException;
import com.espra.protoplex.api.channel.ChannelRequest;
import com.espra.protoplex.http.channel.Move.Phase;
import com.espra.protoplex.http.connector.LosslessConnector;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel. All that its receiver is called for happens in <em>turns</em>, one after the other, by whichever thread has something new for it:
 * no thread waits for another, and none belongs to a channel.
 */
final class OpenChannel implements Channel {

    private static final Logger LOG = LoggerFactory.getLogger(OpenChannel.class);

    private static final int NORMAL = 1000;
    private static final int FIRST_OF_UNITS = 3000;
    private static final int LAST_OF_UNITS = 4999;
    private static final int GOING_AWAY = 1001;
    static final int ABNORMAL = 1006;
    private static final int SERVER_ERROR = 1011;
    private static final int SERVICE_RESTART = 1012;
    private static final int TRY_AGAIN_LATER = 1013;
    private static final long LAST_WORD_MILLIS = 1000;

    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private static final AtomicLong IDS = new AtomicLong();

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int AGAIN = 2;

    private record End(int code, String reason) {}

    private final long id = IDS.incrementAndGet();
    private final UnitChannels unit;
    private final RequestFacts request;
    private final Protocol protocol;
    private final Connector connector;
    private final SendQueue queue;
    private final AtomicInteger turn = new AtomicInteger();

    // Given to the turns by others.
    private volatile @Nullable Opening opening;
    private volatile @Nullable Object incoming;
    private volatile @Nullable Wire wire;
    private volatile @Nullable End end;
    private volatile boolean ended;
    private volatile boolean ending;

    // Of the turns alone, but for looks at the owner.
    private volatile @Nullable ChannelOwner owner;
    private @Nullable ChannelReceiver receiver;
    private byte[] state = new byte[0];
    private String stateOf = "";
    private boolean speechless;
    private @Nullable Opening letsIn;

    /** The move that it has followed: set by its turns, and read by them and under the unit's lock. */
    volatile @Nullable Move settled;

    OpenChannel(UnitChannels unit, RequestFacts request, Connector connector, Opening opening) {
        this.unit = unit;
        this.request = request;
        this.protocol = opening.protocol();
        this.connector = connector;
        this.opening = opening;
        this.queue =
                new SendQueue(unit.services().writes(), unit.services().memory(), unit.counts().sent, this::failed);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public ChannelRequest request() {
        return request;
    }

    @Override
    public boolean isOpen() {
        return queue.isOpen();
    }

    @Override
    public void respond(String name, String value) {
        Opening now = letsIn;
        if (now == null) {
            throw new IllegalStateException("the response has begun: its fields are set while the channel is opened");
        }
        if (!FIELD_NAME.matcher(name).matches() || value.chars().anyMatch(OpenChannel::isControl)) {
            throw new IllegalArgumentException("no field of a response: '" + name + "'");
        }
        now.field(name, value);
    }

    private static boolean isControl(int unit) {
        return unit == 0x7F || (unit < ' ' && unit != '\t');
    }

    Connector connector() {
        return connector;
    }

    boolean isOf(ChannelOwner other) {
        return other.equals(owner);
    }

    @Override
    public boolean send(String text) {
        return protocol == Protocol.WEBSOCKET
                ? offer(Outgoing.text(text))
                : offer(Outgoing.event(new ChannelEvent("", text)));
    }

    @Override
    public boolean send(ByteBuffer bytes) {
        if (protocol == Protocol.EVENT_STREAM) {
            throw new UnsupportedOperationException("server-sent events are text");
        }
        return offer(Outgoing.binary(bytes));
    }

    @Override
    public boolean send(ChannelEvent event) {
        return offer(
                protocol == Protocol.WEBSOCKET
                        ? Outgoing.data(event)
                        : unit.lastEvent().of(event));
    }

    private boolean offer(Outgoing message) {
        SendQueue.Offer offer = queue.offer(message);
        if (offer == SendQueue.Offer.FULL) {
            cut("too slow");
        }
        return offer == SendQueue.Offer.QUEUED;
    }

    /** Its client reads too slowly, or not at all. */
    private void cut(String why) {
        String last = queue.cut(TRY_AGAIN_LATER, why);
        if (last == null) {
            return;
        }
        unit.counts().slow.increment();
        String reason = last.isEmpty() ? why : why + ", after " + last;
        end = new End(TRY_AGAIN_LATER, reason);
        LOG.debug("channel {} of {} is cut: {}", id, request.remoteAddress(), reason);
        Wire to = wire;
        if (to != null) {
            to.close(TRY_AGAIN_LATER, reason);
        }
        abortSoon();
    }

    private void abortSoon() {
        var _ = unit.services().scheduler().schedule(this::abort, LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void abort() {
        Wire to = wire;
        if (to != null) {
            to.abort();
        }
    }

    @Override
    public void close(int code, String reason) {
        if (code != NORMAL && (code < FIRST_OF_UNITS || code > LAST_OF_UNITS)) {
            throw new IllegalArgumentException("code " + code + ": use 1000, or 3000 to 4999");
        }
        end(code, reason);
    }

    /** Closes it once what was sent is written. */
    void end(int code, String reason) {
        leaving(code, reason);
        queue.close(code, reason);
    }

    void askToReconnect() {
        end(SERVICE_RESTART, "Service restart");
    }

    void breakOff() {
        askToReconnect();
        abortSoon();
    }

    private void failed() {
        gone(ABNORMAL, "");
        abort();
    }

    /** The connection is there. */
    void attach(Wire to) {
        wire = to;
        unit.services().pings().add(this);
        if (ended) {
            unit.services().pings().remove(this);
        }
        queue.attach(to);
        if (connector instanceof LosslessConnector listener && listener.isClosing()) {
            askToReconnect();
        }
    }

    /** A message has come; the next one comes when this is handled. */
    void received(Object message) {
        incoming = message;
        follow();
    }

    /** The client says why it goes; its connection ends next. */
    void leaving(int code, String reason) {
        if (end == null) {
            end = new End(code, reason);
        }
    }

    /** The connection is gone: nothing more can be sent. */
    void gone(int code, String reason) {
        leaving(code, reason);
        ended = true;
        queue.gone();
        unit.services().pings().remove(this);
        follow();
    }

    /** The wheel comes by. */
    void look() {
        Wire to = wire;
        if (to == null) {
            return;
        }
        if (!queue.isOpen()) {
            if (ending) {
                to.abort();
            }
            ending = true;
        } else if (queue.isStuck()) {
            cut("nothing was read");
        } else if (incoming == null && to.isSilent()) {
            cut("no answer to a ping");
        } else {
            queue.ping();
        }
    }

    /** Whether nothing runs for it. What runs from now on sees the move that the caller has written before. */
    boolean isIdle() {
        return turn.get() == IDLE;
    }

    /** Takes a turn, or lets whoever has it take another one. */
    void follow() {
        if (turn.getAndSet(AGAIN) != IDLE) {
            return;
        }
        do {
            turn.set(BUSY);
            try {
                turn();
            } catch (RuntimeException | Error e) {
                LOG.error("channel {} failed", id, e);
                abort();
            }
        } while (!turn.compareAndSet(BUSY, IDLE));
    }

    private void turn() {
        Move now = settle();
        if (!now.flows() && now.phase != Phase.GONE) {
            boolean waits = opening != null || incoming != null;
            if (waits && !unit.await(this, now)) {
                turn.set(AGAIN);
            } else if (!waits && ended) {
                finish();
            }
            return;
        }
        if (opening != null) {
            open(now);
        }
        Object message = incoming;
        if (message != null) {
            deliver(message);
        } else if (ended && opening == null) {
            finish();
        }
    }

    private Move settle() {
        while (true) {
            Move now = unit.move();
            if (settled == now) {
                return now;
            }
            if (opening == null && go(now)) {
                unit.settle(this, now);
            } else if (opening != null) {
                unit.settle(this, now);
            }
        }
    }

    /**
     * Goes where the move wants it.
     *
     * @return false if there is another move by now
     */
    private boolean go(Move now) {
        switch (now.phase) {
            case PAUSE -> {}
            case GATHER -> leave();
            case GONE -> end(GOING_AWAY, "It is served no more");
            case SPREAD, FLOW -> {
                ChannelOwner to = now.owner;
                return to == null || goTo(now, to);
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // Receivers are told apart by nothing that they say of themselves.
    private boolean goTo(Move now, ChannelOwner to) {
        ChannelReceiver target = to.receiver(request);
        if (target != null && receiver == target && isOf(to)) {
            return true;
        }
        leave();
        if (ended && incoming == null) {
            return true;
        }
        return target == null ? lose("no receiver") : adopted(now, to, target);
    }

    private void leave() {
        ChannelReceiver old = receiver;
        ChannelOwner its = owner;
        if (old == null || its == null) {
            return;
        }
        try {
            byte[] left = old.leave(this);
            if (left.length > STATE_BYTES) {
                throw new IllegalStateException(
                        "it leaves " + left.length + " bytes of a channel: at most " + STATE_BYTES);
            }
            state = left.clone();
            stateOf = its.generation();
            speechless = false;
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: its receiver failed to leave channel {}", its, id, e);
            speechless = true;
        }
        receiver = null;
        owner = null;
        its.exit();
    }

    private boolean adopted(Move now, ChannelOwner to, ChannelReceiver target) {
        // Who failed to say what it knows keeps nobody from going back to the one before.
        if (speechless && !to.generation().equals(stateOf)) {
            return lose("its receiver failed to leave it");
        }
        if (!enter(now, to, target)) {
            return false;
        }
        try {
            target.adopted(this, state.clone());
            unit.counts().adopted.increment();
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: its receiver failed to adopt channel {}", to, id, e);
            exit();
            return lose("its receiver failed to adopt it");
        }
        return true;
    }

    /** Counts the channel first and then looks whether the move is still the same, as requests do. */
    private boolean enter(Move now, ChannelOwner to, ChannelReceiver target) {
        to.enter();
        if (unit.move() != now) {
            to.exit();
            return false;
        }
        owner = to;
        receiver = target;
        return true;
    }

    private void exit() {
        ChannelOwner its = owner;
        receiver = null;
        owner = null;
        if (its != null) {
            its.exit();
        }
    }

    private boolean lose(String why) {
        if (end == null) {
            unit.counts().lost.increment();
            LOG.debug("channel {} is closed, and its client asked to come again: {}", id, why);
        }
        askToReconnect();
        return true;
    }

    private void open(Move now) {
        Opening request = opening;
        if (request == null) {
            return;
        }
        ChannelOwner to = now.owner;
        ChannelReceiver target = to == null ? null : to.receiver(this.request);
        if (to == null || target == null) {
            refuse(request, HttpStatus.NOT_FOUND_404, "Nothing is served here any more", Map.of());
            return;
        }
        if (!enter(now, to, target)) {
            turn.set(AGAIN);
            return;
        }
        opening = null;
        letsIn = request;
        try {
            target.opened(this);
        } catch (ChannelRefusedException e) {
            exit();
            refuse(request, e.status(), String.valueOf(e.getMessage()), e.fields());
            return;
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: its receiver failed to open a channel", to, e);
            exit();
            refuse(request, HttpStatus.INTERNAL_SERVER_ERROR_500, "", Map.of());
            return;
        } finally {
            letsIn = null;
        }
        unit.counts().opened.increment();
        request.accept(this);
    }

    private void refuse(Opening request, int status, String reason, Map<String, String> fields) {
        opening = null;
        unit.counts().refused.increment();
        request.refuse(status, reason, fields);
        gone(ABNORMAL, "");
    }

    private void deliver(Object message) {
        ChannelReceiver to = receiver;
        if (to != null) {
            unit.counts().received.increment();
            handle(to, message);
        }
        incoming = null;
        if (ended) {
            turn.set(AGAIN);
        }
        Wire from = wire;
        if (from != null) {
            from.demand();
        }
    }

    private void handle(ChannelReceiver to, Object message) {
        try {
            if (message instanceof String text) {
                to.message(this, text);
            } else if (message instanceof ByteBuffer bytes) {
                to.message(this, bytes);
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: its receiver failed at a message of channel {}", owner, id, e);
            end(SERVER_ERROR, "The message could not be handled");
        }
    }

    private void finish() {
        ChannelReceiver last = receiver;
        End how = end;
        if (last != null && how != null) {
            try {
                last.closed(this, how.code(), how.reason());
            } catch (RuntimeException | Error e) {
                LOG.warn("{}: its receiver failed when channel {} was closed", owner, id, e);
            }
        }
        exit();
        unit.remove(this);
    }

    @Override
    public String toString() {
        return "channel " + id + " of " + request.path();
    }
}
