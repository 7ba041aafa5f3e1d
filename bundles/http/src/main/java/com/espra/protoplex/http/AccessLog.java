package com.espra.protoplex.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * A line for each request, written by a thread of its own behind a bounded queue: a slow disk costs lines, never requests, and
 * a line says how many were lost. Queries, cookies and credentials are never written; of a query only that there was one.
 */
final class AccessLog extends AbstractLifeCycle {

    private static final int QUEUE = 16384;
    private static final int BATCH_CHARS = 32768;

    private final Consumer<String> out;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder lost = new LongAdder();
    private volatile boolean open;
    private @Nullable Thread writer;

    /** What a line is made of: values that outlive the request. */
    private record Entry(
            long millis,
            long nanos,
            SocketAddress client,
            String method,
            String path,
            boolean query,
            HttpVersion version,
            int status,
            long bytes,
            @Nullable String agent,
            @Nullable String id,
            @Nullable LiveBackend backend) {}

    /** @param out takes one or more lines, without a line end after the last */
    AccessLog(Consumer<String> out) {
        this.out = out;
    }

    @Override
    protected void doStart() {
        open = true;
        writer = Thread.ofPlatform().name("access log").daemon().start(this::write);
    }

    @Override
    protected void doStop() throws Exception {
        Thread thread = writer;
        open = false;
        if (thread != null) {
            thread.interrupt();
            thread.join(1000);
        }
    }

    void log(Request request, Response response) {
        Exchange exchange = request instanceof Exchange ours ? ours : null;
        String path = request.getHttpURI().getPath();
        Entry entry = new Entry(
                System.currentTimeMillis(),
                NanoTime.since(request.getBeginNanoTime()),
                request.getConnectionMetaData().getRemoteSocketAddress(),
                request.getMethod(),
                path == null ? "-" : path,
                request.getHttpURI().getQuery() != null,
                request.getConnectionMetaData().getHttpVersion(),
                response.getStatus(),
                Response.getContentBytesWritten(response),
                request.getHeaders().get(HttpHeader.USER_AGENT),
                exchange == null ? null : exchange.id(),
                exchange == null ? null : exchange.backend());
        if (!queue.offer(entry)) {
            lost.increment();
        }
    }

    /** Under load many lines go out at once, so that the disk is asked seldom; without load each goes out by itself. */
    private void write() {
        StringBuilder lines = new StringBuilder();
        while (open || !queue.isEmpty()) {
            Entry entry = next(lines.isEmpty());
            if (entry != null) {
                line(entry, lines);
            }
            if (!lines.isEmpty() && (entry == null || lines.length() > BATCH_CHARS)) {
                flush(lines);
            }
        }
        if (!lines.isEmpty()) {
            flush(lines);
        }
    }

    private @Nullable Entry next(boolean wait) {
        try {
            return wait ? queue.poll(1, TimeUnit.SECONDS) : queue.poll();
        } catch (InterruptedException stopping) {
            // What is queued is still written: the loop ends when nothing is left.
            return queue.poll();
        }
    }

    private void flush(StringBuilder lines) {
        long missing = lost.sumThenReset();
        if (missing > 0) {
            lines.append(Instant.now())
                    .append(" - ")
                    .append(missing)
                    .append(" lines were lost: the log was too slow\n");
        }
        lines.setLength(lines.length() - 1);
        out.accept(lines.toString());
        lines.setLength(0);
    }

    private static void line(Entry entry, StringBuilder to) {
        to.append(Instant.ofEpochMilli(entry.millis)).append(' ');
        to.append(
                entry.client instanceof InetSocketAddress inet
                        ? inet.getAddress().getHostAddress()
                        : "-");
        to.append(" \"");
        quoted(entry.method, to);
        to.append(' ');
        quoted(entry.path, to);
        to.append(entry.query ? "?..." : "")
                .append(' ')
                .append(entry.version.asString())
                .append("\" ");
        to.append(entry.status).append(' ').append(Math.max(0, entry.bytes)).append(' ');
        to.append(TimeUnit.NANOSECONDS.toMicros(entry.nanos)).append("us ");
        to.append(entry.id == null ? "-" : entry.id).append(' ');
        if (entry.backend == null) {
            to.append('-');
        } else {
            to.append(entry.backend.unit()).append('@').append(entry.backend.generation());
        }
        to.append(" \"");
        quoted(entry.agent == null ? "-" : entry.agent, to);
        to.append("\"\n");
    }

    /** What a client sent must not end the quotes or the line. */
    private static void quoted(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            to.append(c < ' ' || c == '"' || c == '\\' || c >= 127 ? '_' : c);
        }
    }
}
