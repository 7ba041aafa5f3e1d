package com.espra.protoplex.test.swap;

import static org.junit.Assert.assertNotNull;

import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.api.swap.SwapEngine;
import java.util.Map;
import org.junit.Test;

/** A node whose roles bring adapters can wait for them: units that come back at its start are bound to all of them. */
public class AdapterFirstIT extends SwapTest {

    @Test
    public void theEngineWaitsForAsManyAdaptersAsAreConfigured() throws Exception {
        configure("com.espra.protoplex.swap", Map.of("adapters.cardinality.minimum", 2));
        awaitLoad("one adapter is too few", () -> context().getServiceReference(SwapEngine.class) == null);
        register(GenerationAdapter.class, new HandlerAdapter(), Map.of());
        assertNotNull(service(SwapEngine.class));
    }
}
