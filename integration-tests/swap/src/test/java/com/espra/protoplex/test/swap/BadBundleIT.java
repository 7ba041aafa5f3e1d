package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.test.support.TestBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.Before;
import org.junit.Test;

/** Whatever is wrong with a release: the old one serves on, nothing half-installed remains, and the reason says why. */
public class BadBundleIT extends SwapTest {

    private List<String> before;

    @Before
    public void goodOneServes() throws Exception {
        swapDone(release(
                "bad",
                "1.0.0",
                handler("com.example.bad", "1.0.0", "/bad", "\"good\"").build(folder)));
        before = generationBundles();
        awaitLoad("the place of the next one is prepared", () -> !adapter.atRest.isEmpty());
    }

    private void refused(Step step, Release release, String... words) throws Exception {
        Outcome outcome = swapRefused(release);
        for (String word : words) {
            assertTrue(
                    "'" + word + "' in: " + outcome.reason(), outcome.reason().contains(word));
        }
        assertEquals(outcome.reason(), step, outcome.failedAt());
        assertServes("/bad", "good");
        assertEquals(before, generationBundles());
        assertEquals(outcome, engine.history().getFirst().outcome());
    }

    private Release bad(Path... jars) {
        return release("bad", "2.0.0", jars);
    }

    private Release hasty(Path jar) {
        Release release = bad(jar);
        return new Release(
                release.unit(),
                release.version(),
                release.digest(),
                release.bundles(),
                Map.of(),
                Duration.ofSeconds(2),
                release.drain());
    }

    private TestBundle activator(String body) {
        return TestBundle.named("com.example.bad")
                .version("2.0.0")
                .header("Bundle-Activator", "com.example.bad.Start")
                .source("""
                        package com.example.bad;
                        import org.osgi.framework.*;
                        public class Start implements BundleActivator {
                            @Override public void start(BundleContext context) throws Exception { %s }
                            @Override public void stop(BundleContext context) { }
                        }
                        """.formatted(body));
    }

    @Test
    public void throwsInStart() throws Exception {
        refused(
                Step.START,
                bad(activator("throw new IllegalStateException(\"no database\");")
                        .build(folder)),
                "com.example.bad 2.0.0 failed to start: IllegalStateException: no database",
                "at com.example.bad.Start.start(");
    }

    @Test
    public void throwsInActivate() throws Exception {
        Path jar = TestBundle.named("com.example.bad").source("""
                        package com.example.bad;
                        import org.osgi.service.component.annotations.*;
                        @Component(immediate = true, service = {})
                        public class Part {
                            @Activate public Part() { throw new IllegalArgumentException("no key"); }
                        }
                        """).build(folder.resolve("activate"));
        refused(
                Step.READY,
                bad(jar),
                "the component com.example.bad.Part of com.example.bad failed to activate",
                "IllegalArgumentException: no key",
                "at com.example.bad.Part.");
    }

    @Test
    public void hangsInStart() throws Exception {
        Path jar =
                activator("new java.util.concurrent.CountDownLatch(1).await();").build(folder);
        refused(Step.START, hasty(jar), "starting bad 2.0.0 did not end within 2 s", "at com.example.bad.Start.start(");
    }

    @Test
    public void spinsInStartAndIgnoresInterrupts() throws Exception {
        Path jar = activator("while (System.getProperty(\"swap.test.spin\") == null) Thread.onSpinWait();")
                .build(folder);
        Outcome outcome = swapRefused(hasty(jar));
        assertTrue(outcome.reason(), outcome.reason().contains("did not end within"));
        assertServes("/bad", "good");
        // The engine goes on with the unit while the old thread still spins.
        swapDone(release(
                "bad",
                "3.0.0",
                handler("com.example.bad", "3.0.0", "/bad", "\"better\"").build(folder)));
        assertServes("/bad", "better");
        System.setProperty("swap.test.spin", "over");
        try {
            awaitLoad(
                    "the stuck bundle goes when it returns",
                    () -> generationBundles().stream()
                                    .filter(at -> at.endsWith("com.example.bad"))
                                    .count()
                            == 2);
        } finally {
            System.clearProperty("swap.test.spin");
        }
    }

    @Test
    public void importsWhatNobodyExports() throws Exception {
        Path jar = activator("")
                .header("Import-Package", "com.example.nowhere;version='[1.2,2)',com.acme.gone,*")
                .build(folder);
        refused(
                Step.PREFLIGHT,
                bad(jar),
                "com.example.bad 2.0.0 needs the package com.example.nowhere [1.2.0,2.0.0)",
                "needs the package com.acme.gone",
                "Push a bundle that exports it");
    }

    @Test
    public void importsAnotherVersion() throws Exception {
        Path jar = activator("")
                .header("Import-Package", "org.eclipse.jetty.server;version='[9,10)',*")
                .build(folder);
        refused(Step.PREFLIGHT, bad(jar), "org.eclipse.jetty.server [9", "there is 12.1.12");
    }

    @Test
    public void isNoBundle() throws Exception {
        Path jar = folder.resolve("plain.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), new Manifest())) {
            out.putNextEntry(new ZipEntry("a.txt"));
        }
        refused(Step.PREFLIGHT, bad(jar), "plain.jar is not an OSGi bundle");
    }

    @Test
    public void isNoJar() throws Exception {
        Path jar = Files.writeString(folder.resolve("broken.jar"), "this is no jar");
        refused(Step.PREFLIGHT, bad(jar), "broken.jar is not a jar, or it is damaged");
    }

    @Test
    public void isDamaged() throws Exception {
        Path jar = activator("").resource("big.txt", "0123456789".repeat(10000)).build(folder.resolve("damaged"));
        byte[] bytes = Files.readAllBytes(jar);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("big.txt") + 40;
        for (int i = 0; i < 20; i++) {
            bytes[at + i] ^= 0x5a;
        }
        Files.write(jar, bytes);
        refused(Step.PREFLIGHT, bad(jar), "damaged");
    }

    @Test
    public void hasTwoBundlesOfOneName() throws Exception {
        refused(
                Step.PREFLIGHT,
                bad(activator("").build(folder), activator("").version("2.0.1").build(folder)),
                "are both the bundle com.example.bad (2.0.0 and 2.0.1)");
    }

    @Test
    public void neverBecomesReady() throws Exception {
        Path jar = TestBundle.named("com.example.bad").source("""
                        package com.example.bad;
                        import org.osgi.service.component.annotations.*;
                        @Component
                        public class Part implements Runnable {
                            @Reference java.util.concurrent.Callable<String> missing;
                            @Override public void run() { }
                        }
                        """).build(folder.resolve("waits"));
        refused(
                Step.READY,
                hasty(jar),
                "the component com.example.bad.Part of com.example.bad waits for the service java.util.concurrent.Callable");
    }

    @Test
    public void isNotHealthy() throws Exception {
        Path jar = TestBundle.named("com.example.bad").source("""
                        package com.example.bad;
                        import org.apache.felix.hc.api.*;
                        import org.osgi.service.component.annotations.*;
                        @Component(property = "hc.name=store")
                        public class Check implements HealthCheck {
                            @Override public Result execute() { return new Result(Result.Status.CRITICAL, "the store is closed"); }
                        }
                        """).build(folder.resolve("ill"));
        refused(Step.READY, hasty(jar), "the health check 'store' is CRITICAL", "the store is closed");
    }

    @Test
    public void becomesHealthyInTime() throws Exception {
        Path jar = handler("com.example.bad", "2.0.0", "/bad", "\"well\"")
                .source("""
                        package com.example.bad;
                        import org.apache.felix.hc.api.*;
                        import org.osgi.service.component.annotations.*;
                        @Component(property = "hc.name=store")
                        public class Check implements HealthCheck {
                            private int asked;
                            @Override public Result execute() {
                                return new Result(++asked < 3 ? Result.Status.TEMPORARILY_UNAVAILABLE : Result.Status.WARN, "soon");
                            }
                        }
                        """)
                .build(folder.resolve("slow"));
        swapDone(bad(jar));
        assertServes("/bad", "well");
    }

    private Path exporting(String name, String version, String source, String exports, String imports) {
        return TestBundle.named(name)
                .version(version)
                .source(source)
                .header("Export-Package", exports)
                .header("Import-Package", imports)
                .build(folder);
    }

    @Test
    public void seesOnePackageInTwoVersions() throws Exception {
        String source = "package com.example.p; public class P { }";
        Path one = exporting("com.example.p1", "1.0.0", source, "com.example.p;version=1.0.0", "!*");
        Path two = exporting("com.example.p2", "2.0.0", source, "com.example.p;version=2.0.0", "!*");
        Path user = exporting(
                "com.example.q",
                "1.0.0",
                "package com.example.q; public class Q { }",
                "com.example.q;version=1.0.0;uses:='com.example.p'",
                "com.example.p;version='[2,3)'");
        Path both = activator("")
                .header("Import-Package", "com.example.p;version='[1,2)',com.example.q,org.osgi.framework")
                .build(folder);
        refused(
                Step.INSTALL,
                bad(one, two, user, both),
                "com.example.bad 2.0.0 cannot be resolved: the package com.example.p would reach com.example.bad in two versions");
    }

    /** Somebody new has to tie a generation to its traffic, for which its place is not prepared: that is done while its bundles are installed. */
    @Test
    public void cannotBeTiedToItsTraffic() throws Exception {
        register(
                GenerationAdapter.class,
                adapter(generation -> {
                    throw new IOException("no room for another context");
                }),
                Map.of());
        Path jar = handler("com.example.bad", "2.0.0", "/bad", "\"better\"").build(folder);
        refused(Step.INSTALL, bad(jar), "cannot serve it: ", "no room for another context");
    }

    @Test
    public void isTiedToItsTrafficWhenItCannotBeInstalled() throws Exception {
        CountDownLatch tied = new CountDownLatch(1);
        AtomicInteger open = new AtomicInteger();
        register(
                GenerationAdapter.class,
                adapter(
                        generation -> {
                            // Its installation fails after this.
                            awaitLoad(
                                    "the bundle is installed",
                                    () -> !generation.bundles().isEmpty());
                            open.incrementAndGet();
                            tied.countDown();
                        },
                        open::decrementAndGet),
                Map.of());
        Path jar = TestBundle.named("com.example.bad")
                .version("2.0.0")
                .header("Bundle-NativeCode", "lib/none.so; osname=Solaris; processor=sparc")
                .resource("lib/none.so", "x")
                .build(folder);
        refused(Step.INSTALL, bad(jar), "has native code for other machines only");
        assertEquals("it was tied", 0, tied.getCount());
        assertEquals("and the tie was closed", 0, open.get());
    }

    /** Makes a tie that serves nothing. */
    @FunctionalInterface
    private interface Making {
        void of(Generation generation) throws Exception;
    }

    private static GenerationAdapter adapter(Making making) {
        return adapter(making, () -> {});
    }

    private static GenerationAdapter adapter(Making making, Runnable closing) {
        return (generation, backend) -> {
            if (generation.version().startsWith("2")) {
                making.of(generation);
            }
            return new GenerationAdapter.Binding() {
                @Override
                public List<GenerationAdapter.Problem> problems() {
                    return List.of();
                }

                @Override
                public List<Endpoint> endpoints() {
                    return List.of();
                }

                @Override
                public void onChange(Runnable listener) {
                    // It never changes.
                }

                @Override
                public void close() {
                    closing.run();
                }
            };
        };
    }
}
