package com.example.hello;

import static org.junit.Assert.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The servlet in a real server, on a port that is free. */
public class HelloServletTest {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @Before
    public void start() throws Exception {
        connector.setHost("127.0.0.1");
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(HelloServlet.class, "/hello/*");
        server.addConnector(connector);
        server.setHandler(context);
        server.start();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

    @Test
    public void greetsTheWorld() throws Exception {
        assertEquals("Hello, world!", get("/hello"));
    }

    @Test
    public void greetsByName() throws Exception {
        assertEquals("Hello, Ada!", get("/hello?name=Ada"));
    }

    private String get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        return response.body().strip();
    }
}
