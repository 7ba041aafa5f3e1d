package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.test.support.TestBundle;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Nothing is left of a generation that was removed; if something is, its holder is named. */
public class UnloadIT extends SwapTest {

    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    @Before
    public void nothingRests() throws Exception {
        configure("com.espra.protoplex.swap", Map.of("restKeep", 0));
    }

    private void note() {
        Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getLocation().startsWith("app:")
                        && !bundle.getLocation().endsWith(":anchor"))
                .map(bundle -> bundle.adapt(BundleWiring.class))
                .filter(Objects::nonNull)
                .map(BundleWiring::getClassLoader)
                .filter(loader -> loaders.stream().noneMatch(known -> known.refersTo(loader)))
                .map(WeakReference::new)
                .forEach(loaders::add);
    }

    private long alive() {
        System.gc();
        return loaders.stream().filter(loader -> !loader.refersTo(null)).count();
    }

    @Test
    public void afterFiftySwapsOneGenerationIsAlive() throws Exception {
        Path library = TestBundle.named("com.example.lib")
                .source("package com.example.lib; public class Lib { public static String name() { return \"lib\"; } }")
                .header("Export-Package", "com.example.lib;version=1.0.0")
                .build(folder);
        Path handler = handler("com.example.user", "1.0.0", "/unload", "com.example.lib.Lib.name()")
                .against(library)
                .build(folder);
        for (int i = 0; i < 50; i++) {
            // Both orders: the library is uninstalled before, and after, the bundle that uses it.
            swapDone(
                    i % 2 == 0
                            ? release("unload", "1." + i, library, handler)
                            : release("unload", "1." + i, handler, library));
            assertServes("/unload", "lib");
            note();
        }
        assertEquals(100, loaders.size());
        awaitLoad("two class loaders are alive, those of the live generation", () -> alive() == 2);
        awaitLoad(
                "the engine has seen it",
                () -> engine.units().getFirst().generations().size() == 1);
        assertEquals(3, generationBundles().size());
        assertTrue(
                "the framework remembers " + remembered(),
                remembered().stream()
                                .filter(location -> location.startsWith("app:"))
                                .count()
                        <= 4);
        engine.remove("unload").get(20, TimeUnit.SECONDS);
        assertEquals(List.of(), allOfGenerations());
        awaitLoad("no class loader is alive", () -> alive() == 0);
    }

    /** The proxy of an offer holds neither who offers nor who uses it. */
    @Test
    public void whoOffersAndWhoUsesIsCollected() throws Exception {
        Path using = handler(
                        "com.example.using",
                        "1.0.0",
                        "/using",
                        "@Reference java.util.function.Supplier<String> offered;",
                        "offered.get()")
                .build(folder);
        for (int i = 0; i < 5; i++) {
            String version = "1.0." + i;
            swapDone(release(
                    "offering",
                    version,
                    TestBundle.named("com.example.offering")
                            .version(version)
                            .source("""
                    package com.example.offering;
                    import org.osgi.service.component.annotations.Component;
                    @Component(property = "protoplex.offer:Boolean=true")
                    public class Offering implements java.util.function.Supplier<String> {
                        @Override public String get() { return "offered"; }
                    }
                    """)
                            .build(folder)));
            swapDone(release("using", version, using));
            for (int call = 0; call < 50; call++) {
                assertServes("/using", "offered");
            }
            note();
        }
        awaitLoad("two class loaders are alive, those of the live generations", () -> alive() == 2);
        engine.remove("offering").get(20, TimeUnit.SECONDS);
        engine.remove("using").get(20, TimeUnit.SECONDS);
        awaitLoad("no class loader is alive", () -> alive() == 0);
    }

    @Test
    public void aThreadThatHoldsAGenerationIsNamed() throws Exception {
        Path jar = handler("com.example.leaky", "1.0.0", "/leaky", "\"x\"")
                .header("Bundle-Activator", "com.example.leaky.Start")
                .source("""
                        package com.example.leaky;
                        import org.osgi.framework.*;
                        public class Start implements BundleActivator {
                            @Override public void start(BundleContext context) {
                                Thread thread = new Thread(() -> {
                                    while (System.getProperty("swap.test.leak") == null)
                                        java.util.concurrent.locks.LockSupport.parkNanos(1000000);
                                }, "leaky-worker");
                                thread.setDaemon(true);
                                thread.start();
                            }
                            @Override public void stop(BundleContext context) { }
                        }
                        """)
                .build(folder);
        swapDone(release("leaky", "1.0.0", jar));
        engine.remove("leaky").get(20, TimeUnit.SECONDS);
        try {
            awaitLoad("the thread is named", () -> {
                System.gc();
                return removals().contains("not collected: thread 'leaky-worker' still runs com.example.leaky.Start");
            });
            assertFalse("it is listed until it is collected", engine.units().isEmpty());
        } finally {
            System.setProperty("swap.test.leak", "over");
        }
        awaitLoad("it is collected", () -> {
            System.gc();
            return removals().contains("collected,") && engine.units().isEmpty();
        });
        System.clearProperty("swap.test.leak");
    }

    private String removals() {
        StringBuilder text = new StringBuilder();
        events.stream()
                .filter(event -> event.step() == Step.REMOVE)
                .forEach(event -> text.append(event.detail() + ","));
        return text.toString();
    }

    /** Delete {@code ServiceUsageLeak} of the swap bundle when this fails: the framework lets go by itself then. */
    @Test
    public void theFrameworkStillNeedsItsLeakMended() throws Exception {
        Bundle user = context()
                .installBundle(TestBundle.named("com.example.uses")
                        .header("Bundle-Activator", "com.example.uses.Start")
                        .source("""
                        package com.example.uses;
                        import org.osgi.framework.*;
                        public class Start implements BundleActivator {
                            @Override public void start(BundleContext context) {
                                context.getService(context.getServiceReference("org.osgi.service.cm.ConfigurationAdmin"));
                            }
                            @Override public void stop(BundleContext context) { }
                        }
                        """)
                        .build(folder)
                        .toUri()
                        .toString());
        user.start();
        user.uninstall();
        assertTrue("Felix has let go of an uninstalled bundle", remembered().contains(user.getLocation()));
    }

    private List<String> remembered() throws Exception {
        Object registry = read(context().getBundle(0), "m_registry");
        return ((Map<?, ?>) read(registry, "m_inUseMap"))
                .keySet().stream()
                        .map(bundle -> ((Bundle) bundle).getLocation())
                        .toList();
    }

    private static Object read(Object from, String name) throws Exception {
        Field field = from.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }
}
