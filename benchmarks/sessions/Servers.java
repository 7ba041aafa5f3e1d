import com.espra.protoplex.app.session.SessionLimits;
import com.espra.protoplex.app.session.Sessions;
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
import org.eclipse.jetty.ee11.servlet.SessionHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.session.FileSessionDataStore;
import org.eclipse.jetty.session.NullSessionCache;

/** One Jetty with one servlet, and sessions of one kind: prints its port. */
final class Servers {

    private Servers() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        SessionHandler handler = switch (arguments[0]) {
            case "jetty" -> new SessionHandler();
            case "jetty-file" -> files(folder);
            case "protoplex" -> ours(folder);
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.setSessionHandler(handler);
        context.addServlet(new ServletHolder(new Counter()), "/*");
        server.setHandler(context);
        server.start();
        System.out.println(connector.getLocalPort());
        server.join();
    }

    /** What Jetty has for several processes on one disk: nothing is kept in memory. */
    private static SessionHandler files(Path folder) {
        SessionHandler handler = new SessionHandler();
        NullSessionCache cache = new NullSessionCache(handler);
        FileSessionDataStore store = new FileSessionDataStore();
        store.setStoreDir(folder.toFile());
        cache.setSessionDataStore(store);
        cache.setSaveOnCreate(true);
        cache.setFlushOnResponseCommit(true);
        handler.setSessionCache(cache);
        return handler;
    }

    private static SessionHandler ours(Path folder) throws IOException {
        SessionLimits limits = new SessionLimits(50_000, 1 << 20, 256L << 20, Duration.ofMinutes(30));
        return new Sessions(folder, limits)
                .open("app", "app-1", Servers.class.getClassLoader())
                .handler();
    }

    /** What a shop may have in a session. */
    static final class Cart implements Serializable {
        private static final long serialVersionUID = 1;
        private final String user = "somebody@example.com";
        private final String[] items = {"one thing", "another thing", "a third thing"};
        private int visits;
    }

    private static final class Counter extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession();
            Cart cart = (Cart) session.getAttribute("cart");
            if (cart == null) {
                cart = new Cart();
            }
            synchronized (cart) {
                if (!"/read".equals(request.getPathInfo())) {
                    cart.visits++;
                    session.setAttribute("cart", cart);
                }
                response.getOutputStream().print(cart.visits);
            }
        }
    }
}
