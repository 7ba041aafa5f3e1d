package com.espra.protoplex.test.agent;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.Step;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.certificates.Pem;
import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.test.support.Await;
import com.espra.protoplex.test.support.ExportedPackages;
import com.espra.protoplex.test.support.TestBundle;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.launch.Framework;

/** The agent's bundle in Felix, with a real Seed's port and its own folder: only the engine and the listener are stood in for. */
public class AgentIT {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String RESTORED = "(osgi.condition.id=protoplex.restored)";
    private static final String SYSTEM_PACKAGES = String.join(
            ",",
            "org.slf4j;version=2.0.20",
            ExportedPackages.of(Node.class),
            ExportedPackages.of(Build.class),
            ExportedPackages.of(Pem.class));

    private record OpenListener(String name, String group, URI address) implements Listener {}

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AuthorKey author = AuthorKey.create();
    private FakeEngine engine = new FakeEngine();
    private FakeSeed seed;
    private Path data;
    private String configuration;
    private Framework framework;

    @Before
    public void configure() throws Exception {
        seed = new FakeSeed();
        data = folder.newFolder("node-1").toPath();
        Path token = folder.newFile("link.token").toPath();
        Files.writeString(token, "let-me-in");
        Path key = folder.newFile("author.pub").toPath();
        Files.writeString(key, author.author().pem());
        configuration = """
                {"name": "node-1", "region": "local", "roles": ["app"], "listeners": {"http": {"port": 0}},
                 "seed": {"address": "%s", "tokenFile": "%s"}, "trust": {"authors": ["%s"]}}
                """.formatted(seed.address(), token, key);
    }

    @After
    public void stop() throws Exception {
        stopFramework();
        seed.close();
    }

    private void startFramework() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        data.resolve("framework").toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        SYSTEM_PACKAGES,
                        "protoplex.config",
                        configuration,
                        "protoplex.data",
                        data.toString()));
        framework.init();
        context().registerService(SwapEngine.class, engine, null);
        List<Bundle> bundles = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Path.of("target", "bundles"))) {
            for (Path jar : jars.toList()) {
                bundles.add(context().installBundle(jar.toUri().toString()));
            }
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        framework.start();
    }

    private void stopFramework() throws Exception {
        framework.stop();
        framework.waitForStop(SOON.toMillis());
    }

    private BundleContext context() {
        return framework.getBundleContext();
    }

    private boolean isRestored() throws Exception {
        return context().getServiceReferences((String) null, RESTORED) != null;
    }

    private void openListener() {
        context()
                .registerService(
                        Listener.class,
                        new OpenListener("http", "public", URI.create("http://localhost:12345")),
                        FrameworkUtil.asDictionary(Map.of(Listener.NAME, "http")));
    }

    private String status() throws Exception {
        return Files.readString(data.resolve("status.json"));
    }

    private void awaitPhase(String phase) {
        Await.until("phase " + phase, SOON, () -> status().contains("\"phase\" : \"" + phase + "\""));
    }

    private void awaitHello(int count) {
        Await.until(
                "hello " + count,
                SOON,
                () -> seed.peers.size() >= count
                        && !seed.peers
                                .get(count - 1)
                                .all(LinkFrame.Actual.class)
                                .isEmpty());
    }

    private SignedBuild offer() throws Exception {
        Path jar = TestBundle.named("com.example.hello")
                .resource("hello.txt", "hello")
                .build(folder.newFolder().toPath());
        byte[] content = Files.readAllBytes(jar);
        Build.File file = new Build.File("hello.jar", Sha256.of(content), content.length);
        SignedBuild build = SignedBuild.sign(
                new Build(1, "hello", "1.0.0", Instant.EPOCH, author.author().id(), List.of(file), Map.of(), 60, 30),
                author);
        seed.contents.put("/v1/builds/" + build.digest() + "/manifest", build.manifest());
        seed.contents.put("/v1/builds/" + build.digest() + "/signature", build.signature());
        seed.contents.put("/v1/files/" + file.sha256(), content);
        return build;
    }

    private void push(SignedBuild build) throws Exception {
        seed.last().say(new LinkFrame.Desired("f", 1, 0, Map.of("hello", build.digest()), ""));
        Await.until(
                "the result",
                SOON,
                () -> seed.last().all(LinkFrame.Result.class).stream()
                        .anyMatch(result -> result.done() && result.digest().equals(build.digest())));
    }

    @Test
    public void aNodeStartsIsFedAndComesBackWithoutItsSeed() throws Exception {
        startFramework();
        Await.until("restored, though there is nothing", SOON, this::isRestored);
        awaitPhase("starting");
        openListener();
        awaitPhase("serving");
        awaitHello(1);
        LinkFrame.Hello hello = seed.last().all(LinkFrame.Hello.class).get(0);
        assertEquals("node-1", hello.node());
        assertEquals(Set.of("app"), hello.roles());
        assertEquals(Map.of("http", "http://localhost:12345"), hello.addresses());

        SignedBuild build = offer();
        push(build);
        assertEquals(build.digest(), engine.live.get("hello").digest());
        assertTrue(engine.told.stream().anyMatch(event -> event.step() == Step.VERIFY));
        Await.until(
                "what it runs is told",
                SOON,
                () -> seed.last().all(LinkFrame.Actual.class).stream()
                        .anyMatch(actual ->
                                actual.sequence() == 1 && actual.units().size() == 1));

        stopFramework();
        seed.close();
        engine = new FakeEngine();
        startFramework();

        Await.until("restored without the Seed", SOON, this::isRestored);
        assertEquals(build.digest(), engine.live.get("hello").digest());
        openListener();
        awaitPhase("serving");
    }

    @Test
    public void theSeedHearsOfTheStopBeforeAnythingElse() throws Exception {
        startFramework();
        Await.until("restored", SOON, this::isRestored);
        openListener();
        awaitHello(1);
        List<String> order = new CopyOnWriteArrayList<>();
        seed.last().onClose = () -> order.add("farewell");
        context().addServiceListener(event -> {
            if (event.getType() == ServiceEvent.UNREGISTERING) {
                Object[] classes = (Object[]) event.getServiceReference().getProperty(Constants.OBJECTCLASS);
                order.add(String.valueOf(classes[0]).replaceAll(".*\\.", ""));
            }
        });

        stopFramework();

        assertEquals("1000 stopping", seed.last().closed);
        List<String> wanted = order.stream()
                .filter(Set.of("farewell", "Condition", "Node")::contains)
                .toList();
        assertEquals(
                List.of("farewell", "Condition", "Node"),
                wanted.stream().distinct().toList());
        assertTrue(status(), status().contains("stopping"));
    }

    @Test
    public void theNodeIsAService() throws Exception {
        startFramework();

        Node node = context().getService(context().getServiceReference(Node.class));

        assertNotNull(node);
        assertEquals("node-1", node.name());
        assertEquals(data.resolve("data/app"), node.data("app"));
    }
}
