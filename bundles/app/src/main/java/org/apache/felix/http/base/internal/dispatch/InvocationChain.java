package org.apache.felix.http.base.internal.dispatch;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.http.base.internal.context.ExtServletContext;
import org.apache.felix.http.base.internal.handler.FilterHandler;
import org.apache.felix.http.base.internal.handler.ServletHandler;

/**
 * The security check of a servlet context, its filters, and the servlet, in place of the library's class of this name: behind a filter
 * that does not support it no request is asynchronous (Jakarta Servlet, section 2.3.3.3), and an error page is shown to those, too, whom
 * the security check has refused.
 */
public class InvocationChain implements FilterChain {

    private final ServletHandler servlet;
    private final FilterHandler[] filters;
    private final ServletRequestWrapper request;
    private int next;

    InvocationChain(ServletHandler servlet, FilterHandler[] filters, ServletRequestWrapper request) {
        this.servlet = servlet;
        this.filters = filters;
        this.request = request;
    }

    /** Serves a request from the beginning of the chain. */
    void begin(HttpServletResponse response) throws IOException, ServletException {
        ExtServletContext context = servlet.getContext();
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            doFilter(request, response);
        } else if (context.handleSecurity(request, response)) {
            try {
                doFilter(request, response);
            } finally {
                context.finishSecurity(request, response);
            }
        } else if (!response.isCommitted() && response.getStatus() == HttpServletResponse.SC_OK) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    @Override
    public void doFilter(ServletRequest given, ServletResponse response) throws IOException, ServletException {
        if (next == filters.length) {
            servlet.handle(given, response);
            return;
        }
        FilterHandler filter = filters[next++];
        if (!filter.getFilterInfo().isAsyncSupported()) {
            request.forbidAsync("the filter " + filter.getName());
        }
        filter.handle(given, response, this);
    }
}
