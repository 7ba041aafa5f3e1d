package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.directory.DirectoryListener;
import com.espra.protoplex.api.directory.FleetSnapshot;
import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.SwapEngine.Outcome;
import com.espra.protoplex.api.swap.SwapListener;
import com.espra.protoplex.test.support.TestBundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.felix.hc.api.HealthCheck;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** What crosses the border between a generation and the platform, in either direction: docs/swap.md. */
public class BorderIT extends SwapTest {

    private Release unit(String unit, String version, String source) {
        Path extra = TestBundle.named("com.example." + unit + ".extra")
                .source(source)
                .build(folder.resolve(unit + "-extra-" + version));
        Path handler = handler("com.example." + unit, version, "/" + unit, "\"" + version + "\"")
                .build(folder.resolve(unit + "-" + version));
        return release(unit, version, extra, handler);
    }

    private Release checked(String version) {
        return unit("checked", version, """
                package com.example.checked.extra;
                import org.apache.felix.hc.api.*;
                import org.osgi.service.component.annotations.Component;
                @Component(property = {"hc.name=v%s", "hc.tags=live", "hc.tags=ready"})
                public class Check implements HealthCheck {
                    @Override public Result execute() { return new Result(Result.Status.OK, "%s"); }
                }
                """.formatted(version, version));
    }

    private List<Object> namesOf(Class<?> type, String key, String filter) throws Exception {
        Collection<? extends ServiceReference<?>> found = context().getServiceReferences(type, filter);
        return found.stream().map(reference -> reference.getProperty(key)).toList();
    }

    private List<Object> checks() throws Exception {
        return namesOf(HealthCheck.class, "hc.name", "(hc.name=v*)");
    }

    @Test
    public void healthChecksAreThoseOfTheLiveGeneration() throws Exception {
        Release first = checked("1");
        swapDone(first);
        assertEquals(List.of("v1"), checks());
        swapDone(checked("2"));
        assertEquals("the one at rest decides nothing", List.of("v2"), checks());
        ServiceReference<HealthCheck> shown = context()
                .getServiceReferences(HealthCheck.class, "(hc.name=v2)")
                .iterator()
                .next();
        assertEquals("checked", shown.getProperty("protoplex.unit"));
        assertTrue(context().getService(shown).execute().isOk());
        context().ungetService(shown);
        swapDone(first);
        assertEquals("after a roll-back", List.of("v1"), checks());
        engine.remove("checked").get();
        assertEquals(List.of(), checks());
    }

    private Release commands(String version) {
        return unit("commands", version, """
                package com.example.commands.extra;
                import org.osgi.service.component.annotations.Component;
                @Component(service = Command.class, property = {"osgi.command.scope=border", "osgi.command.function=say"})
                public class Command {
                    public String say() { return "%s"; }
                }
                """.formatted(version));
    }

    private List<String> sayings() throws Exception {
        ServiceReference<?>[] found = context().getAllServiceReferences(null, "(osgi.command.scope=border)");
        return Stream.of(found == null ? new ServiceReference<?>[0] : found)
                .map(reference -> context().getService(reference))
                .map(BorderIT::say)
                .toList();
    }

    /** As the shell calls it. */
    private static String say(Object command) {
        try {
            return (String) command.getClass().getMethod("say").invoke(command);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    public void shellCommandsAreThoseOfTheLiveGeneration() throws Exception {
        swapDone(commands("1"));
        assertEquals(List.of("1"), sayings());
        swapDone(commands("2"));
        assertEquals(List.of("2"), sayings());
    }

    @Test
    public void anAppThatRegistersAnAdapterIsRefusedByNameAndIsNotAsked() throws Exception {
        Outcome outcome = swapRefused(unit("adapter", "1", """
                package com.example.adapter.extra;
                import com.espra.protoplex.api.http.Backend;
                import com.espra.protoplex.api.swap.*;
                import org.osgi.service.component.annotations.Component;
                @Component
                public class Greedy implements GenerationAdapter {
                    @Override public Binding bind(Generation generation, Backend backend) throws Exception {
                        throw new Exception("gives me your traffic");
                    }
                }
                """));
        assertTrue(
                outcome.reason(),
                outcome.reason()
                        .contains("com.example.adapter.extra registers com.espra.protoplex.api.swap.GenerationAdapter,"
                                + " which is for roles"));
        swapDone(release(
                "bystander",
                "1",
                handler("com.example.bystander", "1", "/bystander", "\"well\"").build(folder)));
        assertServes("/bystander", "well");
    }

    private Release hearing(String version, Release.Kind kind) {
        Release made = unit(kind == Release.Kind.APP ? "listening" : "hearing", version, """
                package com.example.hearing.extra;
                import com.espra.protoplex.api.directory.*;
                import com.espra.protoplex.api.swap.*;
                import org.osgi.service.component.annotations.Component;
                @Component(property = "border=%s")
                public class Hearing implements SwapListener, DirectoryListener {
                    @Override public void swapped(SwapEvent event) {}
                    @Override public void changed(FleetSnapshot snapshot) {}
                }
                """.formatted(version));
        return kind == Release.Kind.ROLE ? role(made) : made;
    }

    private static Release role(Release made) {
        return new Release(
                made.unit(),
                made.version(),
                made.digest(),
                made.bundles(),
                made.configurations(),
                made.ready(),
                made.drain(),
                Set.of(),
                false,
                false,
                Release.Kind.ROLE,
                false);
    }

    @Test
    public void whatARoleExtendsThePlatformWithIsThatOfTheLiveGeneration() throws Exception {
        Outcome app = swapRefused(hearing("0", Release.Kind.APP));
        for (Class<?> type : List.of(SwapListener.class, DirectoryListener.class)) {
            assertTrue(app.reason(), app.reason().contains("registers " + type.getName() + ", which is for roles"));
        }
        Release first = hearing("1", Release.Kind.ROLE);
        swapDone(first);
        swapDone(hearing("2", Release.Kind.ROLE));
        for (Class<?> type : List.of(SwapListener.class, DirectoryListener.class)) {
            assertEquals(type.getName(), List.of("2"), namesOf(type, "border", "(border=*)"));
        }
        swapDone(first);
        assertEquals("after a roll-back", List.of("1"), namesOf(SwapListener.class, "border", "(border=*)"));
    }

    @Test
    public void aConditionOfAnAppIsNoConditionOfThePlatform() throws Exception {
        swapDone(unit("condition", "1", """
                package com.example.condition.extra;
                import org.osgi.service.component.annotations.Component;
                import org.osgi.service.condition.Condition;
                @Component(property = "osgi.condition.id=border.forged")
                public class Forged implements Condition { }
                """));
        assertTrue(context()
                .getServiceReferences(Condition.class, "(osgi.condition.id=border.forged)")
                .isEmpty());
    }

    /** How the host and the processes of a node are asked: here by name, for this bundle is as far from them as an app. */
    private static final String PEER = "com.espra.protoplex.peer.Peer";

    private static final class NeverAsked implements ServiceFactory<Object> {
        @Override
        public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
            throw new IllegalStateException("it may be seen by nobody");
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {
            // There is none.
        }
    }

    @Test
    public void anAppFindsWhatThePlatformOffersAndNothingElse() throws Exception {
        ServiceRegistration<?> host = context()
                .registerService(
                        PEER, new NeverAsked(), FrameworkUtil.asDictionary(Map.of("protoplex.control", "host")));
        String found = """
                java.util.stream.Stream.of("com.espra.protoplex.api.node.Node", "com.espra.protoplex.api.swap.SwapEngine",
                        "com.espra.protoplex.api.http.Dispatcher", "org.osgi.service.cm.ConfigurationAdmin",
                        "com.espra.protoplex.peer.Peer", "com.espra.protoplex.api.swap.GenerationAdapter",
                        "org.osgi.service.component.runtime.ServiceComponentRuntime")
                    .filter(type -> org.osgi.framework.FrameworkUtil.getBundle(getClass()).getBundleContext()
                            .getServiceReference(type) != null)
                    .toList().toString()""";
        swapDone(release(
                "seeker",
                "1",
                handler("com.example.seeker", "1", "/seeker", found).build(folder)));
        assertNotNull("it is there", context().getServiceReference(PEER));
        assertServes("/seeker", "[com.espra.protoplex.api.node.Node, org.osgi.service.cm.ConfigurationAdmin]");
        host.unregister();
    }

    @Test
    public void anAppThatRefersToWhatIsForRolesIsTold() throws Exception {
        Release made = release(
                "asking",
                "1",
                handler(
                                "com.example.asking",
                                "1",
                                "/asking",
                                "@Reference com.espra.protoplex.api.directory.Directory directory;",
                                "\"\" + directory")
                        .build(folder));
        Outcome outcome = swapRefused(new Release(
                made.unit(),
                made.version(),
                made.digest(),
                made.bundles(),
                made.configurations(),
                Duration.ofSeconds(1),
                made.drain()));
        assertTrue(
                outcome.reason(),
                outcome.reason()
                        .contains(
                                "waits for the service com.espra.protoplex.api.directory.Directory, which is for roles"));
    }

    @Test
    public void aRoleFindsMoreThanAnAppAndNothingOfTheEngine() throws Exception {
        register(
                Directory.class,
                new Directory() {
                    @Override
                    public Optional<FleetSnapshot> snapshot() {
                        return Optional.empty();
                    }

                    @Override
                    public boolean isCurrent() {
                        return false;
                    }
                },
                Map.of());
        String found = """
                java.util.stream.Stream.of("com.espra.protoplex.api.directory.Directory", "com.espra.protoplex.api.http.Listener",
                        "com.espra.protoplex.api.node.Node", "org.osgi.service.component.runtime.ServiceComponentRuntime",
                        "com.espra.protoplex.api.http.Dispatcher", "com.espra.protoplex.api.swap.GenerationAdapter",
                        "com.espra.protoplex.api.swap.SwapEngine")
                    .filter(type -> org.osgi.framework.FrameworkUtil.getBundle(getClass()).getBundleContext()
                            .getServiceReference(type) != null)
                    .map(type -> type.substring(type.lastIndexOf('.') + 1))
                    .toList().toString()""";
        Path role = handler("com.example.finder", "1", "/finder", found).build(folder);
        swapDone(role(release("finder", "1", role)));
        assertServes("/finder", "[Directory, Listener, Node, ServiceComponentRuntime]");
        swapDone(release(
                "looker",
                "1",
                handler("com.example.looker", "1", "/looker", found).build(folder)));
        assertServes("/looker", "[Node]");
    }

    private Release handling(String version) {
        return unit("handling", version, """
                package com.example.handling.extra;
                import org.osgi.service.component.annotations.*;
                import org.osgi.service.event.*;
                @Component(property = EventConstants.EVENT_TOPIC + "=border/said")
                public class Handling implements EventHandler {
                    @Override public void handleEvent(Event event) {
                        System.setProperty("border.heard", System.getProperty("border.heard", "") + "%s");
                    }
                }
                """.formatted(version));
    }

    @Test
    public void eventsAreHandledByTheLiveGeneration() throws Exception {
        EventAdmin events = service(EventAdmin.class);
        Event said = new Event("border/said", Map.<String, Object>of());
        try {
            Release first = handling("1");
            swapDone(first);
            events.sendEvent(said);
            swapDone(handling("2"));
            events.sendEvent(said);
            swapDone(first);
            events.sendEvent(said);
            assertEquals("121", System.getProperty("border.heard"));
        } finally {
            System.clearProperty("border.heard");
        }
    }

    private Release consumer(String version) {
        return unit("consumer", version, """
                package com.example.consumer.extra;
                import com.espra.protoplex.api.swap.Generation;
                import org.osgi.service.component.annotations.*;
                import org.osgi.service.condition.Condition;
                @Component(service = {}, immediate = true)
                public class Consumer {
                    @Activate public Consumer(@Reference(target = Generation.LIVE) Condition live) {
                        System.setProperty("border.consumer.%1$s", "runs");
                    }
                    @Deactivate void stop() { System.clearProperty("border.consumer.%1$s"); }
                }
                """.formatted(version));
    }

    @Test
    public void whatMayRunOnceRunsInTheLiveGeneration() throws Exception {
        Release first = consumer("1");
        swapDone(first);
        assertEquals("runs", System.getProperty("border.consumer.1"));
        swapDone(consumer("2"));
        assertNull(System.getProperty("border.consumer.1"));
        assertEquals("runs", System.getProperty("border.consumer.2"));
        swapDone(first);
        assertEquals("runs", System.getProperty("border.consumer.1"));
        assertNull(System.getProperty("border.consumer.2"));
        assertFalse(Arrays.toString(context().getAllServiceReferences(Condition.class.getName(), null))
                .contains("protoplex.live"));
    }
}
