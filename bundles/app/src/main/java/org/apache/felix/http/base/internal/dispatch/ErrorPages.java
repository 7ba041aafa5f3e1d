package org.apache.felix.http.base.internal.dispatch;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.http.base.internal.handler.FilterHandler;
import org.apache.felix.http.base.internal.handler.ServletHandler;
import org.apache.felix.http.base.internal.registry.PerContextHandlerRegistry;
import org.jspecify.annotations.Nullable;

/** The error pages of the servlet context that serves a request. They go with the request, so whoever ends it finds them. */
public final class ErrorPages {

    private static final String ATTRIBUTE = ErrorPages.class.getName();

    /** Asks for the page of an exception, and for that of no status. */
    private static final int NO_STATUS = -1;

    private final @Nullable PerContextHandlerRegistry registry;
    private final String path;
    private final @Nullable String servlet;

    ErrorPages(@Nullable PerContextHandlerRegistry registry, String path, @Nullable String servlet) {
        this.registry = registry;
        this.path = path;
        this.servlet = servlet;
    }

    void attach(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /**
     * Has the page that was registered for it answer a failed request (Jakarta Servlet, section 10.9).
     *
     * @param status of the response
     * @param message what is said of it
     * @param failure what was thrown; null if it was not
     * @return false if there is no such page
     * @throws ServletException if the page does
     * @throws IOException if the page does
     */
    public static boolean answer(
            HttpServletRequest request,
            HttpServletResponse response,
            int status,
            @Nullable String message,
            @Nullable Throwable failure)
            throws ServletException, IOException {
        return request.getAttribute(ATTRIBUTE) instanceof ErrorPages pages
                && pages.registry != null
                && pages.answer(pages.registry, request, response, new Failed(status, message, failure));
    }

    private record Failed(
            int status, @Nullable String message, @Nullable Throwable exception) {}

    private boolean answer(
            PerContextHandlerRegistry pages, HttpServletRequest request, HttpServletResponse response, Failed failed)
            throws ServletException, IOException {
        Throwable exception = failed.exception;
        ServletHandler page = exception == null ? null : pages.getErrorHandler(NO_STATUS, exception);
        while (page == null && exception instanceof ServletException wrapper && wrapper.getRootCause() != null) {
            exception = wrapper.getRootCause();
            page = pages.getErrorHandler(NO_STATUS, exception);
        }
        if (page == null) {
            exception = failed.exception;
            page = pages.getErrorHandler(failed.status, null);
        }
        if (page == null) {
            return false;
        }
        describe(request, failed, exception);
        String inContext = pages.isMatching(path);
        // A page need not have a pattern: its path is that of the request.
        RequestInfo info =
                new RequestInfo("", inContext, null, request.getRequestURI(), page.getName(), "", "", null, false);
        ServletRequestWrapper wrapped =
                new ServletRequestWrapper(request, page.getContext(), info, DispatcherType.ERROR, false);
        FilterHandler[] filters =
                pages.getFilterHandlers(page, DispatcherType.ERROR, inContext == null ? path : inContext);
        new InvocationChain(page, filters, wrapped).begin(response);
        return true;
    }

    private void describe(HttpServletRequest request, Failed failed, @Nullable Throwable exception) {
        request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, failed.status);
        request.setAttribute(RequestDispatcher.ERROR_MESSAGE, failed.message);
        request.setAttribute(RequestDispatcher.ERROR_REQUEST_URI, request.getRequestURI());
        request.setAttribute(RequestDispatcher.ERROR_SERVLET_NAME, servlet);
        request.setAttribute(RequestDispatcher.ERROR_METHOD, request.getMethod());
        request.setAttribute(RequestDispatcher.ERROR_QUERY_STRING, request.getQueryString());
        request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, exception);
        request.setAttribute(RequestDispatcher.ERROR_EXCEPTION_TYPE, exception == null ? null : exception.getClass());
    }
}
