import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.http.accesslog.AccessLog;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.http.limits.ThreadingModel;
import com.espra.protoplex.http.listen.ListenerGroup;
import com.espra.protoplex.http.listen.ListenerSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.AsyncRequestLogWriter;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** One handler behind a bare Jetty, or behind the dispatcher. Prints the port, and serves until it is ended. */
public final class Servers {

    private static final byte[] BODY = "Hello from a handler\n".getBytes(StandardCharsets.US_ASCII);

    private Servers() {}

    /** How long a handler waits before it answers, as it would for a database. */
    private static final long DELAY_MILLIS = Long.getLong("delay", 0);

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws InterruptedException {
            if (DELAY_MILLIS > 0) {
                Thread.sleep(DELAY_MILLIS);
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            response.write(true, ByteBuffer.wrap(BODY), callback);
            return true;
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(
                switch (args[0]) {
                    case "bare" -> bare(new QueuedThreadPool(), null);
                    case "bare-log" -> bare(new QueuedThreadPool(), jettyLog(args[1]));
                    case "bare-virtual" -> bare(virtual(), null);
                    case "dispatcher" -> dispatcher(ThreadingModel.THREADS, false, args[1]);
                    case "dispatcher-log" -> dispatcher(ThreadingModel.THREADS, true, args[1]);
                    case "dispatcher-events" -> dispatcher(ThreadingModel.EVENTS, false, args[1]);
                    default -> throw new IllegalArgumentException(args[0]);
                });
        Thread.currentThread().join();
    }

    private static QueuedThreadPool virtual() {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("bare-"));
        return threads;
    }

    /** What Jetty's own users have: the extended NCSA form, written by a thread behind a queue. */
    private static RequestLog jettyLog(String file) {
        return new CustomRequestLog(new AsyncRequestLogWriter(file), CustomRequestLog.EXTENDED_NCSA_FORMAT);
    }

    private static int bare(QueuedThreadPool threads, RequestLog log) throws Exception {
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Hello());
        server.setRequestLog(log);
        server.start();
        return connector.getLocalPort();
    }

    private static int dispatcher(ThreadingModel kind, boolean log, String file) throws Exception {
        Limits standard = Limits.DEFAULT;
        Limits limits = new Limits(
                standard.headerBytes(),
                standard.bodyBytes(),
                standard.connections(),
                standard.requests(),
                standard.idle(),
                standard.minBytesPerSecond(),
                standard.grace(),
                standard.threads(),
                kind,
                log);
        ListenerGroup group = new ListenerGroup("public", limits, AccessLog.in(Path.of(file), 64 << 20, 5));
        Backend backend = group.dispatcher().open("hello", "1");
        Handler handler = new Hello();
        backend.start(handler);
        backend.serve(
                List.of(new Endpoint(Set.of(Route.of("/hello/*"), Route.of("/other"), Route.of("*.png")), handler)));
        group.dispatcher().flip(backend);
        return group.open(new ListenerSettings("main", "127.0.0.1", 0, null))
                .address()
                .getPort();
    }
}
