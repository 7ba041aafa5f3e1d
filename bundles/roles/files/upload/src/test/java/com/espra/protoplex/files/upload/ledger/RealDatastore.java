package com.espra.protoplex.files.upload.ledger;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.api.meter.Timer;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.datastore.server.DatastoreConfig;
import com.espra.protoplex.datastore.server.DatastoreHandler;
import com.espra.protoplex.datastore.server.OpenStore;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.http.HttpTransportOptions;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import org.osgi.service.condition.Condition;

/** The Main Datastore's own server, and Google's client for it. */
final class RealDatastore extends ExternalResource {

    private final TemporaryFolder folder = new TemporaryFolder();
    private final Server server = new Server();
    private int port;

    @Override
    protected void before() throws Throwable {
        folder.create();
        Path data = folder.getRoot().toPath();
        Node node = (Node) Proxy.newProxyInstance(
                Node.class.getClassLoader(), new Class<?>[] {Node.class}, (_, method, _) -> switch (method.getName()) {
                    case "data" -> data;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        OpenStore open = new OpenStore(node, null, Condition.INSTANCE, new Development());
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new DatastoreHandler(open, (_, _) -> true, new NoMeters()));
        server.start();
        port = connector.getLocalPort();
    }

    @Override
    protected void after() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        folder.delete();
    }

    Datastore client() {
        return DatastoreOptions.newBuilder()
                .setProjectId("test-project")
                .setHost("http://127.0.0.1:" + port)
                .setCredentials(NoCredentials.getInstance())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setTransportOptions(HttpTransportOptions.newBuilder().build())
                .build()
                .getService();
    }

    private static final class NoMeters implements Meters {

        @Override
        public Counter counter(String name, String help, String... labels) {
            return (_, _) -> {};
        }

        @Override
        public Timer timer(String name, String help, String... labels) {
            return (_, _) -> {};
        }

        @Override
        public void gauge(String name, String help, DoubleSupplier value) {}
    }

    @SuppressWarnings({"BadAnnotationImplementation", "ClassExplicitlyAnnotation"}) // As the framework makes it.
    private static final class Development implements DatastoreConfig {

        @Override
        public boolean development() {
            return true;
        }

        @Override
        public int reserveMiB() {
            return 0;
        }

        @Override
        public String indexes() {
            return "";
        }

        @Override
        public String indexProject() {
            return "";
        }

        @Override
        public boolean requireIndexes() {
            return false;
        }

        @Override
        public boolean pessimistic() {
            return false;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return DatastoreConfig.class;
        }
    }
}
