package com.espra.protoplex.test.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * A power cut in each step of a swap. The next {@code up} brings back what served, or what was acknowledged as serving; nothing of the rest
 * remains, and the fleet goes on.
 */
public class CrashIT {

    private static final String READY_SECONDS = "3";

    @ClassRule
    public static final Fleet fleet = new Fleet();

    private static int patch;
    private static String serving = "";

    /** Made by the new version when the step is reached, or by a request that hangs. */
    private Path reached;

    @BeforeClass
    public static void up() throws Exception {
        fleet.up();
        push();
    }

    @Before
    public void mark() throws IOException {
        reached = Files.createTempDirectory(fleet.root(), "mark").resolve("reached");
    }

    @Test
    public void whileTheFilesAreFetched() throws Exception {
        byte[] noise = new byte[64 << 20];
        new Random(1).nextBytes(noise);
        String version = next();
        Path jar = Apps.app("hello", version)
                .resource("noise", noise)
                .header("-compression", "STORE")
                .build(fleet.root());
        Path incoming = fleet.node("node-1").resolve("data/agent/store/incoming");

        Process push = fleet.start("push", jar.toString());
        Await.until("a file is on its way", Fleet.DEADLINE, () -> !isEmpty(incoming));
        fleet.kill("node-1");
        fleet.up();

        fleet.awaitRest();
        // The node fetches them to look whether it could install the build: mostly before anybody was told of it.
        if (ended(push) != 0 && !fleet.version("hello").equals(version)) {
            theFleetIsWhole(serving);
            fleet.run("push", jar.toString()).succeeded();
        }
        theFleetIsWhole(version);
    }

    /** For the engine a bundle that starts and a component that is activated are one step: one of them will do, unless there is time. */
    @Test
    public void whileABundleStarts() throws Exception {
        assumeTrue("long: -Dsoak", Fleet.SOAK);
        String version = next();
        killedIn(
                version,
                Apps.app("hello", version)
                        .source("""
                        package com.example.hello;
                        import org.osgi.framework.*;
                        public class Starter implements BundleActivator {
                            public void start(BundleContext context) throws Exception { %s }
                            public void stop(BundleContext context) {}
                        }
                        """.formatted(hang()))
                        .header("Bundle-Activator", "com.example.hello.Starter"));
    }

    @Test
    public void whileAComponentIsActivated() throws Exception {
        String version = next();
        killedIn(
                version,
                Apps.with("hello", version, "@Activate public App() throws Exception { %s }".formatted(hang())));
    }

    @Test
    public void whileItIsNotReady() throws Exception {
        String version = next();
        killedIn(version, Apps.app("hello", version).source("""
                package com.example.hello;
                import org.apache.felix.hc.api.*;
                import org.osgi.service.component.annotations.Component;
                @Component
                public class Check implements HealthCheck {
                    public Result execute() {
                        try {
                            %s
                        } catch (java.io.IOException e) {
                            throw new IllegalStateException(e);
                        }
                        return new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "not yet");
                    }
                }
                """.formatted(touch())));
    }

    @Test
    public void rightAfterTheFlip() throws Exception {
        String version = next();

        Process push = fleet.start("push", Apps.hello(version, fleet.root()).toString());
        Await.until("the flip", Fleet.DEADLINE, () -> fleet.get("/hello").body().equals("hello " + version));
        fleet.kill("node-1");
        fleet.up();

        fleet.awaitRest();
        boolean acknowledged = ended(push) == 0;
        String now = fleet.version("hello");
        assertTrue("serves " + now, now.equals(version) || !acknowledged && now.equals(serving));
        theFleetIsWhole(now);
    }

    @Test
    public void whileTheOldVersionDrains() throws Exception {
        String slow = next();
        Path jar = Apps.with("hello", slow, """
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    if (request.getPathInfo() != null) {
                        %s
                        try {
                            Thread.sleep(Long.MAX_VALUE);
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    response.getWriter().print("hello %s");
                }
                """.formatted(touch(), slow)).build(fleet.root());
        fleet.run("push", jar.toString()).succeeded();
        CompletableFuture<Boolean> answered = CompletableFuture.supplyAsync(() -> {
            try {
                fleet.get("/hello/slow");
                return true;
            } catch (IOException | InterruptedException e) {
                return false;
            }
        });
        Await.until("a request is under way", Fleet.DEADLINE, () -> Files.exists(reached));

        push();
        assertFalse("the old version still drains", answered.isDone());
        fleet.kill("node-1");
        fleet.up();

        assertFalse("its request broke with its process", answered.get(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        fleet.awaitRest();
        theFleetIsWhole(serving);
    }

    @Test
    public void byTheBuildItself() throws Exception {
        String status = endedByTheBuild("System.exit(1);");
        assertTrue(status, status.contains("System.exit was called by com.example.hello.App.init"));
    }

    @Test
    public void byTheBuildItselfForWantOfMemory() throws Exception {
        String status = endedByTheBuild("""
                java.util.List<byte[]> all = new java.util.ArrayList<>();
                while (true) {
                    all.add(new byte[1 << 20]);
                }
                """);
        assertTrue(status, status.contains("memory"));
        fleet.run("remove", "hello").succeeded();
        assertEquals(404, fleet.get("/hello").statusCode());
        push();
    }

    /** What status says when the node was started again. */
    private String endedByTheBuild(String inItsServletsInit) throws Exception {
        String version = next();
        Path jar = Apps.with("hello", version, "@Override public void init() { " + inItsServletsInit + " }")
                .build(fleet.root());

        long process = fleet.pid("node-1");
        Process push = fleet.start("push", jar.toString());
        Await.until("the build has ended the node", Fleet.DEADLINE, () -> !Fleet.isRunning(process));
        fleet.up();

        fleet.assertServes("/hello", "hello " + serving);
        fleet.awaitRest();
        assertFalse(fleet.result(push).toString(), ended(push) == 0);
        theFleetIsWhole(serving);
        return fleet.run("status").succeeded().output();
    }

    /** The new version hangs on purpose, in a step that it reaches before the flip. */
    private void killedIn(String version, TestBundle hanging) throws Exception {
        Path jar = hanging.build(fleet.root());

        Process push = fleet.start("push", jar.toString(), "--ready", READY_SECONDS);
        Await.until("the step is reached", Fleet.DEADLINE, () -> {
            assertTrue(fleet.result(push).toString(), push.isAlive());
            return Files.exists(reached);
        });
        fleet.assertServes("/hello", "hello " + serving);
        fleet.kill("node-1");
        fleet.up();

        fleet.assertServes("/hello", "hello " + serving);
        fleet.awaitRest();
        int status = ended(push);
        assertTrue(fleet.result(push).toString(), status == 1 || status == 3);
        theFleetIsWhole(serving);
    }

    private static void theFleetIsWhole(String version) throws Exception {
        fleet.assertServes("/hello", "hello " + version);
        assertEquals(version, fleet.version("hello"));
        Await.until("nothing half-installed remains", Fleet.DEADLINE, () -> {
            String bundles = fleet.run("shell", "node-1", "lb -s com.example.hello")
                    .succeeded()
                    .output();
            assertTrue(bundles, bundles.contains("(" + version + ")"));
            // The one that served before may rest beside it, when the deployment was resumed.
            return bundles.lines()
                    .filter(line -> line.contains("com.example.hello"))
                    .allMatch(line -> line.contains("Active")
                            && (line.contains("(" + version + ")") || line.contains("(" + serving + ")")));
        });
        serving = version;
    }

    @AfterClass
    public static void theFleetGoesOn() throws Exception {
        push();
    }

    private static void push() throws Exception {
        String version = next();
        Fleet.Result result =
                fleet.run("push", Apps.hello(version, fleet.root()).toString()).succeeded();
        assertTrue(result.toString(), result.output().contains("serves on 1 of 1 nodes"));
        fleet.assertServes("/hello", "hello " + version);
        serving = version;
    }

    private static int ended(Process push) throws Exception {
        assertTrue("the push ends", push.waitFor(Fleet.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        return push.exitValue();
    }

    private static String next() {
        return "1.0." + ++patch;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().isEmpty();
        }
    }

    private String hang() {
        return touch() + " Thread.sleep(Long.MAX_VALUE);";
    }

    private String touch() {
        return "java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + reached + "\"), \"\");";
    }
}
