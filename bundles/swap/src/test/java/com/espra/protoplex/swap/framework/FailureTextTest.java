package com.espra.protoplex.swap.framework;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Set;
import org.junit.Test;

public class FailureTextTest {

    @Test
    public void theFirstCauseAndTheFirstFrameOfTheApp() {
        String trace = """
                java.lang.reflect.InvocationTargetException
                \tat java.base/java.lang.reflect.Method.invoke(Method.java:580)
                \tat org.apache.felix.scr.impl.inject.methods.BaseMethod.invoke(BaseMethod.java:242)
                Caused by: java.lang.IllegalStateException: no database
                \tat org.lib.Pool.get(Pool.java:9)
                \tat com.example.store.Store.open(Store.java:31)
                \tat com.example.store.Store.<init>(Store.java:12)
                \t... 34 more
                """;
        assertEquals(
                "IllegalStateException: no database, at com.example.store.Store.open(Store.java:31)",
                FailureText.of(trace, Set.of("com.example.store")));
    }

    @Test
    public void aMissingPackageAtTheEndOfAChain() {
        String text = FailureText.unresolved(
                "Unable to resolve a.b [12](R 12.0): missing requirement [a.b [12](R 12.0)] osgi.wiring.package;"
                        + " (&(osgi.wiring.package=c.d)(version>=1.0.0)) Unresolved requirements: [[a.b [12](R 12.0)]"
                        + " osgi.wiring.package; (osgi.wiring.package=c.d)]");
        assertTrue(
                text, text.startsWith("the package c.d is missing at the end of this chain: Unable to resolve a.b:"));
        assertTrue(text, !text.contains("(R 12.0)"));
    }

    @Test
    public void aPackageInTwoVersions() {
        String text = FailureText.unresolved(
                "Uses constraint violation. Unable to resolve resource com.example.bad [9](R 9.0) because it is exposed to"
                        + " package 'com.example.p' from resources com.example.p1 [6](R 6.0) and com.example.p2 [7](R 7.0) via"
                        + " two dependency chains.\\n\\nChain 1:\\n  com.example.bad [9](R 9.0)");
        assertTrue(
                text,
                text.startsWith(
                        "the package com.example.p would reach com.example.bad in two versions at once (from resources"
                                + " com.example.p1 and com.example.p2 via two dependency chains."));
        assertTrue(text, text.endsWith("or leave it to the platform"));
    }
}
