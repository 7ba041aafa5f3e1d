package org.apache.felix.http.base.internal.dispatch;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An asynchronous request of one servlet context: paths to dispatch to are of that context, and not of the one that Jetty knows. */
final class WhiteboardAsyncContext implements AsyncContext {

    /** Jetty answers for what is thrown after {@code startAsync} where there is a listener, and waits for the time-out where there is none. */
    private static final AsyncListener ANY = new AsyncListener() {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    };

    private final AsyncContext jetty;
    private final ServletContext context;

    WhiteboardAsyncContext(AsyncContext jetty, ServletContext context) {
        this.jetty = jetty;
        this.context = context;
    }

    static AsyncContext started(AsyncContext jetty, ServletContext context) {
        jetty.addListener(ANY);
        return new WhiteboardAsyncContext(jetty, context);
    }

    @Override
    public void dispatch() {
        jetty.dispatch();
    }

    @Override
    public void dispatch(String path) {
        dispatch(context, path);
    }

    @Override
    public void dispatch(ServletContext target, String path) {
        jetty.dispatch(target.getContextPath() + path);
    }

    @Override
    public ServletRequest getRequest() {
        return jetty.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return jetty.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return jetty.hasOriginalRequestAndResponse();
    }

    @Override
    public void complete() {
        jetty.complete();
    }

    @Override
    public void start(Runnable task) {
        jetty.start(task);
    }

    @Override
    public void addListener(AsyncListener listener) {
        jetty.addListener(new OfContext(listener, null, null));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        jetty.addListener(new OfContext(listener, request, response));
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return jetty.createListener(type);
    }

    @Override
    public void setTimeout(long millis) {
        jetty.setTimeout(millis);
    }

    @Override
    public long getTimeout() {
        return jetty.getTimeout();
    }

    /** Tells a listener of this context, so that it may dispatch to its paths. */
    private final class OfContext implements AsyncListener {

        private final AsyncListener listener;
        private final @Nullable ServletRequest request;
        private final @Nullable ServletResponse response;

        OfContext(AsyncListener listener, @Nullable ServletRequest request, @Nullable ServletResponse response) {
            this.listener = listener;
            this.request = request;
            this.response = response;
        }

        private AsyncEvent of(AsyncEvent event) {
            return new AsyncEvent(
                    WhiteboardAsyncContext.this,
                    request == null ? event.getSuppliedRequest() : request,
                    response == null ? event.getSuppliedResponse() : response,
                    event.getThrowable());
        }

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            listener.onComplete(of(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            listener.onTimeout(of(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            listener.onError(of(event));
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            listener.onStartAsync(of(event));
        }
    }
}
