package com.example.echo.counter;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Counts its requests. It is there while the file is open. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/echo/count")
public final class CountServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Count count;

    /** Waits for the file. */
    @Activate
    public CountServlet(@Reference Count count) {
        this.count = count;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println(count.next());
    }
}
