package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.stream.Stream;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** Apps that are not ready, and what is said about them. */
public class FailureIT extends AppTest {

    @Test
    public void anExceptionInInitIsToldWithItsCause() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/broken")
                public class Broken extends HttpServlet {
                    @Override public void init() throws ServletException {
                        throw new ServletException("no database", new IOException("port 5432 refused"));
                    }
                }
                """);

        assertContains(refused, "servlet at /broken", "com.example.hello 1.0.0", "no database", "port 5432 refused");
    }

    @Test
    public void anExceptionInActivateIsToldWithItsCause() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/broken")
                public class Broken extends HttpServlet {
                    @Activate public Broken() { throw new IllegalStateException("no licence"); }
                }
                """);

        assertContains(refused, "com.example.hello.Broken", "no licence");
    }

    /** The whiteboard waits for the one with its lock, and has the other. */
    @Test
    public void aComponentThatHangsBesideOneThatServesIsRemoved() throws Exception {
        String refused = push("1.0.0", servlet("Fine", "/fine", "out.print(1);"), """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/hanging")
                public class Hanging extends HttpServlet {
                    @Activate public Hanging() throws InterruptedException {
                        try {
                            Thread.sleep(Long.MAX_VALUE);
                        } catch (InterruptedException e) {
                            Thread.sleep(Long.MAX_VALUE); // one interruption is not enough
                        }
                    }
                }
                """);

        assertContains(refused, "starting hello", "did not end within");
        Await.until(
                "nothing of it remains",
                Duration.ofSeconds(30),
                () -> Stream.of(context().getBundles())
                        .noneMatch(bundle -> "com.example.hello".equals(bundle.getSymbolicName())));
    }

    @Test
    public void anUnsatisfiedComponentIsNamedWithWhatItWaitsFor() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/waiting")
                public class Waiting extends HttpServlet {
                    @Reference(target = "(kind=primary)") Comparator<?> database;
                }
                """);

        assertContains(refused, "component com.example.hello.Waiting", "java.util.Comparator", "(kind=primary)");
    }

    @Test
    public void aMissingConfigurationIsNamed() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class, configurationPid = "hello.settings",
                        configurationPolicy = ConfigurationPolicy.REQUIRE,
                        property = "osgi.http.whiteboard.servlet.pattern=/waiting")
                public class Waiting extends HttpServlet { }
                """);

        assertContains(refused, "component com.example.hello.Waiting", "configuration", "hello.settings");
    }

    /** A servlet of somebody else's that nobody configures holds no push, if it is named. */
    @Test
    public void anOptionalComponentMayMissItsConfiguration() throws Exception {
        String[] sources = {servlet("Hello", "/hello", "out.print(1);"), """
                @Component(service = Servlet.class, configurationPid = "hello.settings",
                        configurationPolicy = ConfigurationPolicy.REQUIRE,
                        property = "osgi.http.whiteboard.servlet.pattern=/waiting")
                public class Waiting extends HttpServlet { }
                """};
        assertContains(push("1.0.0", sources), "component com.example.hello.Waiting", "hello.settings");

        assertEquals("", pushWithOptional("com.example.hello.Waiting", "1.0.1", sources));
        assertEquals("1", body("/hello"));
        assertEquals(404, get("/waiting").statusCode());
    }

    @Test
    public void aBadPatternIsTold() throws Exception {
        String refused = push("1.0.0", servlet("Bad", "no-slash", ""));

        assertContains(refused, "not valid", "no-slash");
    }

    @Test
    public void aContextThatNobodyHasIsTold() throws Exception {
        String refused = push("1.0.0", """
                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern("/lost")
                @HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=nobody)")
                public class Lost extends HttpServlet { }
                """);

        assertContains(refused, "servlet at /lost", "(osgi.http.whiteboard.context.name=nobody)");
    }

    @Test
    public void afterARefusalTheOldVersionServesOn() throws Exception {
        assertEquals("", push("1.0.0", servlet("Hello", "/hello", "out.print(\"one\");")));

        String refused = push("1.0.1", servlet("Hello", "/hello", "out.print(\"two\");"), """
                @Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=/broken")
                public class Broken extends HttpServlet {
                    @Override public void init() { throw new IllegalStateException("not today"); }
                }
                """);

        assertContains(refused, "not today");
        assertEquals("one", body("/hello"));
    }

    @Test
    public void aServletOfThePlatformIsNotPartOfAnApp() throws Exception {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", "/platform");
        ServiceRegistration<?> platform = context()
                .registerService(
                        jakarta.servlet.Servlet.class,
                        new jakarta.servlet.http.HttpServlet() {
                            private static final long serialVersionUID = 1L;
                        },
                        properties);
        try {
            assertEquals("", push("1.0.0", servlet("Hello", "/*", "out.print(\"app\");")));
            assertEquals("app", body("/platform"));
        } finally {
            platform.unregister();
        }
    }

    @Test
    public void routesFollowServicesThatComeAndGo() throws Exception {
        String refused = push("1.0.0", servlet("Hello", "/hello", "out.print(Switch.flick());"), """
                @Component(service = {}, immediate = true)
                public class Switch {
                    static Switch self;
                    org.osgi.framework.BundleContext context;
                    org.osgi.framework.ServiceRegistration<?> late;
                    @Activate public Switch(org.osgi.framework.BundleContext context) { this.context = context; self = this; }
                    static synchronized String flick() {
                        if (self.late != null) {
                            self.late.unregister();
                            self.late = null;
                            return "off";
                        }
                        Hashtable<String, Object> properties = new Hashtable<>();
                        properties.put("osgi.http.whiteboard.servlet.pattern", "/late");
                        self.late = self.context.registerService(Servlet.class, new HttpServlet() {
                            @Override protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                    throws IOException {
                                response.getWriter().print("late");
                            }
                        }, properties);
                        return "on";
                    }
                }
                """);

        assertEquals("", refused);
        assertEquals(404, get("/late").statusCode());
        assertEquals("on", body("/hello"));
        Await.until(
                "the late servlet has a route",
                Duration.ofSeconds(5),
                () -> body("/late").equals("late"));
        assertEquals("off", body("/hello"));
        Await.until(
                "the route is gone", Duration.ofSeconds(5), () -> get("/late").statusCode() == 404);
    }

    /** What the specification does not know, at run time: the library's own description of itself used to fail for good. */
    @Test
    public void aBadServiceThatComesLaterStopsNoRoute() throws Exception {
        assertEquals("", push("1.0.0", servlet("Hello", "/hello", "out.print(Late.next());"), """
                @Component(service = {}, immediate = true)
                public class Late {
                    static org.osgi.framework.BundleContext context;
                    static final Deque<org.osgi.framework.ServiceRegistration<?>> all = new ArrayDeque<>();
                    @Activate public Late(org.osgi.framework.BundleContext its) { context = its; }
                    static synchronized String next() {
                        Hashtable<String, Object> properties = new Hashtable<>();
                        int now = all.size();
                        if (now == 0) {
                            properties.put("osgi.http.whiteboard.filter.pattern", "/*");
                            properties.put("osgi.http.whiteboard.filter.dispatcher", "SOMETIMES");
                            all.add(context.registerService(Filter.class,
                                    (Filter) (request, response, chain) -> chain.doFilter(request, response), properties));
                        } else if (now == 1) {
                            properties.put("osgi.http.whiteboard.servlet.pattern", "/after");
                            all.add(context.registerService(Servlet.class, new HttpServlet() {
                                @Override protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                        throws IOException {
                                    response.getWriter().print("after");
                                }
                            }, properties));
                        } else if (now == 2) {
                            all.removeLast().unregister();
                            all.add(all.peekFirst());
                            all.add(all.peekFirst());
                        }
                        return "step " + now;
                    }
                }
                """));

        assertEquals("step 0", body("/hello"));
        assertEquals("step 1", body("/hello"));
        Await.until(
                "a route that comes after it is there",
                Duration.ofSeconds(10),
                () -> body("/after").equals("after"));
        assertEquals("step 2", body("/hello"));
        Await.until("and goes", Duration.ofSeconds(10), () -> get("/after").statusCode() == 404);
    }

    private static void assertContains(String text, String... parts) {
        for (String part : parts) {
            assertTrue("'" + part + "' is missing in: " + text, text.contains(part));
        }
    }
}
