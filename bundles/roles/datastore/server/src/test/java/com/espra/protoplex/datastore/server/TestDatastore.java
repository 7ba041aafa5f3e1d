package com.espra.protoplex.datastore.server;

import com.espra.protoplex.api.capability.Capabilities;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.http.HttpTransportOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A datastore on a free port of the loopback address, and Google's own client for it. */
public final class TestDatastore extends ExternalResource {

    private final TemporaryFolder folder = new TemporaryFolder();
    private final boolean development;
    private volatile String without = "";
    private final Capabilities capabilities = (app, capability) -> !capability.equals(without);
    final TestMeters meters = new TestMeters();
    private OpenStore open;
    private Server server;

    public TestDatastore() {
        this(true);
    }

    TestDatastore(boolean development) {
        this.development = development;
    }

    @Override
    protected void before() throws Throwable {
        folder.create();
        start();
    }

    @Override
    protected void after() {
        stop();
        folder.delete();
    }

    /** What nobody may do from now on; empty: everything is possible. */
    void without(String capability) {
        without = capability;
    }

    OpenStore open() {
        return open;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    Path folder() {
        return folder.getRoot().toPath();
    }

    void start() throws Exception {
        open = new OpenStore(folder(), 0, development);
        server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        ServerConnector connector = new ServerConnector(
                server, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        DatastoreHandler protocol = new DatastoreHandler(open, capabilities, meters);
        DevelopmentRoutes.Reset reset = new DevelopmentRoutes.Reset(open);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return Request.getPathInContext(request).equals("/reset")
                        ? reset.handle(request, response, callback)
                        : protocol.handle(request, response, callback);
            }
        });
        server.start();
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        open.close();
    }

    /** As at a swap or a restart. */
    public void reopen() throws Exception {
        stop();
        start();
    }

    public int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port());
    }

    /** Google's client over HTTP, without retries that would hide an error. */
    public Datastore client() {
        return DatastoreOptions.newBuilder()
                .setProjectId("test-project")
                .setHost("http://127.0.0.1:" + port())
                .setCredentials(NoCredentials.getInstance())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setTransportOptions(HttpTransportOptions.newBuilder().build())
                .build()
                .getService();
    }
}
