package com.espra.protoplex.http;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.certificates.PemFiles;
import com.espra.protoplex.host.process.socket.ListeningSocket;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The bundle in a framework with Jetty's bundles and no service loader bridge: configurations in, services and sockets out. */
public class ListenersIT {

    private static final String API = "com.espra.protoplex.api.http.";
    private static final String NODE_HEALTH = "com.espra.protoplex.api.node.NodeHealth";
    private static final String SLF4J = ";version=2.0.20";
    /** The health checks of Felix ask for it; they get SLF4J 2 by this name, as from the host. */
    private static final String SLF4J_OF_OLD =
            "org.slf4j;version=1.7.36,org.slf4j.helpers;version=1.7.36,org.slf4j.spi;version=1.7.36";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Framework framework;
    private BundleContext context;
    private Bundle http;

    @Before
    public void start() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.newFolder("cache").getPath(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        "protoplex.data",
                        folder.getRoot().getPath(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "org.slf4j" + SLF4J + ",org.slf4j.event" + SLF4J + ",org.slf4j.helpers" + SLF4J
                                + ",org.slf4j.spi" + SLF4J + "," + SLF4J_OF_OLD));
        framework.start();
        context = framework.getBundleContext();
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> found = Files.list(Path.of("target/bundles"))) {
            found.sorted().forEach(jars::add);
        }
        try (Stream<Path> found = Files.list(Path.of("target"))) {
            found.filter(file -> file.toString().endsWith(".jar")).forEach(jars::add);
        }
        for (Path jar : jars) {
            context.installBundle(jar.toUri().toString());
        }
        for (Bundle bundle : context.getBundles()) {
            bundle.start();
            if ("com.espra.protoplex.http".equals(bundle.getSymbolicName())) {
                http = bundle;
            }
        }
        assertNotNull("the bundle is there", http);
        register(
                "com.espra.protoplex.api.node.Node", Map.of(), (proxy, method, arguments) -> switch (method.getName()) {
                    case "data" -> folder.getRoot().toPath().resolve("data");
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    default -> "test";
                });
        configure("getConfiguration", "com.espra.protoplex.http", Map.of("accessLog", false));
    }

    @After
    public void stop() throws Exception {
        framework.stop();
        framework.waitForStop(30_000);
    }

    @Test
    public void aListenerOfTheSeedOpensAtOnce() throws Exception {
        listener("seed", "seed", false);

        URI address = address("seed");
        var starts = get(HttpClient.newHttpClient(), address);
        assertEquals(503, starts.statusCode());
        assertEquals("1", starts.headers().firstValue("Retry-After").orElse(""));
        restored();
        var missing = get(HttpClient.newHttpClient(), address);
        assertEquals(503, missing.statusCode());
        assertFalse(
                "whoever asks again hears the same",
                missing.headers().firstValue("Retry-After").isPresent());
        assertNotNull(service(API + "Dispatcher", "(protoplex.listeners=seed)"));
    }

    @Test
    public void aPublicListenerWaitsUntilAllIsRestored() throws Exception {
        listener("http", "public", false);
        Until.until("a dispatcher", () -> service(API + "Dispatcher", "(protoplex.listeners=public)") != null);
        assertNull(service(API + "Listener", "(protoplex.listener=http)"));

        restored();

        assertEquals(404, get(HttpClient.newHttpClient(), address("http")).statusCode());
    }

    @Test
    public void aListenerWhosePortIsTakenOpensWhenItIsFree() throws Exception {
        restored();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener("http", "public", false, taken.getLocalPort());
            Until.until("its health says so", () -> service(NODE_HEALTH, "(protoplex.listener=http)") != null);
        }

        assertEquals(404, get(HttpClient.newHttpClient(), address("http")).statusCode());
        assertNull("all is well", service(NODE_HEALTH, "(protoplex.listener=http)"));
    }

    @Test
    public void tlsSpeaksHttp2WithASelfMadeCertificate() throws Exception {
        restored();
        listener("https", "public", true);
        URI address = address("https");

        HttpResponse<String> response = get(trusting(folder.getRoot().toPath().resolve("data/self-made.crt")), address);

        assertEquals(404, response.statusCode());
        assertEquals(HttpClient.Version.HTTP_2, response.version());
    }

    @Test
    public void aSocketThatAParentBoundIsAcceptedFrom() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ListeningSocket socket = ListeningSocket.bind("http", any, 16)) {
            int port = socket.address().getPort();
            context.registerService(
                    ServerSocketChannel.class,
                    socket.channel(),
                    new Hashtable<>(Map.of("protoplex.listener", "http", "protoplex.port", port)));
            listener("seed", "seed", false);
            listener("http", "public", false);
            restored();

            assertEquals(port, address("http").getPort());
            assertNotEquals("it has no socket to inherit", port, address("seed").getPort());
            assertEquals(404, get(HttpClient.newHttpClient(), address("http")).statusCode());

            http.stop();

            try (Socket waiting = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertTrue("the socket is the parent's", waiting.isConnected());
            }
        }
    }

    @Test
    public void requestsAreLoggedInTheNodesFolder() throws Exception {
        listener("seed", "seed", false);
        Path log = folder.getRoot().toPath().resolve("log/access.log");

        URI address = address("seed");
        // Only now: Declarative Services may lose a change that comes while a component is being activated.
        configure("getConfiguration", "com.espra.protoplex.http", Map.of("accessLog", true));
        LongSummaryStatistics answered = new LongSummaryStatistics();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Until.until(
                    () -> "a line; there is " + namesIn(log.resolveSibling("")) + ", milliseconds to answer: "
                            + answered,
                    () -> {
                        long begun = System.nanoTime();
                        get(client, address);
                        answered.accept(
                                Duration.ofNanos(System.nanoTime() - begun).toMillis());
                        return Files.exists(log) && Files.readString(log).contains("\"GET / HTTP/");
                    });
        }
    }

    @Test
    public void aStoppedBundleLeavesNothing() throws Exception {
        restored();
        listener("http", "public", false);
        URI address = address("http");

        http.stop();

        assertNull(service(API + "Dispatcher", null));
        assertNull(service(API + "Listener", null));
        try (java.net.ServerSocket free = new java.net.ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new java.net.InetSocketAddress("127.0.0.1", address.getPort()));
        }
    }

    @Test
    public void aRemovedConfigurationClosesItsSocket() throws Exception {
        Object configuration = listener("seed", "seed", false);
        address("seed");

        call(configuration, "delete");

        Until.until("no listener", () -> service(API + "Listener", null) == null);
        Until.until("no dispatcher", () -> service(API + "Dispatcher", null) == null);
    }

    @Test
    public void noBundleNeedsTheServiceLoaderBridge() {
        assertArrayEquals(
                new Object[0],
                Arrays.stream(context.getBundles())
                        .map(Bundle::getSymbolicName)
                        .filter(name -> name.contains("spifly"))
                        .toArray());
    }

    private Object listener(String name, String group, boolean tls) throws Exception {
        return listener(name, group, tls, 0);
    }

    private Object listener(String name, String group, boolean tls, int port) throws Exception {
        return configure(
                "getFactoryConfiguration",
                "com.espra.protoplex.http.listener~" + name,
                Map.of("name", name, "group", group, "host", "127.0.0.1", "port", port, "tls", tls));
    }

    /** The framework's classes are not the test's, so services are called by name. */
    private Object configure(String method, String pid, Map<String, Object> properties) throws Exception {
        Object admin = context.getService(context.getServiceReference("org.osgi.service.cm.ConfigurationAdmin"));
        String[] parts = pid.split("~");
        Object configuration =
                parts.length == 2 ? call(admin, method, parts[0], parts[1], "?") : call(admin, method, parts[0], "?");
        call(configuration, "update", new Hashtable<>(properties));
        return configuration;
    }

    private static Object call(Object target, String name, Object... arguments) throws Exception {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name)
                    && method.getParameterCount() == arguments.length
                    && Stream.of(method.getParameterTypes())
                            .allMatch(type -> type == String.class || type == Dictionary.class)) {
                method.setAccessible(true);
                return method.invoke(target, arguments);
            }
        }
        throw new NoSuchMethodException(name);
    }

    private void restored() throws Exception {
        register(
                "org.osgi.service.condition.Condition",
                Map.of("osgi.condition.id", "protoplex.restored"),
                (proxy, method, arguments) -> method.getName().equals("hashCode") ? 1 : proxy == arguments[0]);
    }

    private ServiceRegistration<?> register(
            String type, Map<String, Object> properties, java.lang.reflect.InvocationHandler answers) throws Exception {
        Class<?> loaded = http.loadClass(type);
        Object service = Proxy.newProxyInstance(loaded.getClassLoader(), new Class<?>[] {loaded}, answers);
        return http.getBundleContext().registerService(type, service, new Hashtable<>(properties));
    }

    private URI address(String listener) throws Exception {
        String filter = "(protoplex.listener=" + listener + ")";
        Until.until(listener + " is open", () -> service(API + "Listener", filter) != null);
        return (URI) call(context.getService(service(API + "Listener", filter)), "address");
    }

    private ServiceReference<?> service(String type, String filter) throws Exception {
        ServiceReference<?>[] found = context.getAllServiceReferences(type, filter);
        return found == null ? null : found[0];
    }

    private static List<String> namesIn(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    private static HttpResponse<String> get(HttpClient client, URI address) throws Exception {
        return client.send(
                HttpRequest.newBuilder(address.resolve("/"))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpClient trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("self", PemFiles.chain(certificate)[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }
}
