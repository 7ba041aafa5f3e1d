package com.espra.protoplex.app.whiteboard;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;
import org.osgi.service.servlet.context.ServletContextHelper;

/** Forwards, includes, asynchronous requests and failures, as Jakarta Servlet has them. */
public class DispatchTest {

    @ClassRule
    public static final WhiteboardServer server = new WhiteboardServer();

    private static final String SELECT = "osgi.http.whiteboard.context.select";
    private static final String SHOP = "(osgi.http.whiteboard.context.name=shop)";

    @After
    public void clear() {
        server.clear();
    }

    private static void shop() {
        server.register(
                ServletContextHelper.class,
                new ServletContextHelper() {},
                "osgi.http.whiteboard.context.name",
                "shop",
                "osgi.http.whiteboard.context.path",
                "/shop");
    }

    private static void errorPage(String... errors) {
        server.register(
                Servlet.class,
                WhiteboardServer.servlet((request, response) -> response.getWriter()
                        .print("page " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) + " "
                                + request.getDispatcherType() + " " + request.getServletPath()
                                + request.getPathInfo() + " "
                                + request.getAttribute(RequestDispatcher.ERROR_EXCEPTION))),
                "osgi.http.whiteboard.servlet.errorPage",
                errors);
    }

    private static PrintWriter text(HttpServletResponse response) throws IOException {
        response.setCharacterEncoding("UTF-8");
        return response.getWriter();
    }

    @Test
    public void anAsynchronousDispatchStaysInItsContext() throws Exception {
        shop();
        server.servlet("/end", (request, response) -> response.getWriter().print("root"));
        server.servlet(
                "/end",
                (request, response) ->
                        response.getWriter().print("shop " + request.getDispatcherType() + request.getRequestURI()),
                SELECT,
                SHOP);
        server.servlet("/begin", (request, response) -> request.startAsync().dispatch("/end"), SELECT, SHOP);
        server.servlet(
                "/given",
                (request, response) -> request.startAsync(request, response).dispatch("/end"),
                SELECT,
                SHOP);

        assertEquals("200 shop ASYNC/shop/end", server.get("/shop/begin"));
        assertEquals("200 shop ASYNC/shop/end", server.get("/shop/given"));
    }

    @Test
    public void anAsynchronousListenerDispatchesWithinItsContext() throws Exception {
        shop();
        server.servlet("/late", (request, response) -> response.getWriter().print("late"), SELECT, SHOP);
        server.servlet(
                "/begin",
                (request, response) -> {
                    AsyncContext context = request.startAsync();
                    context.setTimeout(20);
                    context.addListener(new AsyncListener() {
                        @Override
                        public void onTimeout(AsyncEvent event) {
                            event.getAsyncContext().dispatch("/late");
                        }

                        @Override
                        public void onComplete(AsyncEvent event) {}

                        @Override
                        public void onError(AsyncEvent event) {}

                        @Override
                        public void onStartAsync(AsyncEvent event) {}
                    });
                },
                SELECT,
                SHOP);

        assertEquals("200 late", server.get("/shop/begin"));
    }

    @Test
    public void theQueryOfAForwardOrIncludeCounts() throws Exception {
        server.servlet(
                "/target",
                (request, response) -> text(response)
                        .print(Arrays.toString(request.getParameterValues("a")) + request.getParameter("b")
                                + request.getParameter("c") + " " + request.getQueryString()));
        server.servlet(
                "/forward",
                (request, response) ->
                        request.getRequestDispatcher("/target?a=1&c=%C3%BC").forward(request, response));
        server.servlet(
                "/include",
                (request, response) ->
                        request.getRequestDispatcher("/target?a=1&c=%C3%BC").include(request, response));

        assertEquals("200 [1, 2]3ü a=1&c=%C3%BC", server.get("/forward?a=2&b=3"));
        assertTrue(
                server.get("/include?a=2&b=3"), server.get("/include?a=2&b=3").endsWith("a=2&b=3"));
        assertTrue(
                server.get("/include?a=2&b=3"), server.get("/include?a=2&b=3").startsWith("200 [1, 2]3"));
    }

    @Test
    public void aThrowAfterStartAsyncIsAnsweredAtOnce() throws Exception {
        server.servlet("/thrown", (request, response) -> {
            request.startAsync();
            throw new ServletException("late");
        });

        long began = System.nanoTime();
        assertTrue(server.get("/thrown"), server.get("/thrown").startsWith("500 "));
        assertTrue((System.nanoTime() - began) < 10_000_000_000L);
    }

    @Test
    public void anErrorPageAnswersThoughTheStreamWasTaken() throws Exception {
        errorPage("500", "410");
        server.servlet("/stream", (request, response) -> {
            response.getOutputStream().print("half");
            throw new IllegalStateException("in the middle");
        });
        server.servlet("/gone", (request, response) -> {
            response.getOutputStream().print("half");
            response.sendError(410);
        });

        assertEquals(
                "500 page 500 ERROR /stream java.lang.IllegalStateException: in the middle", server.get("/stream"));
        assertEquals("410 page 410 ERROR /gone null", server.get("/gone"));
    }

    @Test
    public void theRootCauseOfAServletExceptionFindsItsPage() throws Exception {
        errorPage("java.io.FileNotFoundException");
        server.servlet("/wrapped", (request, response) -> {
            throw new ServletException(new ServletException(new java.io.FileNotFoundException("file")));
        });

        assertEquals("500 page 500 ERROR /wrapped java.io.FileNotFoundException: file", server.get("/wrapped"));
    }

    @Test
    public void anUnavailableServletIs503() throws Exception {
        server.servlet("/later", (request, response) -> {
            throw new UnavailableException("busy", 7);
        });
        server.servlet("/never", (request, response) -> {
            throw new UnavailableException("closed");
        });

        HttpResponse<String> later = server.send(server.request("/later"));
        assertEquals(503, later.statusCode());
        assertEquals("7", later.headers().firstValue("Retry-After").orElse(""));
        assertTrue(server.get("/never"), server.get("/never").startsWith("503 "));
    }

    @Test
    public void whatAThrowableSaysIsNotForTheWorld() throws Exception {
        server.servlet("/error", (request, response) -> {
            throw new AssertionError("secret");
        });
        server.servlet("/exception", (request, response) -> {
            throw new IOException("secret");
        });

        assertEquals("500 500 Server Error\n", server.get("/error"));
        assertEquals("500 500 Server Error\n", server.get("/exception"));
    }

    @Test
    public void asynchronousErrorsAndTimeoutsHaveTheirPage() throws Exception {
        errorPage("500", "418");
        server.servlet("/timeout", (request, response) -> request.startAsync().setTimeout(20));
        server.servlet("/sent", (request, response) -> {
            AsyncContext context = request.startAsync();
            context.start(() -> {
                try {
                    response.sendError(418);
                } catch (IOException failed) {
                    throw new java.io.UncheckedIOException(failed);
                }
                context.complete();
            });
        });

        assertEquals("500 page 500 ERROR /timeout null", server.get("/timeout"));
        assertEquals("418 page 418 ERROR /sent null", server.get("/sent"));
    }

    @Test
    public void anExceptionAfterCommitCutsTheAnswer() {
        server.servlet("/cut", (request, response) -> {
            response.getOutputStream().print("half");
            response.flushBuffer();
            throw new IllegalStateException("in the middle");
        });

        assertThrows(IOException.class, () -> server.get("/cut"));
    }

    @Test
    public void aFilterThatIsNotAsynchronousBlocksIt() throws Exception {
        server.register(
                Filter.class,
                (Filter) (request, response, chain) -> chain.doFilter(request, response),
                "osgi.http.whiteboard.filter.pattern",
                "/behind");
        server.servlet("/behind", (request, response) -> {
            assertFalse(request.isAsyncSupported());
            IllegalStateException refused = assertThrows(IllegalStateException.class, request::startAsync);
            response.getWriter().print(refused.getMessage());
        });

        assertTrue(server.get("/behind"), server.get("/behind").contains("the filter "));
    }

    @Test
    public void anExceptionInAForwardHasItsPage() throws Exception {
        errorPage("500");
        server.servlet("/broken", (request, response) -> {
            response.getWriter().print("half");
            throw new IllegalStateException("broken");
        });
        server.servlet(
                "/forward",
                (request, response) -> request.getRequestDispatcher("/broken").forward(request, response));
        server.servlet("/sent", (request, response) -> response.sendError(500));
        server.servlet(
                "/toSent",
                (request, response) -> request.getRequestDispatcher("/sent").forward(request, response));

        assertEquals("500 page 500 ERROR /forward java.lang.IllegalStateException: broken", server.get("/forward"));
        assertEquals("500 page 500 ERROR /toSent null", server.get("/toSent"));
    }

    @Test
    public void anErrorPageThatFailsLeavesTheStatus() throws Exception {
        server.register(
                Servlet.class,
                WhiteboardServer.servlet((request, response) -> {
                    throw new IllegalStateException("page");
                }),
                "osgi.http.whiteboard.servlet.errorPage",
                "409");
        server.servlet("/conflict", (request, response) -> response.sendError(409));

        assertEquals("409 409 Conflict\n", server.get("/conflict"));
    }

    @Test
    public void filtersOfErrorsRunAndTheSecurityCheckDoesNotHideThePage() throws Exception {
        server.register(
                ServletContextHelper.class,
                new ServletContextHelper() {
                    @Override
                    public boolean handleSecurity(
                            jakarta.servlet.http.HttpServletRequest request,
                            jakarta.servlet.http.HttpServletResponse response) {
                        return false;
                    }
                },
                "osgi.http.whiteboard.context.name",
                "shop",
                "osgi.http.whiteboard.context.path",
                "/shop");
        server.servlet("/in", (request, response) -> {}, SELECT, SHOP);
        server.register(
                Filter.class,
                (Filter) (request, response, chain) -> {
                    response.getWriter().print("filtered ");
                    chain.doFilter(request, response);
                },
                "osgi.http.whiteboard.filter.pattern",
                "/*",
                "osgi.http.whiteboard.filter.dispatcher",
                DispatcherType.ERROR.name(),
                SELECT,
                SHOP);
        server.register(
                Servlet.class,
                WhiteboardServer.servlet(
                        (request, response) -> response.getWriter().print("keep out")),
                "osgi.http.whiteboard.servlet.errorPage",
                "403",
                SELECT,
                SHOP);

        assertEquals("403 filtered keep out", server.get("/shop/in"));
    }
}
