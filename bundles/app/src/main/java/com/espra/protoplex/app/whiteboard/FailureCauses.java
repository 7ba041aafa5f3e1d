package com.espra.protoplex.app.whiteboard;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why whiteboard services failed. The whiteboard's DTOs carry a reason code, and the cause goes to its log alone: its log tells
 * us here. Held as text, by service id (which is unique while the framework runs), so that no class loader is held.
 */
public final class FailureCauses {

    private static final int MOST = 1_000;

    private static final Map<Long, String> CAUSES = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MOST;
        }
    };

    private FailureCauses() {}

    /** Keeps the cause of a failure. */
    public static void keep(long serviceId, Throwable cause) {
        String text = text(cause);
        synchronized (CAUSES) {
            CAUSES.put(serviceId, text);
        }
    }

    /** The cause that was kept last; empty if there is none. */
    static String of(long serviceId) {
        synchronized (CAUSES) {
            return CAUSES.getOrDefault(serviceId, "");
        }
    }

    /** The exception and its causes, in one line, for people. */
    public static String text(Throwable cause) {
        StringBuilder line = new StringBuilder();
        int depth = 0;
        for (Throwable each = cause; each != null && depth < 5; each = each.getCause(), depth++) {
            line.append(line.isEmpty() ? "" : ", caused by ").append(each);
        }
        StackTraceElement[] stack = cause.getStackTrace();
        return stack.length == 0 ? line.toString() : line + " (at " + stack[0] + ")";
    }
}
