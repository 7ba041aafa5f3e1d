package com.espra.protoplex.relay.head;

import com.espra.protoplex.api.relay.Decision;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the relay says to a client in the words of who directs. */
public final class OwnPage {

    /** What it is. */
    public static final String TYPE = "text/html;charset=utf-8";

    /** The field with the times. */
    public static final String TIMING = "Server-Timing";

    private static final String ID = "{request}";
    private static final long MICROS_OF_A_MILLI = TimeUnit.MILLISECONDS.toMicros(1);

    private OwnPage() {}

    /**
     * The page of a failure; null if there is none.
     *
     * @param id of the request; it has no character that would mean something in HTML
     */
    public static byte @Nullable [] of(Decision.Says says, int status, String id) {
        String page = says.pages().get(status);
        return page == null ? null : page.replace(ID, id).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The value of {@link #TIMING} (W3C Server Timing): until there was a connection, and from then until the answer began, in milliseconds.
     *
     * @param answeredMicros since the request began
     */
    public static String timing(long connectedMicros, long answeredMicros) {
        return "connect;dur=" + millis(connectedMicros) + ", target;dur="
                + millis(Math.max(0, answeredMicros - connectedMicros));
    }

    private static String millis(long micros) {
        long rest = micros % MICROS_OF_A_MILLI;
        return micros / MICROS_OF_A_MILLI + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
    }
}
