package com.espra.protoplex.agent.link;

import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.link.LinkFrameCodec;
import com.espra.protoplex.fleet.link.LinkFrameException;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket to the Seed, from its handshake to its end. */
final class LinkSocket implements WebSocket.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(LinkSocket.class);

    private static final int SERVICE_RESTART = 1012;
    private static final int TRY_LATER = 1013;
    private static final Pattern WHEN = Pattern.compile("come again in ([0-9]{1,6}) ms$");

    private final Link.Peer peer;
    private final Runnable wake;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean useful;
    private volatile boolean askedBack;
    private volatile @Nullable Duration told;

    /** @param wake called when it has ended */
    LinkSocket(Link.Peer peer, Runnable wake) {
        this.peer = peer;
        this.wake = wake;
    }

    /** Whether the Seed has said something that this node took. */
    boolean isUseful() {
        return useful;
    }

    /** Whether the Seed has asked this node to come again at once: it is being replaced (RFC 6455, section 7.4: 1012). */
    boolean isAskedBack() {
        return askedBack;
    }

    /** When the Seed, which has more to do than it can, has told this node to come again; null: it has not. */
    @Nullable
    Duration told() {
        return told;
    }

    /** Completes with the reason when the connection has ended. */
    CompletableFuture<String> end() {
        return end;
    }

    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardNanos);
    }

    void send(WebSocket socket, LinkFrame frame, Duration deadline) throws IOException, InterruptedException {
        try {
            await(socket.sendText(LinkFrameCodec.write(frame), true), deadline);
        } catch (LinkFrameException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    void ping(WebSocket socket, Duration deadline) throws IOException, InterruptedException {
        await(socket.sendPing(ByteBuffer.allocate(0)), deadline);
    }

    private void await(CompletableFuture<WebSocket> sent, Duration deadline) throws IOException, InterruptedException {
        try {
            sent.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(end.getNow("it broke: " + e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("it has taken nothing for " + deadline.toMillis() + " ms", e);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        heard();
        text.append(data);
        if (text.length() > LinkFrameCodec.MAX_FRAME) {
            ended("it sent a frame of more than " + LinkFrameCodec.MAX_FRAME + " characters");
            socket.abort();
            return null;
        }
        if (last) {
            String whole = text.toString();
            text.setLength(0);
            take(socket, whole);
        }
        socket.request(1);
        return null;
    }

    private void take(WebSocket socket, String whole) {
        try {
            switch (LinkFrameCodec.read(whole)) {
                case LinkFrame.Desired desired -> {
                    peer.desired(desired);
                    useful = true;
                }
                case LinkFrame.Upgrade upgrade -> peer.upgrade(upgrade);
                case LinkFrame.Ask question -> peer.ask(question);
                case LinkFrame.Revoked revoked -> peer.revoked(revoked);
                case LinkFrame.Standing standing -> peer.standing(standing);
                case LinkFrame.Directory part -> peer.directory(part);
                case LinkFrame.Owners told -> peer.owners(told);
                case LinkFrame.Lease lease -> peer.lease(lease);
                default -> LOG.debug("the Seed said what is for it to hear: {}", whole);
            }
        } catch (LinkFrameException e) {
            // A newer Seed may say what this node does not know yet: that is no reason to part.
            LOG.debug("the Seed said what this node does not understand: {}", e.getMessage());
        } catch (IOException e) {
            ended("what it desires was not taken: " + e.getMessage());
            socket.abort();
        }
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
        heard();
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
        heard();
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        // The codes of our own, from 4000 on, say that this node is not wanted as it is.
        useful = useful && code < 4000;
        askedBack = useful && code == SERVICE_RESTART;
        Matcher when = WHEN.matcher(reason);
        if (code == TRY_LATER && when.find()) {
            told = Duration.ofMillis(Long.parseLong(when.group(1)));
        }
        ended("it closed the link: " + code + (reason.isEmpty() ? "" : " " + reason));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        ended("the link broke: " + error);
    }

    private void heard() {
        heardNanos = System.nanoTime();
    }

    private void ended(String reason) {
        end.complete(reason);
        wake.run();
    }
}
