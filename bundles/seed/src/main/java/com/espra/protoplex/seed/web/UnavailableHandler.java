package com.espra.protoplex.seed.web;

import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers for a Seed that could not start: why, and what to do about it. Otherwise its paths would be unknown, which says nothing. */
public final class UnavailableHandler extends Handler.Abstract {

    private final String what;
    private final String remedy;

    /**
     * @param what why the Seed could not start
     * @param remedy what to do about it
     */
    public UnavailableHandler(String what, String remedy) {
        this.what = what;
        this.remedy = remedy;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        new ApiExchange(request, response, Map.of())
                .problem(new Problem(503, "the Seed could not start: " + what, remedy));
        callback.succeeded();
        return true;
    }
}
