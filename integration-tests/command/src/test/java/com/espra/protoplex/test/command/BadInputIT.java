package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.TestBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * What users do wrong, and what hostile ones try. In every case: exit status 1, an error that names the cause, and the build that
 * served before serves on.
 */
public class BadInputIT {

    @ClassRule
    public static final SharedFleet shared = new SharedFleet();

    private static final Fleet fleet = shared.fleet;

    private Path folder;

    @BeforeClass
    public static void push() throws Exception {
        fleet.run("push", Apps.app("good", "1.0.0").build(fleet.root()).toString())
                .succeeded();
    }

    @Before
    public void folder() throws IOException {
        folder = Files.createTempDirectory(fleet.root(), "bad");
    }

    @AfterClass
    public static void nothingHalfInstalledRemains() throws Exception {
        fleet.assertServes("/good", "good 1.0.0");
        String bundles =
                fleet.run("shell", "node-1", "lb -l com.example").succeeded().output();
        assertFalse(bundles, bundles.contains("2.0."));
    }

    @Test
    public void notABundle() throws Exception {
        Path text = Files.writeString(folder.resolve("good-2.0.0.jar"), "this is no zip file");
        refused(text, "not a");
        Path plain = folder.resolve("plain.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(plain))) {
            zip.putNextEntry(new ZipEntry("a.txt"));
            zip.write("a".getBytes(StandardCharsets.UTF_8));
        }
        refused(plain, "is not a bundle");
    }

    @Test
    public void anImportThatNothingProvides() throws Exception {
        refused(
                Apps.app("good", "2.0.1")
                        .header("Import-Package", "org.nowhere;version='[1.2,2)',*")
                        .build(folder),
                "org.nowhere",
                "com.example.good");
    }

    @Test
    public void throwsInStart() throws Exception {
        TestBundle bundle =
                Apps.app("good", "2.0.2").source("""
                        package com.example.good;
                        import org.osgi.framework.*;
                        public class Starter implements BundleActivator {
                            public void start(BundleContext context) { throw new IllegalStateException("no database today"); }
                            public void stop(BundleContext context) {}
                        }
                        """).header("Bundle-Activator", "com.example.good.Starter");
        refused(bundle.build(folder), "no database today");
    }

    @Test
    public void throwsInActivate() throws Exception {
        refused(
                Apps.with("good", "2.0.3", "@Activate public App() { throw new IllegalStateException(\"no key\"); }")
                        .build(folder),
                "no key");
    }

    @Test
    public void throwsInInit() throws Exception {
        refused(
                Apps.with(
                                "good",
                                "2.0.4",
                                "public void init() throws ServletException { throw new ServletException(\"no template\"); }")
                        .build(folder),
                "no template");
    }

    @Test
    public void neverReady() throws Exception {
        Path jar = Apps.with("good", "2.0.5", "@Reference Runnable engine;").build(folder);
        refused(jar, List.of("--ready", "2"), "java.lang.Runnable");
    }

    @Test
    public void aHealthCheckThatStaysRed() throws Exception {
        Path jar = Apps.app("good", "2.0.6").source("""
                        package com.example.good;
                        import org.apache.felix.hc.api.*;
                        import org.osgi.service.component.annotations.Component;
                        @Component
                        public class Check implements HealthCheck {
                            public Result execute() { return new Result(Result.Status.CRITICAL, "the reactor is too hot"); }
                        }
                        """).build(folder);
        refused(jar, List.of("--ready", "2"), "the reactor is too hot");
    }

    @Test
    public void aVersionThatWasPushedWithOtherContent() throws Exception {
        refused(Apps.app("good", "1.0.0").resource("more.txt", "more").build(folder), "1.0.0", "already");
    }

    @Test
    public void aDowngradeWithoutRollback() throws Exception {
        refused(Apps.app("good", "0.9.0").build(folder), "rollback");
    }

    @Test
    public void twoAppsThatClaimOnePath() throws Exception {
        Path thief = TestBundle.named("com.example.thief")
                .version("2.0.7")
                .source(Apps.servlet("good", ""))
                .build(folder);
        refused(thief, "/good");
        assertEquals("thief is not there", 1, fleet.run("remove", "thief").status());
    }

    @Test
    public void aZipBomb() throws Exception {
        Path bomb = Apps.app("good", "2.0.8").build(folder);
        Path bigger = folder.resolve("bomb.jar");
        try (java.util.zip.ZipInputStream in = new java.util.zip.ZipInputStream(Files.newInputStream(bomb));
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(bigger))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                in.transferTo(out);
            }
            out.putNextEntry(new ZipEntry("zeros"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                out.write(zeros);
            }
        }
        refused(bigger, "zeros");
    }

    /** Jetty tells of it in a record of its own. */
    @Test
    public void anAuthorityWithLineBreaksWritesNoLineIntoTheLog() throws Exception {
        String forged = "2026-01-01T00:00:00.000Z INFO  [main] forged app= - all is well";
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String text : List.of(
                ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a\n" + forged + "\u001b[2J")) {
            if (text.startsWith(":")) {
                block.write(0);
            }
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
        Path log = fleet.node("node-1").resolve("log/node.log");
        try (Socket stranger = new Socket("127.0.0.1", fleet.port(8080))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            out.writeBytes(new byte[] {0, 0, (byte) block.size(), 1, 5, 0, 0, 0, 1});
            block.writeTo(out);
            out.writeTo(stranger.getOutputStream());
            Await.until(
                    "it is logged", Fleet.DEADLINE, () -> Files.readString(log).contains("forged"));
        }
        for (String line : Files.readAllLines(log)) {
            assertFalse(line, line.startsWith(forged));
            assertTrue(line, line.chars().noneMatch(c -> Character.isISOControl(c) && c != '\t'));
        }
    }

    private static void refused(Path path, String... causes) throws Exception {
        refused(path, List.of(), causes);
    }

    private static void refused(Path path, List<String> options, String... causes) throws Exception {
        List<String> command = new ArrayList<>(List.of("push", path.toString()));
        command.addAll(options);
        Fleet.Result push = fleet.run(command.toArray(String[]::new)).failedWith(1);
        for (String cause : causes) {
            assertTrue("'" + cause + "' in " + push, push.all().contains(cause));
        }
        assertFalse(push.toString(), push.all().contains("\tat "));
        fleet.assertServes("/good", "good 1.0.0");
    }
}
