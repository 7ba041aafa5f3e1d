package com.espra.protoplex.datastore.testing;

import com.espra.protoplex.datastore.model.Clearing;
import com.espra.protoplex.datastore.server.DatastoreHandler;
import com.espra.protoplex.datastore.server.Faults;
import com.espra.protoplex.datastore.server.OpenStore;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The role's own code, with a server of its own instead of a node. */
final class EmbeddedDatastore implements AutoCloseable {

    private final Path folder;
    private final Faults faults = new Faults();
    private OpenStore open;
    private Server server;
    private int port;

    EmbeddedDatastore(Path folder) throws Exception {
        this.folder = folder;
        open = open(folder);
        server = start();
    }

    private static OpenStore open(Path folder) throws IOException, InterruptedException {
        return new OpenStore(folder, 0, true);
    }

    private Server start() throws Exception {
        Server starting = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(
                starting, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        starting.addConnector(connector);
        starting.setHandler(new DatastoreHandler(open, (_, _) -> true, new NoMeters(), faults));
        boolean started = false;
        try {
            starting.start();
            started = true;
        } finally {
            if (!started) {
                open.close();
            }
        }
        port = connector.getLocalPort();
        return starting;
    }

    int port() {
        return port;
    }

    Faults faults() {
        return faults;
    }

    void reset() {
        faults.clear();
        new Clearing(open.store(), open.service().indexes()).all();
    }

    void restart() throws Exception {
        close();
        open = open(folder);
        server = start();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server of the datastore does not stop", e);
        } finally {
            open.close();
        }
    }
}
