package org.apache.felix.http.base.internal.dispatch;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.http.base.internal.handler.FilterHandler;
import org.apache.felix.http.base.internal.registry.ServletResolution;
import org.apache.felix.http.base.internal.util.UriUtils;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;

/**
 * Forwards and includes, in place of the library's class of this name: a query of the path counts (Jakarta Servlet, section 9.1.1), and an
 * exception leaves the response open for its error page.
 */
public final class RequestDispatcherImpl implements RequestDispatcher {

    private final RequestInfo target;
    private final ServletResolution resolution;

    /**
     * @param resolution the servlet
     * @param target the path that led to it
     */
    public RequestDispatcherImpl(ServletResolution resolution, RequestInfo target) {
        this.resolution = resolution;
        this.target = target;
    }

    @Override
    public void forward(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        if (response.isCommitted()) {
            throw new IllegalStateException("the response has been committed: it cannot be forwarded any more");
        }
        response.resetBuffer();
        dispatch((HttpServletRequest) request, (HttpServletResponse) response, DispatcherType.FORWARD);
        if (!request.isAsyncStarted() && !isError(request)) {
            close(response);
        }
    }

    private static boolean isError(ServletRequest request) {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        return jetty != null
                && jetty.getServletChannel().getServletRequestState().isSendError();
    }

    /** After a forward the response is over: section 9.4. */
    private static void close(ServletResponse response) throws IOException {
        response.flushBuffer();
        try {
            response.getWriter().close();
        } catch (IllegalStateException stream) {
            response.getOutputStream().close();
        }
    }

    @Override
    public void include(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        dispatch(
                (HttpServletRequest) request,
                new IncludeResponseWrapper((HttpServletResponse) response),
                DispatcherType.INCLUDE);
    }

    private void dispatch(HttpServletRequest request, HttpServletResponse response, DispatcherType type)
            throws ServletException, IOException {
        if (type == DispatcherType.FORWARD) {
            Dispatcher.allowParts(request, resolution.handler.getMultipartConfig());
        }
        ServletRequestWrapper wrapped = new ServletRequestWrapper(
                request,
                resolution.handler.getContext(),
                target,
                type,
                resolution.handler.getServletInfo().isAsyncSupported());
        String path = UriUtils.concat(target.servletPath, target.pathInfo);
        FilterHandler[] filters =
                resolution.handlerRegistry.getFilterHandlers(resolution.handler, type, path == null ? "" : path);
        new InvocationChain(resolution.handler, filters, wrapped).begin(response);
    }
}
