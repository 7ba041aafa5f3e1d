package com.espra.protoplex.app.whiteboard;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.stream.StreamHandler;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.Release;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.felix.framework.FrameworkFactory;
import org.eclipse.jetty.ee11.servlet.SessionHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** A whiteboard in a real Felix on a real Jetty, without bundles: its services are the test's own objects. */
final class WhiteboardServer extends ExternalResource {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TemporaryFolder temporary = new TemporaryFolder();
    private final Deque<ServiceRegistration<?>> registered = new ArrayDeque<>();
    private Framework framework;
    private JettyBackend backend;
    private Whiteboard whiteboard;

    @Override
    protected void before() throws Exception {
        temporary.create();
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        temporary.newFolder().getPath(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT));
        framework.start();
        backend = new JettyBackend();
        whiteboard = new Whiteboard(
                new AllBundles(framework.getBundleContext()),
                backend,
                new SessionHandler(),
                WhiteboardServer.class.getClassLoader(),
                () -> {});
    }

    @Override
    protected void after() {
        try {
            clear();
            whiteboard.close();
            backend.close();
            framework.stop();
            framework.waitForStop(PATIENCE.toMillis());
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        } finally {
            temporary.delete();
        }
    }

    Whiteboard whiteboard() {
        return whiteboard;
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Takes back what the test has registered. */
    void clear() {
        while (!registered.isEmpty()) {
            registered.pop().unregister();
        }
    }

    /** What a servlet does. */
    interface Serve {
        void serve(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
    }

    /** Registers a service with these properties, a name and a value each. */
    <S> void register(Class<S> type, S service, Object... properties) {
        Hashtable<String, Object> table = new Hashtable<>();
        for (int i = 0; i < properties.length; i += 2) {
            table.put((String) properties[i], properties[i + 1]);
        }
        registered.push(context().registerService(type, service, table));
    }

    /** Registers a servlet that may be asynchronous. */
    void servlet(String pattern, Serve serve, Object... more) {
        Object[] properties = new Object[4 + more.length];
        properties[0] = "osgi.http.whiteboard.servlet.pattern";
        properties[1] = pattern;
        properties[2] = "osgi.http.whiteboard.servlet.asyncSupported";
        properties[3] = true;
        System.arraycopy(more, 0, properties, 4, more.length);
        register(Servlet.class, servlet(serve), properties);
    }

    static Servlet servlet(Serve serve) {
        return new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                serve.serve(request, response);
            }
        };
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + backend.port() + path))
                .timeout(PATIENCE);
    }

    /** Each on a connection of its own: the server closes one whose body it did not read to the end. */
    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        }
    }

    /** The status and the body. */
    String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path));
        return response.statusCode() + " " + response.body();
    }

    int port() {
        return backend.port();
    }

    /** A generation to which everything belongs. */
    private record AllBundles(BundleContext context) implements Generation {
        @Override
        public String unit() {
            return "hello";
        }

        @Override
        public Release.Kind kind() {
            return Release.Kind.APP;
        }

        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public String id() {
            return "hello-1";
        }

        @Override
        public List<Bundle> bundles() {
            return List.of();
        }

        @Override
        public Set<String> optionalComponents() {
            return Set.of();
        }

        @Override
        public boolean owns(ServiceReference<?> reference) {
            return true;
        }
    }

    /** Serves one handler, and counts nothing. */
    private static final class JettyBackend implements Backend {

        private final Server server = new Server();
        private final ServerConnector connector = new ServerConnector(server);

        int port() {
            return connector.getLocalPort();
        }

        @Override
        public String unit() {
            return "hello";
        }

        @Override
        public String generation() {
            return "hello-1";
        }

        @Override
        public void start(Handler handler) throws Exception {
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            server.setHandler(handler);
            server.start();
        }

        @Override
        public void stop(Handler handler) {
            try {
                server.stop();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }

        @Override
        public Handler channels(ChannelReceiver receiver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Handler streams(StreamHandler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void serve(List<Endpoint> endpoints) {}

        @Override
        public List<Endpoint> endpoints() {
            return List.of();
        }

        @Override
        public long inFlight() {
            return 0;
        }

        @Override
        public long served() {
            return 0;
        }

        @Override
        public CompletableFuture<Long> drain(Duration deadline) {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public void close() {
            stop(server.getHandler());
        }
    }
}
