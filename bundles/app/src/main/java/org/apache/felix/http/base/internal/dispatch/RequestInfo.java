package org.apache.felix.http.base.internal.dispatch;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/** The path that leads to a servlet, in place of the library's class of this name. */
public final class RequestInfo implements HttpServletMapping {

    final String servletPath;
    final @Nullable String pathInfo;
    final @Nullable String queryString;
    final String requestURI;

    /** Whether a name led there, and not a path. */
    final boolean nameMatch;

    private final String servlet;
    private final String pattern;
    private final String value;
    private final @Nullable MappingMatch match;

    /** What the library knows of it, in the order of the library. */
    public RequestInfo(
            String servletPath,
            @Nullable String pathInfo,
            @Nullable String queryString,
            String requestURI,
            String servlet,
            String pattern,
            String value,
            @Nullable MappingMatch match,
            boolean nameMatch) {
        this.servletPath = servletPath;
        this.pathInfo = pathInfo;
        this.queryString = queryString;
        this.requestURI = requestURI;
        this.servlet = servlet;
        this.pattern = pattern;
        this.value = value;
        this.match = match;
        this.nameMatch = nameMatch;
    }

    @Override
    public String getMatchValue() {
        return value;
    }

    @Override
    public String getPattern() {
        return pattern;
    }

    @Override
    public String getServletName() {
        return servlet;
    }

    @Override
    public @Nullable MappingMatch getMappingMatch() {
        return match;
    }
}
