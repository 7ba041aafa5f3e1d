package com.example.hello;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Greets. The node serves it as long as this component is there: nothing has to be registered. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({"/hello", "/hello/*"})
public final class HelloServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = request.getParameter("name");
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println("Hello, " + (name == null ? "world" : name) + "!");
    }
}
