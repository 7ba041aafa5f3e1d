package com.espra.protoplex.test.command;

import com.espra.protoplex.test.support.Handbook;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The role {@code counter} whose feature is in docs/writing-roles.md, made of what that page and docs/swap.md show of classes. At
 * /counter it says what they know.
 */
final class HandbookRole {

    private static final String ROLES = "writing-roles.md";
    private static final String COMPONENTS = "org.osgi.service.component.annotations.*";
    private static final String CONDITION = "org.osgi.service.condition.Condition";
    private static final String GENERATION = "com.espra.protoplex.api.swap.Generation";
    private static final String NODE = "com.espra.protoplex.api.node.Node";
    private static final String SERVLET = "jakarta.servlet.Servlet";
    private static final String SERVLETS = "jakarta.servlet.http.*";
    private static final String PATTERN = "org.osgi.service.servlet.whiteboard.propertytypes.*";

    private static final String SHOWS = """
            package com.example.counter;

            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.io.*;
            import org.osgi.service.component.annotations.*;
            import org.osgi.service.servlet.whiteboard.propertytypes.*;

            @Component(service = Servlet.class)
            @HttpWhiteboardServletPattern("/counter")
            public class Shows extends HttpServlet {
                @Reference com.example.counter.Counter counter;
                @Reference com.example.mail.MailNodes mail;
                @Reference com.example.meters.Orders orders;
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    orders.take("book");
                    response.getWriter().print("counter " + counter.next() + ", nodes with mail: " + mail.all());
                }
            }
            """;

    private HandbookRole() {}

    /** Writes its feature and its bundle. */
    static Path write(Path folder) throws IOException {
        Path target = Files.createDirectories(folder);
        TestBundle.named("counter")
                .source(SHOWS)
                .source(Handbook.source(
                        ROLES,
                        "live",
                        "com.example.counter",
                        GENERATION,
                        NODE,
                        "java.io.IOException",
                        "java.nio.file.*",
                        COMPONENTS,
                        CONDITION))
                .source(Handbook.source(
                        ROLES,
                        "directory",
                        "com.example.mail",
                        "com.espra.protoplex.api.directory.*",
                        "java.util.List",
                        COMPONENTS))
                .source(Handbook.source(
                        ROLES,
                        "meters",
                        "com.example.meters",
                        "com.espra.protoplex.api.meter.*",
                        "java.time.*",
                        "java.util.Queue",
                        "java.util.concurrent.ConcurrentLinkedQueue",
                        COMPONENTS))
                .source(Handbook.source(
                        "swap.md",
                        "store",
                        "com.example.store",
                        "static java.nio.file.StandardOpenOption.*",
                        NODE,
                        GENERATION,
                        "com.espra.protoplex.files.FolderLock",
                        "java.io.IOException",
                        "java.nio.channels.FileChannel",
                        "java.nio.charset.StandardCharsets",
                        "java.nio.file.Path",
                        "java.time.Duration",
                        COMPONENTS,
                        CONDITION))
                .source(Handbook.source(
                        "swap.md",
                        "store's user",
                        "com.example.store",
                        SERVLET,
                        SERVLETS,
                        "java.io.IOException",
                        COMPONENTS,
                        PATTERN))
                .build(target);
        return Files.writeString(target.resolve("counter.json"), Handbook.example(ROLES, "feature"));
    }
}
