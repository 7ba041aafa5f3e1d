package org.apache.felix.http.base.internal.dispatch;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.http.base.internal.context.ExtServletContext;
import org.apache.felix.http.base.internal.handler.HttpSessionWrapper;
import org.apache.felix.http.base.internal.util.UriUtils;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.jspecify.annotations.Nullable;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.useradmin.Authorization;

/**
 * A request as the servlets of one context see it, in place of the library's class of this name: the query of a forward or include counts,
 * multipart bodies are Jetty's to take apart, and asynchronous requests know the paths of their context.
 */
class ServletRequestWrapper extends HttpServletRequestWrapper {

    private final ExtServletContext context;
    private final RequestInfo info;

    /** How it was dispatched by the whiteboard; null if it was not, but came from outside. */
    private final @Nullable DispatcherType type;

    /** What does not support asynchronous processing; null if all do. */
    private @Nullable String synchronous;

    private @Nullable Map<String, String[]> parameters;

    ServletRequestWrapper(
            HttpServletRequest request,
            ExtServletContext context,
            RequestInfo info,
            @Nullable DispatcherType type,
            boolean asyncSupported) {
        super(request);
        this.context = context;
        this.info = info;
        this.type = type;
        this.synchronous = asyncSupported ? null : "the servlet " + info.getServletName();
    }

    // Paths

    /** Whether it has the paths of its target: an include keeps those of the request, and so does what is dispatched to by name. */
    private boolean isOfTarget() {
        return type != DispatcherType.INCLUDE && !info.nameMatch;
    }

    @Override
    public String getContextPath() {
        return context.getContextPath();
    }

    @Override
    public String getServletPath() {
        return isOfTarget() ? info.servletPath : super.getServletPath();
    }

    @Override
    public @Nullable String getPathInfo() {
        return isOfTarget() ? info.pathInfo : super.getPathInfo();
    }

    @Override
    public @Nullable String getPathTranslated() {
        String path = getPathInfo();
        return path == null ? null : context.getRealPath(path);
    }

    @Override
    public String getRequestURI() {
        return isOfTarget() ? info.requestURI : super.getRequestURI();
    }

    @Override
    public @Nullable String getQueryString() {
        return isOfTarget() && info.queryString != null ? info.queryString : super.getQueryString();
    }

    @Override
    public HttpServletMapping getHttpServletMapping() {
        return info;
    }

    @Override
    public DispatcherType getDispatcherType() {
        return type == null ? super.getDispatcherType() : type;
    }

    @Override
    public ServletContext getServletContext() {
        return context;
    }

    @Override
    public @Nullable RequestDispatcher getRequestDispatcher(@Nullable String path) {
        if (path == null) {
            return null;
        }
        boolean relative = !path.startsWith("/") && !path.isEmpty();
        return context.getRequestDispatcher(relative ? UriUtils.concat(getServletPath(), path) : path);
    }

    // Parameters

    @Override
    public Map<String, String[]> getParameterMap() {
        if (info.queryString == null) {
            return super.getParameterMap();
        }
        Map<String, String[]> merged = parameters;
        if (merged == null) {
            merged = withQuery(info.queryString, super.getParameterMap());
            parameters = merged;
        }
        return merged;
    }

    /** Values of the dispatch come before those of the request: Jakarta Servlet, section 9.1.1. */
    private static Map<String, String[]> withQuery(String query, Map<String, String[]> given) {
        Fields added = new Fields(true);
        UrlEncoded.decodeUtf8To(query, added);
        Map<String, String[]> merged = new LinkedHashMap<>(given);
        added.toStringArrayMap()
                .forEach((name, values) -> merged.merge(
                        name,
                        values,
                        (before, first) ->
                                Stream.of(first, before).flatMap(Stream::of).toArray(String[]::new)));
        return Collections.unmodifiableMap(merged);
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = getParameterMap().get(name);
        return values == null || values.length == 0 ? null : values[0];
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return getParameterMap().get(name);
    }

    @Override
    public Collection<Part> getParts() throws IOException, ServletException {
        if (getAttribute(ServletContextRequest.MULTIPART_CONFIG_ELEMENT) == null) {
            throw new IllegalStateException("the servlet " + info.getServletName() + " does not enable multipart");
        }
        String content = getContentType();
        if (content == null || !content.regionMatches(true, 0, "multipart/form-data", 0, 19)) {
            throw new ServletException("the request is not multipart/form-data, but " + content);
        }
        try {
            return ServletContextRequest.getServletContextRequest(this)
                    .getServletApiRequest()
                    .getParts();
        } catch (ServletException wrong) {
            throw overLimit(wrong);
        }
    }

    /** The parser says so in words alone: its class is that of other faults, too. */
    private static ServletException overLimit(ServletException wrong) {
        for (Throwable each = wrong; each != null; each = each.getCause()) {
            if (each.getMessage() != null && each.getMessage().contains("exceeded")) {
                throw new HttpException.IllegalStateException(
                        HttpStatus.PAYLOAD_TOO_LARGE_413, each.getMessage(), each);
            }
        }
        return wrong;
    }

    @Override
    public @Nullable Part getPart(String name) throws IOException, ServletException {
        for (Part part : getParts()) {
            if (part.getName().equals(name)) {
                return part;
            }
        }
        return null;
    }

    // Attributes

    /** The paths of the dispatch or of the request before it, where the specification has them as attributes (sections 9.3.1 and 9.4.2). */
    private Map<String, Supplier<@Nullable Object>> paths() {
        HttpServletRequest request = (HttpServletRequest) getRequest();
        if (info.nameMatch) {
            return Map.of();
        }
        if (type == DispatcherType.INCLUDE) {
            return Map.of(
                    RequestDispatcher.INCLUDE_REQUEST_URI, () -> info.requestURI,
                    RequestDispatcher.INCLUDE_CONTEXT_PATH, request::getContextPath,
                    RequestDispatcher.INCLUDE_SERVLET_PATH, () -> info.servletPath,
                    RequestDispatcher.INCLUDE_PATH_INFO, () -> info.pathInfo,
                    RequestDispatcher.INCLUDE_QUERY_STRING, () -> info.queryString,
                    RequestDispatcher.INCLUDE_MAPPING, () -> info);
        }
        if (type == DispatcherType.FORWARD) {
            return Map.of(
                    RequestDispatcher.FORWARD_REQUEST_URI, request::getRequestURI,
                    RequestDispatcher.FORWARD_CONTEXT_PATH, request::getContextPath,
                    RequestDispatcher.FORWARD_SERVLET_PATH, request::getServletPath,
                    RequestDispatcher.FORWARD_PATH_INFO, request::getPathInfo,
                    RequestDispatcher.FORWARD_QUERY_STRING, request::getQueryString,
                    RequestDispatcher.FORWARD_MAPPING, request::getHttpServletMapping);
        }
        return Map.of();
    }

    private static boolean isPath(String name) {
        return name.startsWith("jakarta.servlet.include.") || name.startsWith("jakarta.servlet.forward.");
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        if (!isPath(name)) {
            return super.getAttribute(name);
        }
        Supplier<@Nullable Object> path = paths().get(name);
        if (path != null) {
            return path.get();
        }
        // What is included by a forward's target sees the forward.
        boolean below =
                type == DispatcherType.INCLUDE && !info.nameMatch && name.startsWith("jakarta.servlet.forward.");
        return below ? super.getAttribute(name) : null;
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        Set<String> names = new LinkedHashSet<>(Collections.list(super.getAttributeNames()));
        names.addAll(paths().keySet());
        return Collections.enumeration(names);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            removeAttribute(name);
            return;
        }
        Object before = getAttribute(name);
        super.setAttribute(name, value);
        ServletRequestAttributeListener listener = context.getServletRequestAttributeListener();
        if (listener == null) {
            return;
        }
        if (before == null) {
            listener.attributeAdded(new ServletRequestAttributeEvent(context, this, name, value));
        } else {
            listener.attributeReplaced(new ServletRequestAttributeEvent(context, this, name, before));
        }
    }

    @Override
    public void removeAttribute(String name) {
        Object before = getAttribute(name);
        if (before == null) {
            return;
        }
        super.removeAttribute(name);
        ServletRequestAttributeListener listener = context.getServletRequestAttributeListener();
        if (listener != null) {
            listener.attributeRemoved(new ServletRequestAttributeEvent(context, this, name, before));
        }
    }

    // Sessions and users

    @Override
    public HttpSession getSession() {
        return Objects.requireNonNull(getSession(true));
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        HttpSession session = super.getSession(create);
        if (session == null || (!create && !HttpSessionWrapper.hasSession(context.getServletContextName(), session))) {
            return null;
        }
        return new HttpSessionWrapper(session, context, context.getConfig(), false);
    }

    @Override
    public @Nullable String getAuthType() {
        return getAttribute(ServletContextHelper.AUTHENTICATION_TYPE) instanceof String own ? own : super.getAuthType();
    }

    @Override
    public @Nullable String getRemoteUser() {
        return getAttribute(ServletContextHelper.REMOTE_USER) instanceof String own ? own : super.getRemoteUser();
    }

    @Override
    public boolean isUserInRole(String role) {
        return getAttribute(ServletContextHelper.AUTHORIZATION) instanceof Authorization own
                ? own.hasRole(role)
                : super.isUserInRole(role);
    }

    // Asynchronous processing

    /** From here on it may not be: something that is to see its end does not support it. */
    void forbidAsync(String who) {
        synchronous = who;
    }

    @Override
    public boolean isAsyncSupported() {
        return synchronous == null && super.isAsyncSupported();
    }

    @Override
    public AsyncContext startAsync() {
        checkAsync();
        return WhiteboardAsyncContext.started(super.startAsync(), context);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        checkAsync();
        return WhiteboardAsyncContext.started(super.startAsync(request, response), context);
    }

    private void checkAsync() {
        if (synchronous != null) {
            throw new IllegalStateException(
                    "no asynchronous request here: " + synchronous + " does not support it (asyncSupported)");
        }
    }

    @Override
    public AsyncContext getAsyncContext() {
        return new WhiteboardAsyncContext(super.getAsyncContext(), context);
    }
}
