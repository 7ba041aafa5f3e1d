package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapEvent;
import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.TestBundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The configurations of two generations are different ones. */
public class ConfigurationIT extends SwapTest {

    /** The same bundle, name, version and content; only the configuration differs. */
    private Release greeting(String version, Map<String, Map<String, Object>> configurations) {
        return release(
                "conf",
                version,
                configurations,
                TestBundle.named("com.example.conf").source("""
                                package com.example.conf;
                                import java.util.Map;
                                import org.osgi.service.component.annotations.*;
                                @Component(service = Part.class, configurationPid = "com.example.part",
                                        configurationPolicy = ConfigurationPolicy.REQUIRE)
                                public class Part {
                                    final String name;
                                    @Activate public Part(Map<String, Object> all) { name = String.valueOf(all.get("name")); }
                                }
                                """).source("""
                                package com.example.conf;
                                import java.util.*;
                                import org.eclipse.jetty.server.*;
                                import org.eclipse.jetty.io.Content;
                                import org.eclipse.jetty.util.Callback;
                                import org.osgi.service.component.annotations.*;
                                @Component(service = Handler.class, configurationPid = "com.example.conf",
                                        property = {"protoplex.path=/conf", "greeting=none"})
                                public class Answer extends Handler.Abstract {
                                    @Reference(policy = ReferencePolicy.DYNAMIC) volatile List<Part> parts;
                                    private final String greeting;
                                    @Activate public Answer(Map<String, Object> all) {
                                        greeting = String.valueOf(all.get("greeting"));
                                    }
                                    @Override public boolean handle(Request request, Response response, Callback callback) {
                                        String names = parts.stream().map(part -> part.name).sorted().toList().toString();
                                        Content.Sink.write(response, true, greeting + names, callback);
                                        return true;
                                    }
                                }
                                """).build(folder));
    }

    @Test
    public void eachGenerationHasItsOwn() throws Exception {
        Release first = greeting(
                "1",
                Map.of(
                        "com.example.conf", Map.of("greeting", "one"),
                        "com.example.part~a", Map.of("name", "a1"),
                        "com.example.part~b", Map.of("name", "b1")));
        swapDone(first);
        assertServes("/conf", "one[a1, b1]");
        swapDone(greeting(
                "2",
                Map.of("com.example.conf", Map.of("greeting", "two"), "com.example.part~a", Map.of("name", "a2"))));
        assertServes("/conf", "two[a2]");
        swapDone(greeting("3", Map.of()));
        assertServes("/conf", "none[]");
        swapDone(first);
        assertServes("/conf", "one[a1, b1]");
    }

    @Test
    public void nothingIsLeftOfARemovedGeneration() throws Exception {
        swapDone(greeting(
                "1", Map.of("com.example.conf", Map.of("greeting", "one"), "com.example.part~a", Map.of("name", "a"))));
        assertEquals(2, targeted().size());
        engine.remove("conf").get(20, TimeUnit.SECONDS);
        assertEquals(List.of(), targeted());
    }

    /** It may be a slip of the pen, or meant for code that asks for it: the swap goes on, and says so. */
    @Test
    public void aConfigurationThatNoComponentWantsIsNamed() throws Exception {
        swapDone(greeting("1", Map.of("com.example.conf", Map.of("greeting", "one"), "com.example.cnof", Map.of())));
        assertEquals(
                List.of("no component wants the configuration com.example.cnof"),
                events.stream()
                        .filter(event -> event.step() == Step.INSTALL && event.state() == SwapEvent.State.DONE)
                        .map(SwapEvent::detail)
                        .toList());
    }

    /** An app that uses Config Admin: what it finds is its own, and what it makes goes with it. */
    @Test
    public void anAppReadsAndChangesItsOwnAlone() throws Exception {
        ConfigurationAdmin all = service(ConfigurationAdmin.class);
        Configuration nodes = all.getConfiguration("com.example.nodes", "?");
        nodes.update(FrameworkUtil.asDictionary(Map.of("greeting", "of the node")));
        swapDone(greeting("1", Map.of("com.example.conf", Map.of("greeting", "one"))));
        swapDone(release(
                "user",
                "1",
                Map.of("com.example.user", Map.of("greeting", "mine")),
                TestBundle.named("com.example.user").source("""
                        package com.example.user;
                        import java.util.*;
                        import org.eclipse.jetty.server.*;
                        import org.eclipse.jetty.io.Content;
                        import org.eclipse.jetty.util.Callback;
                        import org.osgi.service.cm.*;
                        import org.osgi.service.component.annotations.*;
                        @Component(service = Handler.class, configurationPid = "com.example.user",
                                property = "protoplex.path=/user")
                        public class User extends Handler.Abstract {
                            private static final Map<String, String> SEEN = new TreeMap<>();
                            @Activate public User(@Reference ConfigurationAdmin admin, Map<String, Object> own) throws Exception {
                                SEEN.put("greeting", String.valueOf(own.get("greeting")));
                                SEEN.putIfAbsent("all", pids(admin, null));
                                SEEN.putIfAbsent("node", pids(admin, "(service.pid=com.example.nodes*)"));
                                admin.getConfiguration("com.example.nodes").update(
                                        new Hashtable<>(Map.of("greeting", "of the app")));
                                if (own.get("greeting").equals("mine")) {
                                    admin.getConfiguration("com.example.user").update(
                                            new Hashtable<>(Map.of("greeting", "changed")));
                                }
                                admin.createFactoryConfiguration("com.example.many", "?").update(new Hashtable<>());
                            }
                            private static String pids(ConfigurationAdmin admin, String filter) throws Exception {
                                Configuration[] found = admin.listConfigurations(filter);
                                return found == null ? "none" : found[0].getPid().split("\\\\|")[0] + " of " + found.length;
                            }
                            @Override public boolean handle(Request request, Response response, Callback callback) {
                                Content.Sink.write(response, true, SEEN.toString(), callback);
                                return true;
                            }
                        }
                        """).build(folder)));

        Await.until(
                "its own change has come to its component",
                Duration.ofSeconds(20),
                () -> get("/user").equals("{all=com.example.user of 1, greeting=changed, node=none}"));
        assertEquals("of the node", nodes.getProperties().get("greeting"));
        assertServes("/conf", "one[]");
        engine.remove("user").get(20, TimeUnit.SECONDS);
        assertEquals("only what is not the app's is left", 2, targeted().size());
        nodes.delete();
    }

    /** As a feature's {@code "pageSize:Integer": 50} becomes: the component gets what it declares, and no text. */
    @Test
    public void aValueKeepsItsType() throws Exception {
        swapDone(release(
                "typed",
                "1",
                Map.of("orders", Map.of("pageSize", 50, "currencies", List.of("CHF", "EUR"))),
                handler("com.example.typed", "1.0.0", "/typed", """
                                @interface Config { int pageSize() default 20; String[] currencies() default {}; }
                                @Reference Orders orders;
                                """, "orders.text")
                        .source("""
                                package com.example.typed;
                                import java.util.Map;
                                import org.osgi.service.component.annotations.*;
                                @Component(service = Orders.class, configurationPid = "orders",
                                        configurationPolicy = ConfigurationPolicy.REQUIRE)
                                public class Orders {
                                    final String text;
                                    @Activate public Orders(Answer.Config config, Map<String, Object> all) {
                                        text = config.pageSize() + String.join(",", config.currencies())
                                                + all.get("pageSize").getClass().getSimpleName();
                                    }
                                }
                                """)
                        .build(folder)));

        assertServes("/typed", "50CHF,EURInteger");
    }

    /** What waits for a component of somebody else's that nobody configures waits for ever, and no swap waits for it, if it is named. */
    @Test
    public void anOptionalComponentHoldsNoSwap() throws Exception {
        Path jar = handler("com.example.optional", "1.0.0", "/optional", "\"serves\"")
                .source("""
                        package com.example.optional;
                        import org.osgi.service.component.annotations.*;
                        @Component(service = Sync.class, configurationPolicy = ConfigurationPolicy.REQUIRE)
                        public class Sync {}
                        """)
                .source("""
                        package com.example.optional;
                        import org.osgi.service.component.annotations.*;
                        @Component(service = {}, immediate = true)
                        public class Timer {
                            @Reference Sync sync;
                        }
                        """)
                .build(folder);
        Outcome refused = swapRefused(optional(jar, Set.of("com.example.optional.Other")));
        assertTrue(refused.reason(), refused.reason().contains("com.example.optional.Timer"));
        assertServes("/optional", "status 404");

        swapDone(optional(jar, Set.of("com.example.optional.Timer")));
        assertServes("/optional", "serves");
    }

    private Release optional(Path jar, Set<String> components) {
        Release plain = release("optional", "1", jar);
        return new Release(
                plain.unit(),
                plain.version(),
                plain.digest(),
                plain.bundles(),
                Map.of(),
                Duration.ofSeconds(2),
                SOON,
                components,
                false,
                false,
                Release.Kind.APP,
                false);
    }

    private List<String> targeted() throws Exception {
        return Stream.ofNullable(service(ConfigurationAdmin.class).listConfigurations(null))
                .flatMap(Arrays::stream)
                .map(Configuration::getPid)
                .filter(pid -> pid.contains("com.example."))
                .toList();
    }
}
