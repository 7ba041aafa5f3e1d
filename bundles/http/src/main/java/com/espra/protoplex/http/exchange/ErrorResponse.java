package com.espra.protoplex.http.exchange;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.http.connector.MalformedRequests;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a failed request whose handler has none of its own: what it is, and the id that finds it in the log. What an
 * exception says is for the log, not for the world.
 */
public final class ErrorResponse extends ErrorHandler {

    private final MalformedRequests malformed;

    /** @param malformed hears of what Jetty's parser refuses */
    public ErrorResponse(MalformedRequests malformed) {
        this.malformed = malformed;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        if (cause instanceof HttpException && code == HttpStatus.BAD_REQUEST_400) {
            malformed.add(request.getConnectionMetaData().getRemoteSocketAddress(), String.valueOf(cause.getMessage()));
        }
        String standard = HttpStatus.getMessage(code);
        String said = cause == null || cause instanceof HttpException ? message : standard;
        StringBuilder text = new StringBuilder().append(code).append(' ').append(standard);
        if (said != null && !said.equals(standard)) {
            text.append(": ").append(said);
        }
        Object id = request.getAttribute(Dispatcher.REQUEST_ID);
        if (id != null) {
            text.append("\nRequest ").append(id);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.write(true, BufferUtil.toBuffer(text.append('\n').toString(), StandardCharsets.UTF_8), callback);
    }
}
