package com.espra.protoplex.app.whiteboard;

import org.eclipse.jetty.ee11.servlet.ServletChannel;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ContextRequest;

/**
 * A servlet context that leaves nothing on a connection. Jetty keeps the channel of a connection's last servlet request for the
 * next one, and with it the context: an idle connection would hold the classes of a generation that is long gone.
 */
final class GenerationContext extends ServletContextHandler {

    GenerationContext() {
        super("/", NO_SECURITY);
    }

    @Override
    protected ContextRequest wrapRequest(Request request, Response response) {
        ContextRequest wrapped = super.wrapRequest(request, response);
        request.getComponents().getCache().removeAttribute(ServletChannel.class.getName());
        return wrapped;
    }
}
