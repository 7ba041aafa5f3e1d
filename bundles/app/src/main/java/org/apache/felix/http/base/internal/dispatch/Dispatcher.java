package org.apache.felix.http.base.internal.dispatch;

import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.apache.felix.http.base.internal.context.ExtServletContext;
import org.apache.felix.http.base.internal.handler.FilterHandler;
import org.apache.felix.http.base.internal.handler.HttpSessionWrapper;
import org.apache.felix.http.base.internal.handler.ServletHandler;
import org.apache.felix.http.base.internal.logger.SystemLogger;
import org.apache.felix.http.base.internal.registry.HandlerRegistry;
import org.apache.felix.http.base.internal.registry.PathResolution;
import org.apache.felix.http.base.internal.whiteboard.WhiteboardManager;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.QuietException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Leads a request to its servlet, in place of the library's class of this name. That one answers for errors itself, so it knows nothing
 * of those that come later or on another thread: here they are left to Jetty, which asks {@link ErrorPages} for all of them.
 */
public final class Dispatcher {

    private final HandlerRegistry registry;
    private volatile @Nullable WhiteboardManager manager;

    /**
     * @param registry what is registered
     */
    public Dispatcher(HandlerRegistry registry) {
        this.registry = registry;
    }

    /** Sets where the preprocessors are; null when there is nothing to serve any more. */
    public void setWhiteboardManager(@Nullable WhiteboardManager manager) {
        this.manager = manager;
    }

    /**
     * Serves a request.
     *
     * @throws ServletException if the servlet does
     * @throws IOException if the servlet does
     */
    public void dispatch(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        WhiteboardManager present = manager;
        if (present == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        HttpSession session = request.getSession(false);
        if (session != null) {
            present.sessionDestroyed(session, HttpSessionWrapper.getExpiredSessionContextNames(session));
        }
        try {
            process(present, request, response);
        } catch (UnavailableException one) {
            // Jetty would take it for the end of the servlet that all others are behind.
            throw new ServletException(one);
        } catch (IOException failed) {
            if (!isOfTheClient(failed)) {
                // Jetty says that in one line, as if it were the client's.
                SystemLogger.LOGGER.warn("the request to {} failed", request.getRequestURI(), failed);
            }
            throw failed;
        }
    }

    private static boolean isOfTheClient(Throwable failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof QuietException || each instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    private void process(WhiteboardManager present, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        present.invokePreprocessors(request, response, new Preprocessor() {
            @Override
            public void init(FilterConfig config) {}

            @Override
            public void doFilter(ServletRequest processed, ServletResponse answer, @Nullable FilterChain none)
                    throws IOException, ServletException {
                serve((HttpServletRequest) processed, (HttpServletResponse) answer);
            }

            @Override
            public void destroy() {}
        });
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        String path = Objects.toString(request.getServletPath(), "") + Objects.toString(request.getPathInfo(), "");
        PathResolution found = registry.resolveServlet(path);
        if (found == null) {
            new ErrorPages(registry.getBestMatchingRegistry(path), path, null).attach(request);
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        ServletHandler handler = found.handler;
        new ErrorPages(found.handlerRegistry, path, handler.getName()).attach(request);
        allowParts(request, handler.getMultipartConfig());
        ExtServletContext context = handler.getContext();
        RequestInfo info = new RequestInfo(
                found.servletPath,
                found.pathInfo,
                null,
                request.getRequestURI(),
                handler.getName(),
                found.matchedPattern,
                found.matchValue,
                found.match,
                false);
        ServletRequestWrapper wrapped = new ServletRequestWrapper(
                request, context, info, null, handler.getServletInfo().isAsyncSupported());
        FilterHandler[] filters = registry.getFilters(found, request.getDispatcherType(), found.requestURI);
        ServletRequestListener listener = context.getServletRequestListener();
        if (listener != null) {
            listener.requestInitialized(new ServletRequestEvent(context, wrapped));
        }
        try {
            new InvocationChain(handler, filters, wrapped).begin(response);
        } finally {
            if (listener != null) {
                listener.requestDestroyed(new ServletRequestEvent(context, wrapped));
            }
        }
    }

    /** Jetty takes a multipart body apart, where the servlet says so. */
    static void allowParts(HttpServletRequest request, @Nullable MultipartConfig config) {
        if (config == null) {
            request.removeAttribute(ServletContextRequest.MULTIPART_CONFIG_ELEMENT);
            return;
        }
        request.setAttribute(
                ServletContextRequest.MULTIPART_CONFIG_ELEMENT,
                new MultipartConfigElement(
                        config.multipartLocation,
                        config.multipartMaxFileSize,
                        config.multipartMaxRequestSize,
                        config.multipartThreshold));
    }
}
