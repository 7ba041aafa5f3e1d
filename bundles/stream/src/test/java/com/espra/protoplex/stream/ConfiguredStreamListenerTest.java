package com.espra.protoplex.stream;

import static com.espra.protoplex.stream.TestListener.until;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.node.NodeHealth;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;

/** The component of a listener, in a framework that does no more than it must. */
public class ConfiguredStreamListenerTest {

    @Rule
    public final TestListener node = new TestListener();

    /** Those that are registered now, by their type. */
    private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();

    private volatile int frameworkState = Bundle.ACTIVE;
    private final StreamListeners listeners =
            new StreamListeners(annotation(StreamListeners.Config.class, Map.of("listeners", new String[] {"line"})));

    @After
    public void end() {
        listeners.deactivate();
    }

    @SuppressWarnings("unchecked")
    private static <T> T proxy(Class<T> type, InvocationHandler calls) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls);
    }

    private static <A extends Annotation> A annotation(Class<A> type, Map<String, Object> values) {
        return proxy(
                type, (self, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private BundleContext context() {
        Bundle framework = proxy(Bundle.class, (self, method, arguments) -> frameworkState);
        return proxy(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getServiceReferences" -> List.of();
            case "getBundle" -> framework;
            case "registerService" -> registered((Class<?>) arguments[0], arguments[1]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private ServiceRegistration<?> registered(Class<?> type, Object service) {
        services.put(type, service);
        return proxy(ServiceRegistration.class, (self, method, arguments) -> services.remove(type));
    }

    private ConfiguredStreamListener listener(int port, String... proxies) {
        return new ConfiguredStreamListener(
                context(),
                annotation(
                        ConfiguredStreamListener.Config.class,
                        Map.of("name", "line", "host", "127.0.0.1", "port", port, "proxies", proxies)),
                listeners,
                new NoNode(),
                node.dispatcher());
    }

    @Test
    public void aPortThatIsTakenIsSaidAndTriedAgain() throws Exception {
        ConfiguredStreamListener listener;
        int port;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            listener = listener(port);
            listener.activate();
            assertEquals("it opens when the node serves", Set.of(), services.keySet());
            listener.addRestored(Condition.INSTANCE);
            String reason = ((NodeHealth) services.get(NodeHealth.class)).now().reason();
            assertTrue(reason, reason.contains("cannot open 127.0.0.1:" + port));
            assertTrue(reason, reason.contains("set listeners.line.port"));
        }
        until("it is open", () -> services.containsKey(Listener.class));
        assertEquals(Set.of(Listener.class), services.keySet());
        assertEquals(
                "tcp://127.0.0.1:" + port,
                ((Listener) services.get(Listener.class)).address().toString());

        node.live("mail", "mail-1", Lines.deaf("v1"));
        try (LineClient client = new LineClient(port)) {
            assertEquals("v1 hello", client.ask("hello"));
        }
        assertEquals(1, listeners.traffic().getFirst().accepted());

        frameworkState = Bundle.STOPPING;
        listener.removeRestored(Condition.INSTANCE);
        assertEquals(Set.of(), services.keySet());
        assertEquals(List.of(), listeners.traffic());
        listener.deactivate();
    }

    @Test
    public void aProxyThatIsNoneIsSaid() {
        ConfiguredStreamListener listener = listener(0, "balancer");
        listener.activate();
        listener.addRestored(Condition.INSTANCE);
        String reason = ((NodeHealth) services.get(NodeHealth.class)).now().reason();
        assertTrue(reason, reason.contains("listeners.line.proxies: 'balancer' is no address and no network"));
        listener.deactivate();
        assertEquals(Set.of(), services.keySet());
    }

    private static final class NoNode implements Node {
        @Override
        public String name() {
            return "node-1";
        }

        @Override
        public String region() {
            return "local";
        }

        @Override
        public Set<String> roles() {
            return Set.of();
        }

        @Override
        public Path data(String owner) {
            throw new UnsupportedOperationException();
        }
    }
}
