package com.espra.protoplex.app.whiteboard;

import com.espra.protoplex.api.http.Dispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.felix.http.base.internal.dispatch.ErrorPages;
import org.eclipse.jetty.ee11.servlet.ErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of a generation that failed, on whichever thread and at whatever time: by an error page of the app, else with the
 * status and the id that finds it in the log. What an exception says is for the log, not for the world.
 */
final class FailedRequests extends ErrorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FailedRequests.class);

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        generateCacheControl(response);
        ServletContextRequest servlet = Request.asInContext(request, ServletContextRequest.class);
        HttpServletResponse answer = servlet.getHttpServletResponse();
        Throwable failure = (Throwable) request.getAttribute(ERROR_EXCEPTION);
        int status = status(request, response, failure);
        String message = (String) request.getAttribute(ERROR_MESSAGE);
        try {
            answer.setStatus(status);
            if (!ErrorPages.answer(servlet.getServletApiRequest(), answer, status, message, failure)) {
                write(request, answer, status, failure == null || isHttp(failure) ? message : null);
            }
            callback.succeeded();
        } catch (IOException | ServletException | RuntimeException failed) {
            LOG.warn(
                    "the error page for {} failed",
                    servlet.getServletApiRequest().getRequestURI(),
                    failed);
            if (answer.isCommitted()) {
                callback.failed(failed);
                return true;
            }
            answer.resetBuffer();
            answer.setStatus(status);
            write(request, answer, status, null);
            callback.succeeded();
        }
        return true;
    }

    private static int status(Request request, Response response, @Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof UnavailableException unavailable) {
                if (unavailable.getUnavailableSeconds() > 0) {
                    response.getHeaders().put(HttpHeader.RETRY_AFTER, unavailable.getUnavailableSeconds());
                }
                return HttpStatus.SERVICE_UNAVAILABLE_503;
            }
        }
        return request.getAttribute(ERROR_STATUS) instanceof Integer status ? status : response.getStatus();
    }

    private static boolean isHttp(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof HttpException) {
                return true;
            }
        }
        return false;
    }

    private static void write(Request request, HttpServletResponse response, int status, @Nullable String said)
            throws IOException {
        String standard = HttpStatus.getMessage(status);
        StringBuilder text = new StringBuilder().append(status).append(' ').append(standard);
        if (said != null && !said.equals(standard)) {
            text.append(": ").append(said);
        }
        Object id = request.getAttribute(Dispatcher.REQUEST_ID);
        if (id != null) {
            text.append("\nRequest ").append(id);
        }
        byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        response.setContentType("text/plain;charset=utf-8");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
