package com.espra.protoplex.cli.demo.hello;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Says which version it is, and which request it answers. */
public final class DemoServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** Read for each request: a generation whose bundle went away before its requests ended would fail here. */
    private static String version() throws IOException {
        try (InputStream in = DemoServlet.class.getResourceAsStream("/version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = ("hello " + version() + " " + request.getParameter("n") + "\n").getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain;charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
