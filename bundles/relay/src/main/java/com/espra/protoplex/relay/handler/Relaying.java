package com.espra.protoplex.relay.handler;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.Outcome;
import com.espra.protoplex.api.relay.ProxyProtocol;
import com.espra.protoplex.api.relay.Target;
import com.espra.protoplex.proxyprotocol.ProxyHeader;
import com.espra.protoplex.relay.direct.Attempts;
import com.espra.protoplex.relay.head.AnswerHead;
import com.espra.protoplex.relay.head.HopByHop;
import com.espra.protoplex.relay.head.OwnPage;
import com.espra.protoplex.relay.head.RequestHead;
import com.espra.protoplex.relay.head.RequestHead.Framing;
import com.espra.protoplex.relay.upstream.Acquirer;
import com.espra.protoplex.relay.upstream.AnswerListener;
import com.espra.protoplex.relay.upstream.TargetKey;
import com.espra.protoplex.relay.upstream.UpstreamConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way, from the decision to the end of the answer. */
final class Relaying implements Acquirer, AnswerListener {

    private static final Logger LOG = LoggerFactory.getLogger(Relaying.class);

    private static final int SWITCHING = 101;
    private static final int NO_CONTENT = 204;
    private static final int CONTINUE = 100;

    /** A target that knows nothing of 100-continue says nothing: the body is sent all the same. */
    private static final long CONTINUE_MILLIS = 1000;

    private final RelaySettings settings;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Attempts attempts;
    private final Decision.HeaderRules rules;
    private final Decision.Times times;
    private final Decision.Says says;
    private final RequestView view;
    private final String upgrade;
    private final boolean expects;
    private final RequestBody body;
    private final Course course = new Course();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean bodyGoes = new AtomicBoolean();
    private volatile @Nullable UpstreamConnection connection;
    private volatile Scheduler.@Nullable Task total;
    private volatile boolean answering;
    private volatile @Nullable HttpFields answered;
    private volatile @Nullable HttpFields trailers;
    private volatile @Nullable PrologueReading prologue;

    Relaying(
            RelaySettings settings,
            Request request,
            Response response,
            Callback callback,
            Attempts attempts,
            Decision.Relay decision) {
        this.settings = settings;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.attempts = attempts;
        this.rules = decision.rules();
        this.times = decision.times();
        this.says = decision.says();
        this.view = new RequestView(request);
        this.upgrade = Upgrade.wanted(request);
        this.body = new RequestBody(request, !upgrade.isEmpty(), this::clientLeft);
        this.expects =
                body.framing() != Framing.NONE && request.getHeaders().contains(HttpHeader.EXPECT, "100-continue");
    }

    void start() {
        request.addFailureListener(this::clientLeft);
        if (!times.total().isZero()) {
            total = request.getComponents()
                    .getScheduler()
                    .schedule(this::tooLong, times.total().toMillis(), TimeUnit.MILLISECONDS);
        }
        attempt(attempts.first());
    }

    private void attempt(@Nullable Target target) {
        if (target == null) {
            end(RelayProblem.status(attempts.last()), attempts.last());
            return;
        }
        course.tries(target);
        TargetKey origin;
        try {
            origin = origin(target);
        } catch (IOException e) {
            LOG.warn("Nothing can be relayed to the node {}: {}", target.node(), e.getMessage());
            failed(Outcome.NO_CONNECTION, e);
            return;
        } catch (IllegalArgumentException e) {
            LOG.warn("A director chose what is no target: {}", e.getMessage());
            failed(Outcome.NO_CONNECTION, e);
            return;
        }
        settings.upstream().acquire(origin, times.connect(), this);
    }

    private boolean isAnnounced(Target target) {
        return says.announced() != ProxyProtocol.NONE && !target.isNode();
    }

    private TargetKey origin(Target target) throws IOException {
        TargetKey key = settings.proof().key(target);
        if (!isAnnounced(target)) {
            return key;
        }
        if (key.secure()) {
            throw new IllegalArgumentException(
                    target.address() + " is to hear of clients by the PROXY protocol, which goes by http alone");
        }
        return key.forOne();
    }

    @Override
    public void turn() {
        course.turn();
    }

    @Override
    public void acquired(UpstreamConnection its) {
        if (over.get()) {
            its.unused();
            return;
        }
        Target target = course.target();
        ByteBuffer head;
        try {
            head = target == null ? null : head(target);
        } catch (IOException e) {
            its.unused();
            LOG.warn("A request cannot be relayed to another node: {}", e.getMessage());
            failed(Outcome.NO_CONNECTION, e);
            return;
        }
        if (head == null) {
            its.unused();
            attempts.over(Outcome.CLIENT);
            end(400, Outcome.CLIENT);
            return;
        }
        course.connected();
        connection = its;
        its.begin(this, isHead(), times);
        boolean announced = target != null && isAnnounced(target);
        if (announced) {
            its.last();
        }
        its.write(
                body.framing() == Framing.NONE,
                Callback.from(
                        Invocable.InvocationType.NON_BLOCKING, this::headSent, cause -> its.writeFailed(this, cause)),
                announced ? new ByteBuffer[] {announcement(), head} : new ByteBuffer[] {head});
        if (over.get()) {
            its.abort(this, new IOException("the client left"));
        }
    }

    private ByteBuffer announcement() {
        SocketAddress here = request.getConnectionMetaData().getLocalSocketAddress();
        ProxyHeader.Ends ends = new ProxyHeader.Ends(
                view.client(),
                here instanceof InetSocketAddress address ? address : InetSocketAddress.createUnresolved("", 0));
        return ByteBuffer.wrap(
                says.announced() == ProxyProtocol.V1 ? ProxyHeader.text(ends) : ProxyHeader.binary(ends));
    }

    private @Nullable ByteBuffer head(Target target) throws IOException {
        boolean overHttp2 = !upgrade.isEmpty() && Upgrade.isOverHttp2(request);
        RequestHead.Line line = new RequestHead.Line(
                overHttp2 ? "GET" : request.getMethod(),
                view.pathQuery(),
                body.framing(),
                request.getLength(),
                expects,
                upgrade);
        HttpFields fields = overHttp2 ? Upgrade.withKey(request.getHeaders()) : request.getHeaders();
        return target.isNode()
                ? RequestHead.node(
                        line,
                        fields,
                        view.peer(),
                        rules.request(),
                        settings.via(),
                        settings.proof().of(target))
                : RequestHead.foreign(
                        line, fields, view.peer(), TargetKey.of(target.address()), rules.request(), settings.via());
    }

    private void headSent() {
        if (body.framing() == Framing.NONE) {
            return;
        }
        if (!expects) {
            sendBody();
            return;
        }
        request.getComponents()
                .getScheduler()
                .schedule(
                        () -> {
                            if (!answering) {
                                sendBody();
                            }
                        },
                        CONTINUE_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void sendBody() {
        UpstreamConnection to = connection;
        if (to != null && !over.get() && body.framing() != Framing.NONE && bodyGoes.compareAndSet(false, true)) {
            body.send(to, this);
        }
    }

    @Override
    public void unreachable(Throwable cause) {
        LOG.debug("{}: {}", course.target(), cause.toString());
        failed(Outcome.NO_CONNECTION, cause);
    }

    @Override
    public void full() {
        settings.meters().attempted(Outcome.CLIENT, false);
        attempts.over(Outcome.CLIENT);
        end(503, Outcome.CLIENT);
    }

    @Override
    public void interim(int status, HttpFields fields, Callback next) {
        if (status == CONTINUE) {
            // Jetty says it to the client when its body is read.
            sendBody();
            next.succeeded();
            return;
        }
        boolean knows =
                request.getConnectionMetaData().getHttpVersion().getVersion() >= HttpVersion.HTTP_1_1.getVersion();
        if (!knows || over.get()) {
            next.succeeded();
            return;
        }
        HttpFields.Mutable kept = HttpFields.build();
        AnswerHead.copy(fields, kept, Map.of(), settings.via());
        next.completeWith(response.writeInterim(status, kept));
    }

    @Override
    public void head(int status, @Nullable String reason, HttpFields fields) {
        if (over.get() || (status == SWITCHING && upgrade.isEmpty())) {
            return;
        }
        answering = true;
        course.answered();
        attempts.answered(status, course.waited());
        answered = fields;
        response.setStatus(status);
        AnswerHead.copy(fields, response.getHeaders(), rules.response(), settings.via());
        try {
            boolean hasBody = status != SWITCHING && status != NO_CONTENT && status != 304 && !isHead();
            prologue = PrologueReading.begin(
                    settings.directors(), course.target(), view.host(), fields, response.getHeaders(), hasBody);
        } catch (IOException e) {
            spoilt(e);
            return;
        }
        if (says.serverTiming()) {
            response.getHeaders().add(OwnPage.TIMING, course.timing());
        }
        if (status == NO_CONTENT) {
            response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
        }
        if (fields.contains(HttpHeader.TRANSFER_ENCODING) && fields.contains(HttpHeader.TRAILER)) {
            response.setTrailersSupplier(() -> trailers);
        }
    }

    @Override
    public void content(ByteBuffer bytes, boolean last, @Nullable HttpFields after, Callback next) {
        if (over.get()) {
            next.failed(new IOException("the client left"));
            return;
        }
        PrologueReading before = prologue;
        if (before != null && !before.take(bytes)) {
            if (last) {
                IOException cut = new IOException("the answer ended within the message before its body");
                spoilt(cut);
                next.failed(cut);
            } else {
                next.succeeded();
            }
            return;
        }
        if (after != null) {
            trailers = HopByHop.trailers(after);
        }
        response.write(last, bytes, Callback.from(next.getInvocationType(), next::succeeded, failure -> {
            clientLeft(failure);
            next.failed(failure);
        }));
    }

    private boolean isHead() {
        return "HEAD".equals(request.getMethod());
    }

    /** The head made no sense after all, and the client has heard nothing of it. */
    private void spoilt(IOException why) {
        UpstreamConnection its = connection;
        LOG.warn("What {} answered made no sense: {}", course.target(), why.getMessage());
        attempts.over(Outcome.NONSENSE);
        end(RelayProblem.status(Outcome.NONSENSE), Outcome.NONSENSE);
        if (its != null) {
            its.abort(this, why);
        }
    }

    @Override
    public void complete() {
        PrologueReading before = prologue;
        if (before != null && before.isCut() && !over.get()) {
            spoilt(new IOException("the answer ended within the message before its body"));
            return;
        }
        body.stop();
        if (close(Outcome.ANSWERED)) {
            attempts.over(Outcome.ANSWERED);
            callback.succeeded();
        }
    }

    @Override
    public void upgraded(EndPoint target, ByteBuffer read) {
        HttpFields fields = answered;
        if (upgrade.isEmpty() || fields == null) {
            target.close();
            failed(Outcome.NONSENSE, new IOException("an upgrade that nobody asked for"));
            return;
        }
        if (!close(Outcome.ANSWERED)) {
            target.close();
            return;
        }
        attempts.over(Outcome.ANSWERED);
        Upgrade.join(request, response, callback, fields, target, read, times.idle());
    }

    @Override
    public void failed(Outcome outcome, Throwable cause) {
        connection = null;
        if (over.get()) {
            return;
        }
        Target target = course.target();
        settings.meters().attempted(outcome, target != null && target.isNode());
        LOG.debug("{} of {}", outcome, target, cause);
        if (response.isCommitted()) {
            attempts.over(outcome);
            if (close(outcome)) {
                body.stop();
                callback.failed(new RelayFailure("the target broke off: " + outcome, cause));
            }
            return;
        }
        if (answering) {
            attempts.over(outcome);
            end(RelayProblem.status(outcome), outcome);
            return;
        }
        Target next = attempts.after(outcome, !body.isBegun());
        if (next == null) {
            end(RelayProblem.status(outcome), outcome);
            return;
        }
        bodyGoes.set(false);
        attempt(next);
    }

    private void tooLong() {
        UpstreamConnection its = connection;
        TimeoutException late = new TimeoutException("it took longer than " + times.total());
        if (response.isCommitted()) {
            if (close(Outcome.CUT)) {
                attempts.over(Outcome.CUT);
                callback.failed(new RelayFailure("the answer took too long", late));
            }
        } else {
            attempts.over(Outcome.LATE);
            end(504, Outcome.LATE);
        }
        if (its != null) {
            its.abort(this, late);
        }
    }

    /** The client is gone, or sends what it must not: the target's connection is closed at once. */
    private void clientLeft(Throwable cause) {
        if (close(Outcome.CLIENT)) {
            body.stop();
            UpstreamConnection its = connection;
            if (its != null) {
                its.abort(this, cause);
            }
            attempts.over(Outcome.CLIENT);
            callback.failed(cause);
        }
    }

    /** Ends it with an answer of this node's own. */
    private void end(int status, @Nullable Outcome outcome) {
        if (close(outcome == null ? Outcome.NO_CONNECTION : outcome)) {
            body.stop();
            settings.meters().answered(status);
            RelayProblem.write(request, response, callback, status, says);
        }
    }

    private boolean close(Outcome outcome) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        Scheduler.Task timer = total;
        if (timer != null) {
            timer.cancel();
        }
        Target target = course.target();
        if (outcome == Outcome.ANSWERED) {
            settings.meters().attempted(outcome, target != null && target.isNode());
        }
        settings.meters().ended(outcome, course.total());
        request.setAttribute(Dispatcher.NOTE, "to " + course.line(outcome));
        return true;
    }
}
