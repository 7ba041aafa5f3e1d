package com.espra.protoplex.app.whiteboard;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.dto.ServletContextDTO;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/** What a whiteboard says of itself. */
public class RuntimeTest {

    @ClassRule
    public static final WhiteboardServer server = new WhiteboardServer();

    @After
    public void clear() {
        server.clear();
    }

    @Test
    public void aFilterWithAnUnknownDispatcherTypeIsNamedAndStopsNothing() {
        server.register(
                Filter.class,
                (Filter) (request, response, chain) -> chain.doFilter(request, response),
                "osgi.http.whiteboard.filter.pattern",
                "/*",
                "osgi.http.whiteboard.filter.dispatcher",
                "SOMETIMES");
        server.servlet("/later", (request, response) -> {});

        List<Problem> problems = server.whiteboard().problems();
        assertEquals(problems.toString(), 1, problems.size());
        assertTrue(problems.toString(), problems.getFirst().what().contains("SOMETIMES"));
        assertEquals(1, server.whiteboard().endpoints().size());
    }

    /** OSGi Compendium, section 140.9. */
    @Test
    public void whatIsOursIsNotDescribed() {
        HttpServiceRuntime runtime =
                server.context().getService(server.context().getServiceReference(HttpServiceRuntime.class));

        for (ServletContextDTO context : runtime.getRuntimeDTO().servletContextDTOs) {
            assertEquals(context.name, 0, context.listenerDTOs.length);
        }
        assertEquals(0, runtime.getRuntimeDTO().failedServletContextDTOs.length);
    }

    /** OSGi Compendium, section 140.8. */
    @Test
    public void preprocessorsSeeWhatNobodyClaims() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        assertEquals(List.of(), server.whiteboard().endpoints());
        server.register(
                Preprocessor.class,
                (Preprocessor) (request, response, chain) -> {
                    seen.add(((HttpServletRequest) request).getRequestURI());
                    chain.doFilter(request, response);
                },
                "osgi.http.whiteboard.preprocessor.foo",
                "bar");

        List<Endpoint> endpoints = server.whiteboard().endpoints();
        assertEquals(1, endpoints.size());
        assertEquals("no route is claimed", Set.of(), endpoints.getFirst().routes());
        assertTrue(server.get("/nobodys").startsWith("404 "));
        assertEquals(List.of("/nobodys"), seen);
    }

    /** OSGi Compendium, section 140.2. */
    @Test
    public void theDefaultContextIsAService() throws Exception {
        Collection<ServiceReference<ServletContextHelper>> found = server.context()
                .getServiceReferences(ServletContextHelper.class, "(osgi.http.whiteboard.context.name=default)");

        assertEquals(1, found.size());
        ServiceReference<ServletContextHelper> helper = found.iterator().next();
        assertEquals(Integer.MIN_VALUE, helper.getProperty("service.ranking"));
        assertEquals(Constants.SCOPE_BUNDLE, helper.getProperty(Constants.SERVICE_SCOPE));
        assertNotNull(server.context().getService(helper));
    }
}
