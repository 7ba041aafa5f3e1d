package com.espra.protoplex.host.node;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class ExitCallTest {

    private static final Thread STOP = new Thread(() -> {}, "stop");
    private static final StackTraceElement[] HOOK = {frame("com.espra.protoplex.host.node.Stop", "run")};

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, "X.java", 12);
    }

    private static Optional<String> caller(String thread, StackTraceElement... stack) {
        return ExitCall.caller(Map.of(STOP, HOOK, new Thread(() -> {}, thread), stack));
    }

    @Test
    public void whoCallsExitIsNamed() {
        assertEquals(
                Optional.of("hello.Hello.init(X.java:12), in the thread 'starting hello'"),
                caller(
                        "starting hello",
                        frame("java.lang.Shutdown", "exit"),
                        frame("java.lang.Runtime", "exit"),
                        frame("java.lang.System", "exit"),
                        frame("hello.Hello", "init"),
                        frame("java.lang.Thread", "run")));
    }

    @Test
    public void aSignalIsAnOrder() {
        assertEquals(
                Optional.empty(),
                caller(
                        "SIGTERM handler",
                        frame("java.lang.Shutdown", "exit"),
                        frame("java.lang.Terminator$1", "handle")));
    }

    @Test
    public void theEndOfTheLastThreadIsAnOrder() {
        assertEquals(
                Optional.empty(),
                caller("DestroyJavaVM", frame("java.lang.Thread", "join"), frame("java.lang.Shutdown", "shutdown")));
    }

    @Test
    public void whoEndsTheProcessOnPurposeSaysWhy() {
        assertEquals("heap: too little for 120 s", Stop.reason("heap: too little for 120 s", "a.B.c(B.java:1)"));
        assertEquals("System.exit was called by a.B.c(B.java:1)", Stop.reason(null, "a.B.c(B.java:1)"));
    }

    @Test
    public void virtualThreadsHaveNoStackToShow() {
        assertEquals(Optional.of("a virtual thread"), ExitCall.caller(Map.of(STOP, HOOK)));
    }
}
