package com.espra.protoplex.test.command;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;

/**
 * A fleet of what somebody has unpacked elsewhere, in a folder with a name that few would choose, where the system speaks ASCII alone, and
 * whose files somebody has damaged.
 */
public class StrangePlacesIT {

    /** What a file may be called that this JVM can name. */
    private static final String NAME =
            System.getProperty("sun.jnu.encoding", "").equals("UTF-8") ? "100% f\u00fcr #1" : "100% for #1";

    @Rule
    public final Fleet fleet = new Fleet();

    @Test
    public void itServesAndSaysWhatAnAppLogsAndWhatWasDamaged() throws Exception {
        // If the build's own is not rehearsed yet, the unpacked one would be, besides.
        fleet.run("--version").succeeded();
        Path home = Unpacked.in(fleet.root().resolve("elsewhere"));
        Unpacked.compileAgainstItsRepository(home, fleet.root());
        fleet.useScriptOf(home);
        fleet.place(NAME);
        fleet.with("LC_ALL", "C");
        fleet.up();
        Path jar = Apps.with("hello", "1.0.0", """
                public void init() {
                    System.out.println("it was said aloud");
                }
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    response.getWriter().print("hello 1.0.0");
                }
                """).build(fleet.root().resolve(NAME + " jars"));
        fleet.run("push", jar.toString()).succeeded();
        fleet.assertServes("/hello", "hello 1.0.0");

        String logs = fleet.run("logs", "--app", "hello").succeeded().output();
        assertTrue(logs, logs.contains("it was said aloud"));
        String of = fleet.run("logs", "--app", "nobody").errors();
        assertTrue(of, of.contains("nobody"));

        fleet.run("down").succeeded();
        Path key = fleet.dir().resolve("fleet.key");
        Files.writeString(key, "garbage");
        Fleet.Result up = fleet.up();
        assertTrue(up.toString(), (up.output() + up.errors()).contains("fleet.key was damaged"));
        assertFalse(Files.readString(key, StandardCharsets.ISO_8859_1).contains("garbage"));
        fleet.assertServes("/hello", "hello 1.0.0");
        String status = fleet.run("status").succeeded().output();
        assertTrue(status, status.contains("fleet.key was damaged"));
        String health = fleet.get(8050, "/health/ready").body();
        assertTrue(health, health.contains("fleet.key was damaged"));

        fleet.run("down").succeeded();
        Path token = fleet.dir().resolve("operator.token");
        Files.write(token, new byte[0]);
        fleet.up();
        assertTrue("another one is made", Files.size(token) > 0);
        fleet.run("status").succeeded();
    }
}
