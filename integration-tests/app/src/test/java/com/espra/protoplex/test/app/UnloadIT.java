package com.espra.protoplex.test.app;

import static org.junit.Assert.assertEquals;

import com.espra.protoplex.test.support.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A generation that is gone leaves nothing behind. */
public class UnloadIT extends AppTest {

    private static final String[] APP = {
        servlet("Hello", "/hello", "request.getSession().setAttribute(\"a\", new Held()); out.print(\"hello\");"),
        "public class Held implements Serializable { private static final long serialVersionUID = 1; }",
        """
        @Component(service = Filter.class, property = "osgi.http.whiteboard.filter.pattern=/*")
        public class Pass implements Filter {
            @Override public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                chain.doFilter(request, response);
            }
        }
        """,
        """
        @Component(service = org.eclipse.jetty.server.Handler.class, property = "protoplex.path=/low")
        public class Low extends org.eclipse.jetty.server.Handler.Abstract {
            @Override public boolean handle(org.eclipse.jetty.server.Request request,
                    org.eclipse.jetty.server.Response response, org.eclipse.jetty.util.Callback callback) {
                callback.succeeded();
                return true;
            }
        }
        """
    };

    @Test
    public void theClassLoadersOfRemovedGenerationsAreCollected() throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertEquals("", push("1.0." + i, APP));
            assertEquals("hello", body("/hello"));
            assertEquals(200, get("/low").statusCode());
            for (Bundle bundle : context().getBundles()) {
                if ("com.example.hello".equals(bundle.getSymbolicName())) {
                    loaders.add(
                            new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
                }
            }
        }

        node().remove("hello");

        Await.until("all class loaders are collected", Duration.ofSeconds(30), () -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.refersTo(null));
        });
    }

    /** A logger is never collected. */
    @Test
    public void noLoggerIsMadeForAGeneration() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals("", push("1.0." + i, APP));
        }

        Object logging = LoggerFactory.getILoggerFactory();
        List<String> ofGenerations = ((List<?>)
                        logging.getClass().getMethod("getLoggerList").invoke(logging))
                .stream()
                        .map(logger -> ((Logger) logger).getName())
                        .filter(name -> name.matches(".*hello[-_]\\d+.*"))
                        .toList();
        assertEquals(List.of(), ofGenerations);
    }
}
