package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** The two kinds of server, as the feature of a role asks for them: {@code protoplex.role.kind}. */
public class KindsIT {

    private static final String WHOSE_THREAD = """
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.getWriter().print(Thread.currentThread().isVirtual() ? "virtual" : "platform");
            }
            """;

    @Rule
    public final Fleet fleet = new Fleet();

    @Rule
    public final SharedFleet shared = new SharedFleet();

    @Test
    public void aRoleOfEventsGetsOneChildACoreAndFewThreads() throws Exception {
        fleet.use(distributionWithAppsOf("events"));
        fleet.up("--children", "cores");
        push(fleet);

        assertEquals(
                Runtime.getRuntime().availableProcessors(),
                fleet.serving("node-1").size());
        fleet.assertServes("/kind", "platform");
    }

    @Test
    public void aRoleOfThreadsServesEachRequestOnAVirtualOne() throws Exception {
        push(shared.fleet);

        shared.fleet.assertServes("/kind", "virtual");
    }

    private static void push(Fleet fleet) throws IOException, InterruptedException {
        Path jar = Apps.with("kind", "1.0.0", WHOSE_THREAD).build(fleet.root());
        fleet.run("push", jar.toString()).succeeded();
    }

    /** The distribution, but for what the App role says of itself. */
    private Path distributionWithAppsOf(String kind) throws IOException {
        Path made = Files.createDirectory(fleet.root().resolve("distribution"));
        for (String folder : List.of("aot", "bundles", "etc", "lib", "roles")) {
            Files.createSymbolicLink(made.resolve(folder), Fleet.DISTRIBUTION.resolve(folder));
        }
        Path features = Files.createDirectory(made.resolve("features"));
        try (Stream<Path> files = Files.list(Fleet.DISTRIBUTION.resolve("features"))) {
            for (Path each : files.toList()) {
                Files.copy(each, features.resolve(each.getFileName()));
            }
        }
        Path app = features.resolve("app.json");
        String text = Files.readString(app);
        String threads = "\"protoplex.role.kind\": \"threads\"";
        assertTrue(text, text.contains(threads));
        Files.writeString(app, text.replace(threads, "\"protoplex.role.kind\": \"" + kind + "\""));
        return made;
    }
}
