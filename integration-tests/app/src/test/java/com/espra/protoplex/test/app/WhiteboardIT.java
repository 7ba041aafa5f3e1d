package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.junit.Test;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.wiring.BundleWiring;

/** The OSGi Jakarta Servlet Whiteboard (Compendium 8.1, chapter 140), over HTTP. */
public class WhiteboardIT extends AppTest {

    @Test
    public void aServletAnswersAtItsPatterns() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern({"/exact", "/prefix/*", "*.ext"})
                @HttpWhiteboardServletName("hello")
                public class Hello extends HttpServlet {
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print(getServletName() + " "
                                + request.getServletPath() + " " + request.getPathInfo() + " " + request.getContextPath());
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("hello /exact null", body("/exact"));
        assertEquals("hello /prefix /a/b", body("/prefix/a/b"));
        assertEquals("hello /x/y.ext null", body("/x/y.ext"));
        assertEquals(404, get("/other").statusCode());
    }

    /** Jakarta Servlet, section 4.8.1. */
    @Test
    public void eachServletContextHasAFolderForWhatIsTemporary() throws Exception {
        String refused = push("1.0.0", folder("One", "default"), folder("Two", "shop"), """
                @Component(service = ServletContextHelper.class)
                @HttpWhiteboardContext(name = "shop", path = "/shop")
                public class Shop extends ServletContextHelper { }
                """);

        assertEquals("", refused);
        assertTrue(body("/one"), Files.isDirectory(Path.of(body("/one"))));
        assertTrue(body("/shop/two"), Files.isDirectory(Path.of(body("/shop/two"))));
        assertNotEquals(body("/one"), body("/shop/two"));
    }

    private static String folder(String name, String context) {
        return """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern("/%s")
                @HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=%s)")
                public class %s extends HttpServlet {
                    private String folder;
                    @Override public void init() {
                        folder = getServletContext().getAttribute("jakarta.servlet.context.tempdir").toString();
                    }
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print(folder);
                    }
                }
                """.formatted(name.toLowerCase(Locale.ROOT), context, name);
    }

    @Test
    public void initParametersReachTheServlet() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class, property = {
                        "osgi.http.whiteboard.servlet.pattern=/init", "servlet.init.greeting=hi"})
                public class Hello extends HttpServlet {
                    private String greeting;
                    @Override public void init() { greeting = getInitParameter("greeting"); }
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print(greeting + " " + getServletName());
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("hi com.example.hello.Hello", body("/init"));
    }

    @Test
    public void anAsynchronousServletAnswersLater() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern("/later")
                @HttpWhiteboardServletAsyncSupported
                public class Later extends HttpServlet {
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                        AsyncContext later = request.startAsync();
                        Thread.ofVirtual().start(() -> {
                            try {
                                later.getResponse().getWriter().print("later");
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                            later.complete();
                        });
                    }
                }
                """, """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern("/again")
                @HttpWhiteboardServletAsyncSupported
                public class Again extends HttpServlet {
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        if (request.getDispatcherType() == DispatcherType.ASYNC) {
                            response.getWriter().print("dispatched " + request.getAttribute("from"));
                            return;
                        }
                        request.setAttribute("from", "first");
                        AsyncContext later = request.startAsync();
                        Thread.ofVirtual().start(later::dispatch);
                    }
                }
                """, """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern("/never")
                public class Never extends HttpServlet {
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print(request.isAsyncSupported());
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("later", body("/later"));
        assertEquals("dispatched first", body("/again"));
        assertEquals("false", body("/never"));
    }

    @Test
    public void aMultipartFormIsTakenApart() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern("/upload")
                @HttpWhiteboardServletMultipart(maxFileSize = 1000)
                public class Upload extends HttpServlet {
                    @Override protected void doPost(HttpServletRequest request, HttpServletResponse response)
                            throws IOException, ServletException {
                        Part part = request.getPart("file");
                        response.getWriter().print(part.getSubmittedFileName() + " " + part.getSize() + " "
                                + new String(part.getInputStream().readAllBytes()) + " " + request.getParameter("name"));
                    }
                }
                """);
        String form = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nada\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                + "content\r\n--b--\r\n";

        assertEquals("", refused);
        HttpResponse<String> response = send(request("/upload")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(form)));
        assertEquals("a.txt 7 content ada", response.body());
    }

    @Test
    public void filtersRunInTheOrderOfTheirRanking() throws Exception {
        String refused = push(
                "1.0.0",
                servlet("Hello", "/filtered", "out.print(request.getAttribute(\"seen\"));"),
                filter("First", 20, "osgi.http.whiteboard.filter.pattern=/*"),
                filter("Second", 10, "osgi.http.whiteboard.filter.servlet=com.example.hello.Hello"),
                filter("Third", 5, "osgi.http.whiteboard.filter.regex=/fil.*"),
                filter("Elsewhere", 30, "osgi.http.whiteboard.filter.pattern=/elsewhere/*"));

        assertEquals("", refused);
        assertEquals("First Second Third", body("/filtered"));
    }

    private static String filter(String name, int ranking, String where) {
        return """
                @Component(service = Filter.class, property = {"service.ranking:Integer=%2$s", "%3$s"})
                public class %1$s implements Filter {
                    @Override public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                            throws IOException, ServletException {
                        Object seen = request.getAttribute("seen");
                        request.setAttribute("seen", seen == null ? "%1$s" : seen + " %1$s");
                        chain.doFilter(request, response);
                    }
                }
                """.formatted(name, ranking, where);
    }

    @Test
    public void aFilterMayAskForForwardsAndErrorsOnly() throws Exception {
        String refused = push(
                "1.0.0",
                servlet("Target", "/target", "out.print(\"target \" + request.getAttribute(\"seen\"));"),
                servlet("From", "/from", "request.getRequestDispatcher(\"/target\").forward(request, response);"),
                """
                @Component(service = Filter.class)
                @HttpWhiteboardFilterPattern("/*")
                @HttpWhiteboardFilterDispatcher(DispatcherType.FORWARD)
                public class Forwards implements Filter {
                    @Override public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                            throws IOException, ServletException {
                        request.setAttribute("seen", "forward");
                        chain.doFilter(request, response);
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("target null", body("/target"));
        assertEquals("target forward", body("/from"));
    }

    @Test
    public void listenersHearOfContextsRequestsAndSessions() throws Exception {
        String refused = push(
                "1.0.0",
                servlet(
                        "Heard",
                        "/heard",
                        "if (request.getParameter(\"s\") != null) request.getSession().setAttribute(\"a\", \"b\"); out.print(Ears.HEARD);"),
                """
                @Component(service = {ServletContextListener.class, ServletRequestListener.class, HttpSessionListener.class,
                        HttpSessionAttributeListener.class}, property = "osgi.http.whiteboard.listener=true")
                public class Ears implements ServletContextListener, ServletRequestListener, HttpSessionListener,
                        HttpSessionAttributeListener {
                    static final List<String> HEARD = new java.util.concurrent.CopyOnWriteArrayList<>();
                    @Override public void contextInitialized(ServletContextEvent event) { HEARD.add("context"); }
                    @Override public void requestInitialized(ServletRequestEvent event) { HEARD.add("request"); }
                    @Override public void sessionCreated(HttpSessionEvent event) { HEARD.add("session"); }
                    @Override public void attributeAdded(HttpSessionBindingEvent event) { HEARD.add(event.getName()); }
                }
                """);

        assertEquals("", refused);
        assertEquals("[context, request, session, a]", body("/heard?s=1"));
    }

    @Test
    public void errorPagesAnswerForStatusesAndExceptions() throws Exception {
        String refused = push(
                "1.0.0",
                servlet("Gone", "/gone", "response.sendError(410, \"over\");"),
                servlet("Broken", "/broken", "throw new IllegalStateException(\"secret of the house\");"),
                servlet("Bare", "/bare", "response.sendError(418);"),
                """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletErrorPage(errorPage = {"410", "java.lang.IllegalStateException"})
                public class Errors extends HttpServlet {
                    @Override protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print("error page " + request.getAttribute("jakarta.servlet.error.status_code"));
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("410 error page 410", body("/gone"));
        assertEquals("500 error page 500", body("/broken"));
        assertEquals(418, get("/bare").statusCode());
    }

    @Test
    public void anErrorShowsNothingOfTheCode() throws Exception {
        assertEquals("", push("1.0.0", servlet("Broken", "/broken", "throw new IllegalStateException(\"secret\");")));

        HttpResponse<String> response = get("/broken");
        assertEquals(500, response.statusCode());
        assertTrue(
                response.body(),
                !response.body().contains("secret") && !response.body().contains("com.example"));
        String id = response.headers().firstValue("X-Request-Id").orElseThrow();
        assertTrue(response.body(), response.body().contains("Request " + id));
    }

    @Test
    public void aContextOfItsOwnIsSelectedByName() throws Exception {
        String refused =
                push("1.0.0", """
                @Component(service = ServletContextHelper.class, scope = ServiceScope.BUNDLE)
                @HttpWhiteboardContext(name = "shop", path = "/shop")
                public class Shop extends ServletContextHelper {
                    @Override public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) {
                        if (request.getParameter("key") == null) {
                            response.setStatus(401);
                            return false;
                        }
                        return true;
                    }
                }
                """, servlet("Root", "/cart", "out.print(\"root \" + request.getContextPath());"), """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern("/cart")
                @HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=shop)")
                public class Cart extends HttpServlet {
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        response.getWriter().print("shop " + request.getContextPath() + request.getServletPath());
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("root", body("/cart"));
        assertEquals("shop /shop/cart", body("/shop/cart?key=1"));
        assertEquals(401, get("/shop/cart").statusCode());
    }

    @Test
    public void aPreprocessorSeesEveryRequestFirst() throws Exception {
        String refused = push("1.0.0", servlet("Hello", "/pre", "out.print(request.getAttribute(\"pre\"));"), """
                @Component(service = Preprocessor.class)
                public class Before implements Preprocessor {
                    @Override public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                            throws IOException, ServletException {
                        request.setAttribute("pre", "processed");
                        chain.doFilter(request, response);
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("processed", body("/pre"));
    }

    @Test
    public void theRuntimeDescribesItself() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/runtime")
                public class Runtime extends HttpServlet {
                    @Reference org.osgi.service.servlet.runtime.HttpServiceRuntime runtime;
                    @Reference(service = org.osgi.service.servlet.runtime.HttpServiceRuntime.class)
                    org.osgi.framework.ServiceReference<org.osgi.service.servlet.runtime.HttpServiceRuntime> reference;
                    @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                        var state = runtime.getRuntimeDTO();
                        var info = runtime.calculateRequestInfoDTO("/runtime");
                        long servlets = Arrays.stream(state.servletContextDTOs)
                                .filter(context -> context.name.equals("default"))
                                .mapToLong(context -> context.servletDTOs.length)
                                .sum();
                        // Sections 140.11.1 and 140.11.3, of the bundle that registers it.
                        var wiring = reference.getBundle().adapt(org.osgi.framework.wiring.BundleWiring.class);
                        var provided = java.util.stream.Stream.of("osgi.implementation", "osgi.service")
                                .flatMap(namespace -> wiring.getCapabilities(namespace).stream())
                                .map(each -> each.getAttributes().toString())
                                .filter(each -> each.contains("osgi.http") || each.contains("HttpServiceRuntime"))
                                .count();
                        response.getWriter().print(servlets + " " + info.servletDTO.patterns[0] + " " + provided);
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals("1 /runtime 2", body("/runtime"));
    }

    /** Compendium, sections 140.11.1 to 140.11.3: what a bundle that needs the whiteboard requires. */
    @Test
    public void theNodeHasTheCapabilitiesOfAnImplementation() {
        assertTrue(isProvided("osgi.implementation", "(&(osgi.implementation=osgi.http)(version=2.0))"));
        assertTrue(isProvided("osgi.contract", "(&(osgi.contract=JakartaServlet)(version=6.0))"));
        assertTrue(isProvided("osgi.service", "(objectClass=org.osgi.service.servlet.runtime.HttpServiceRuntime)"));
    }

    private boolean isProvided(String namespace, String filter) {
        return Arrays.stream(context().getBundles())
                .map(bundle -> bundle.adapt(BundleWiring.class))
                .filter(Objects::nonNull)
                .flatMap(wiring -> wiring.getCapabilities(namespace).stream())
                .anyMatch(capability -> filter(filter).matches(capability.getAttributes()));
    }

    private static Filter filter(String text) {
        try {
            return FrameworkUtil.createFilter(text);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
