package com.espra.protoplex.http.limits;

import com.espra.protoplex.http.RawClient;
import com.espra.protoplex.http.connector.LosslessConnector;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.IO;

/** The node of {@link AcceptingTest}: opens as many files as it may, and closes them when it is told. Ends with its standard input. */
public final class NoFilesLeft {

    private NoFilesLeft() {}

    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        LosslessConnector connector = AcceptingTest.connector(server);
        server.start();
        // What an answer needs is loaded, while there are files for it.
        try (RawClient client = new RawClient(connector.getLocalPort())) {
            client.get("/");
        }
        List<InputStream> files = new ArrayList<>();
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException full) {
            System.out.println(connector.getLocalPort());
        }
        while (connector.isAccepting()) {
            Thread.onSpinWait();
        }
        System.out.println("full");
        System.in.read();
        files.forEach(IO::close);
        while (System.in.read() >= 0) {
            // Nothing is said; it ends.
        }
        System.exit(0);
    }
}
