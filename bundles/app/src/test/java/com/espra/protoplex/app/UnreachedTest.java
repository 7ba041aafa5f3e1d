package com.espra.protoplex.app;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.api.http.Endpoint;
import com.espra.protoplex.api.http.Route;
import com.espra.protoplex.api.swap.GenerationAdapter.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.junit.Test;

/** Who would have routes where no request comes is told which listeners there are, where, and what to do. */
public class UnreachedTest {

    private static final List<Endpoint> ENDPOINTS =
            List.of(new Endpoint(Set.of(Route.of("/echo/*"), Route.of("/count")), new Handler.Wrapper()));

    @Test
    public void inAProcessWithoutAListener() {
        Problem one = new Unreached(List.of("https", "http"), false)
                .problem("echo", ENDPOINTS)
                .orElseThrow();
        assertTrue(one.fatal());
        assertEquals(
                "nobody would reach /count, /echo/* of echo: the listeners of HTTP (http, https) belong to the processes"
                        + " that serve, and echo is placed in one process of this node",
                one.what());
        assertTrue(one.remedy(), one.remedy().contains("\"echo\": {\"port\": 8090, \"process\": \"one\"}"));

        Problem each =
                new Unreached(List.of("http"), true).problem("echo", ENDPOINTS).orElseThrow();
        assertTrue(each.what(), each.what().contains("belong to the one process of this node"));
        assertTrue(each.remedy(), each.remedy().contains("Leave \"process\" out"));
    }

    @Test
    public void whereRequestsComeOrNobodyWaitsForAny() {
        assertEquals(Optional.empty(), new Unreached(List.of(), false).problem("echo", ENDPOINTS));
        assertEquals(Optional.empty(), new Unreached(List.of("http"), false).problem("stock", List.of()));
    }
}
