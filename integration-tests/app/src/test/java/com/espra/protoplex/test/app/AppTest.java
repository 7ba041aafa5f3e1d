package com.espra.protoplex.test.app;

import com.espra.protoplex.test.support.FelixTest;
import com.espra.protoplex.test.support.TestBundle;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.After;
import org.junit.Before;

/** A node with the App role in one Felix: tests push bundles made from source text, and are its browsers. */
public abstract class AppTest extends FelixTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private AppNode node;
    private HttpClient client;
    private Path folder;

    @Before
    public void startNode() throws Exception {
        folder = Files.createTempDirectory("app-test");
        node = new AppNode(context(), folder.resolve("data"));
        client = newClient();
    }

    @After
    public void stopNode() throws Exception {
        node.close();
        client.close();
    }

    /** A browser of its own: it has its own cookies. */
    protected static HttpClient newClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .connectTimeout(PATIENCE)
                .build();
    }

    protected final AppNode node() {
        return node;
    }

    /** Makes a bundle of these sources the next version of the app; empty when it serves, or the reason why not. */
    protected final String push(String version, String... sources) throws Exception {
        return push("hello", bundle("com.example.hello", version, sources));
    }

    /** The same, and routes that the version before has may go. */
    protected final String pushDroppingRoutes(String version, String... sources) throws Exception {
        return node.push("hello", jars(bundle("com.example.hello", version, sources)), true, Set.of());
    }

    /** The same, and this component may wait for ever. */
    protected final String pushWithOptional(String component, String version, String... sources) throws Exception {
        return node.push("hello", jars(bundle("com.example.hello", version, sources)), false, Set.of(component));
    }

    protected final String push(String unit, TestBundle... bundles) throws Exception {
        return node.push(unit, jars(bundles));
    }

    private List<Path> jars(TestBundle... bundles) throws Exception {
        List<Path> jars = new ArrayList<>();
        for (TestBundle bundle : bundles) {
            jars.add(bundle.build(Files.createTempDirectory(folder, "jar")));
        }
        return jars;
    }

    protected static TestBundle bundle(String symbolicName, String version, String... sources) {
        TestBundle bundle = TestBundle.named(symbolicName).version(version);
        for (String source : sources) {
            bundle.source(IMPORTS.formatted(symbolicName) + source);
        }
        return bundle;
    }

    private static final String IMPORTS = """
            package %s;
            import jakarta.servlet.*;
            import jakarta.servlet.annotation.*;
            import jakarta.servlet.http.*;
            import java.io.*;
            import java.util.*;
            import org.osgi.service.component.annotations.*;
            import org.osgi.service.servlet.context.*;
            import org.osgi.service.servlet.whiteboard.*;
            import org.osgi.service.servlet.whiteboard.propertytypes.*;
            """;

    /** A servlet component: what its doGet does, with {@code request}, {@code response} and {@code out}. */
    protected static String servlet(String name, String pattern, String doGet) {
        return """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=%2$s")
                public class %1$s extends HttpServlet {
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response)
                            throws ServletException, IOException {
                        response.setContentType("text/plain");
                        PrintWriter out = response.getWriter();
                        %3$s
                    }
                }
                """.formatted(name, pattern, doGet);
    }

    protected final HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + node.port() + path))
                .timeout(PATIENCE);
    }

    protected final HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    protected final HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return send(client, request);
    }

    protected static HttpResponse<String> send(HttpClient browser, HttpRequest.Builder request) throws Exception {
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    protected final String body(String path) throws Exception {
        HttpResponse<String> response = get(path);
        return response.statusCode() == 200 ? response.body().strip() : response.statusCode() + " " + response.body();
    }
}
