package com.espra.protoplex.test.command;

import com.espra.protoplex.test.support.TestBundle;
import java.nio.file.Path;

/** The little apps that the tests push. Each is an ordinary bundle of com.example.NAME with a servlet at /NAME. */
final class Apps {

    private Apps() {}

    /** Answers {@code name version}, and keeps a count in the session at /name/visits. */
    static TestBundle app(String name, String version) {
        return TestBundle.named("com.example." + name).version(version).source(servlet(name, """
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    response.getWriter().print("%s %s");
                }
                """.formatted(
                        name, version)));
    }

    static Path hello(String version, Path folder) {
        return app("hello", version).build(folder);
    }

    /** An app whose servlet has these members besides. */
    static TestBundle with(String name, String version, String members) {
        return TestBundle.named("com.example." + name).version(version).source(servlet(name, members));
    }

    static String servlet(String name, String members) {
        return """
                package com.example.%1$s;

                import jakarta.servlet.*;
                import jakarta.servlet.http.*;
                import java.io.*;
                import org.osgi.service.component.annotations.*;
                import org.osgi.service.servlet.whiteboard.propertytypes.*;

                @Component(service = Servlet.class)
                @HttpWhiteboardServletPattern({"/%1$s", "/%1$s/*"})
                public class App extends HttpServlet {
                %2$s
                }
                """.formatted(name, members);
    }
}
