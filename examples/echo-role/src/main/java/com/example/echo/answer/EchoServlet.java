package com.example.echo.answer;

import com.espra.protoplex.api.meter.Counter;
import com.espra.protoplex.api.meter.Meters;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Answers and forgets: each request ends on the version on which it began. */
@Component(service = Servlet.class, configurationPid = EchoSettings.PID)
@Designate(ocd = EchoSettings.class)
@HttpWhiteboardServletPattern("/echo/*")
public final class EchoServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Counter answers;
    private final String prefix;

    /** Its counter goes on where that of the version before has stopped. */
    @Activate
    public EchoServlet(@Reference Meters meters, EchoSettings settings) {
        answers = meters.counter("answers", "Requests that were answered");
        prefix = settings.prefix();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answers.add(1);
        String path = request.getPathInfo();
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println(prefix + (path == null ? "" : " " + path.substring(1)));
    }
}
