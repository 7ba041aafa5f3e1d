package com.espra.protoplex.app.session;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** A process that serves the sessions of a folder: prints its port, and ends with its standard input. */
final class SessionServer implements AutoCloseable {

    private final Sessions sessions;
    private final GenerationSessions generation;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    SessionServer(Path folder) throws Exception {
        sessions = new Sessions(folder, new SessionLimits(10_000, 1 << 20, 1 << 26, Duration.ofMinutes(30)));
        generation = sessions.open("hello", "hello-1", SessionServer.class.getClassLoader());
        ServletContextHandler context = new ServletContextHandler("/");
        context.setSessionHandler(generation.handler());
        context.addServlet(new ServletHolder(new Counter()), "/*");
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        generation.rested();
        server.stop();
        generation.close();
    }

    public static void main(String[] arguments) throws Exception {
        try (SessionServer server = new SessionServer(Path.of(arguments[0]))) {
            System.out.println(server.port());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    /** Counts in an object that the session has already: nothing tells the container that it changed. */
    static final class Count implements Serializable {
        private static final long serialVersionUID = 1;
        int number;
    }

    private static final class Counter extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession();
            switch (request.getPathInfo()) {
                case "/out" -> session.invalidate();
                case "/renew" -> request.changeSessionId();
                case "/read" -> {}
                default -> count(session);
            }
            response.getWriter().print(shown(request.getSession(false)));
        }

        private static void count(HttpSession session) {
            Count count = (Count) session.getAttribute("count");
            if (count == null) {
                count = new Count();
                session.setAttribute("count", count);
            }
            synchronized (count) {
                count.number++;
            }
        }

        private static String shown(@Nullable HttpSession session) {
            Count count = session == null ? null : (Count) session.getAttribute("count");
            return count == null ? "0" : Integer.toString(count.number);
        }
    }
}
