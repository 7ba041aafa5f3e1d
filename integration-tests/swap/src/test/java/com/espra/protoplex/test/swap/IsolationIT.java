package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.test.support.TestBundle;
import java.nio.file.Path;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** A generation sees its own and the platform's, and nothing of any other. */
public class IsolationIT extends SwapTest {

    private Path library(String content) {
        return TestBundle.named("com.example.lib")
                .source("package com.example.lib; public class Lib { public static String name() { return \"" + content
                        + "\"; } }")
                .header("Export-Package", "com.example.lib;version=1.0.0")
                .build(folder.resolve("lib-" + content));
    }

    private Release withLibrary(String version, String content) {
        Path library = library(content);
        Path handler = handler("com.example.user", version, "/lib", "com.example.lib.Lib.name()")
                .against(library)
                .build(folder.resolve("user-" + content));
        return release("lib", version, handler, library);
    }

    @Test
    public void aHandlerIsWiredToTheLibraryOfItsOwnGeneration() throws Exception {
        Release first = withLibrary("1.0.0", "one");
        swapDone(first);
        assertServes("/lib", "one");
        // The library has the same name and version in both.
        swapDone(withLibrary("2.0.0", "two"));
        assertServes("/lib", "two");
        swapDone(first);
        assertServes("/lib", "one");
    }

    private Release withService(String version, String name, int ranking, String lookup) {
        String source = """
                package com.example.service;
                import org.osgi.framework.Constants;
                import org.osgi.service.component.annotations.*;
                @Component(service = java.util.function.Supplier.class, property = {"ours=true", "service.ranking:Integer=%d"})
                public class Name implements java.util.function.Supplier<String> {
                    @Override public String get() { return "%s"; }
                }
                """.formatted(ranking, name);
        Path provider =
                TestBundle.named("com.example.service").source(source).build(folder.resolve(name + "-provider"));
        Path user = handler("com.example.finder", version, "/service", "Found.text(getClass())")
                .source("""
                        package com.example.finder;
                        import org.osgi.framework.*;
                        import java.util.*;
                        import java.util.function.Supplier;
                        import org.osgi.util.tracker.ServiceTracker;
                        public class Found {
                            static String text(Class<?> of) throws Exception {
                                BundleContext context = FrameworkUtil.getBundle(of).getBundleContext();
                                %s
                            }
                        }
                        """.formatted(lookup))
                .build(folder.resolve(name + "-user"));
        return release("service", version, provider, user);
    }

    private void servesItsOwnService(String lookup) throws Exception {
        swapDone(withService("1.0.0", "one", 100, lookup));
        assertServes("/service", "[one]");
        swapDone(withService("1.0.1", "two", 0, lookup));
        assertServes("/service", "[two]");
    }

    @Test
    public void aLookupFindsTheServiceOfItsOwnGeneration() throws Exception {
        servesItsOwnService("""
                List<String> names = new ArrayList<>();
                for (ServiceReference<Supplier> found : context.getServiceReferences(Supplier.class, "(ours=true)"))
                    names.add(context.getService(found).get().toString());
                return names.toString();
                """);
    }

    @Test
    public void aTrackerHearsOfItsOwnGeneration() throws Exception {
        servesItsOwnService("""
                var tracker = new ServiceTracker<Supplier, Supplier>(context, context.createFilter("(ours=true)"), null);
                tracker.open();
                List<String> names = new ArrayList<>();
                for (Supplier found : tracker.getServices(new Supplier[0])) names.add(found.get().toString());
                tracker.close();
                return names.toString();
                """);
    }

    @Test
    public void aComponentIsBoundToItsOwnGeneration() throws Exception {
        String reference = """
                package com.example.bound;
                import java.util.*;
                import java.util.function.Supplier;
                import org.osgi.service.component.annotations.*;
                @Component(service = Bound.class)
                public class Bound {
                    static volatile Bound last;
                    @Reference(target = "(ours=true)", policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
                    volatile List<Supplier> all;
                    @Activate void activate() { last = this; }
                    public List<String> names() { return all.stream().map(s -> s.get().toString()).toList(); }
                }
                """;
        for (String name : new String[] {"one", "two", "three"}) {
            Release services = withService("1.0.0", name, name.length(), "return \"\";");
            Path user = TestBundle.named("com.example.bound")
                    .source(reference)
                    .source("""
                            package com.example.bound;
                            import org.eclipse.jetty.server.*;
                            import org.eclipse.jetty.io.Content;
                            import org.eclipse.jetty.util.Callback;
                            import org.osgi.service.component.annotations.*;
                            @Component(service = Handler.class, property = "protoplex.path=/bound")
                            public class Answer extends Handler.Abstract {
                                @Reference Bound bound;
                                @Override public boolean handle(Request request, Response response, Callback callback) {
                                    Content.Sink.write(response, true, bound.names().toString(), callback);
                                    return true;
                                }
                            }
                            """)
                    .build(folder.resolve(name + "-bound"));
            swapDone(release("bound", name, services.bundles().getFirst().file(), user));
            assertServes("/bound", "[" + name + "]");
        }
    }

    @Test
    public void noBundleOfThePlatformIsWiredToAGeneration() throws Exception {
        Path library = library("gen");
        Bundle platform = context()
                .installBundle(TestBundle.named("com.example.greedy")
                        .header("Import-Package", "com.example.lib;resolution:=optional")
                        .header("DynamicImport-Package", "*")
                        .build(folder)
                        .toUri()
                        .toString());
        try {
            swapDone(withLibrary("1.0.0", "gen"));
            platform.start();
            assertThrows(ClassNotFoundException.class, () -> platform.loadClass("com.example.lib.Lib"));
            Bundle own = context().installBundle(library.toUri().toString());
            try {
                own.start();
                assertEquals(own, FrameworkUtil.getBundle(platform.loadClass("com.example.lib.Lib")));
            } finally {
                own.uninstall();
            }
        } finally {
            platform.uninstall();
        }
    }

    @Test
    public void aGenerationsOwnPackageWinsOverThePlatforms() throws Exception {
        Bundle platform = context().installBundle(library("platform").toUri().toString());
        try {
            platform.start();
            swapDone(withLibrary("1.0.0", "own"));
            assertServes("/lib", "own");
        } finally {
            platform.uninstall();
        }
    }

    @Test
    public void aSharedPackageComesFromThePlatform() throws Exception {
        Path copy = TestBundle.named("com.example.copy")
                .source("package org.osgi.service.condition; public interface Condition { }")
                .header("Export-Package", "org.osgi.service.condition;version=1.0.0")
                .build(folder);
        Path handler = handler(
                        "com.example.shared",
                        "1.0.0",
                        "/shared",
                        "org.osgi.service.condition.Condition.class.getClassLoader()"
                                + " == org.osgi.framework.Bundle.class.getClassLoader() ? \"shared\" : \"own\"")
                .build(folder);
        swapDone(release("shared", "1.0.0", copy, handler));
        assertServes("/shared", "shared");
    }

    @Test
    public void singletonsOfOneNameLiveSideBySide() throws Exception {
        for (String version : new String[] {"1.0.0", "2.0.0"}) {
            swapDone(release(
                    "single",
                    version,
                    handler("com.example.single", version, "/single", "\"" + version + "\"")
                            .header("Bundle-SymbolicName", "com.example.single;singleton:=true")
                            .build(folder)));
            assertServes("/single", version);
        }
        awaitLoad(
                "both are there",
                () -> generationBundles().stream()
                                .filter(at -> at.endsWith("com.example.single"))
                                .count()
                        == 2);
    }

    @Test
    public void aGenerationSeesNoBundleOfAnother() throws Exception {
        swapDone(release(
                "other",
                "1.0.0",
                handler("com.example.other", "1.0.0", "/other", "\"x\"").build(folder)));
        String count =
                "java.util.Arrays.stream(org.osgi.framework.FrameworkUtil.getBundle(getClass()).getBundleContext()"
                        + ".getBundles()).filter(b -> b.getLocation().startsWith(\"app:\")).count() + \"\"";
        swapDone(release(
                "count",
                "1.0.0",
                handler("com.example.count", "1.0.0", "/count", count).build(folder)));
        assertServes("/count", "2");
    }
}
