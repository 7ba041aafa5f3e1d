package com.espra.protoplex.calls.local;

import com.espra.protoplex.api.call.CallOrigin;
import com.espra.protoplex.api.call.FleetHandler;
import com.espra.protoplex.api.call.FleetRequest;
import com.espra.protoplex.api.call.FleetResponse;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** What calls are made for: a role that calls another while it answers need not hand it on. */
public final class Origins {

    private static final ScopedValue<CallOrigin> ANSWERED = ScopedValue.newInstance();

    /** W3C Trace Context, section 3.2. A version that is not known yet may have more; none is 255. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[ -~]*)?");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,64}");
    private static final int MOST_STATE = 512;
    private static final int TRACE_END = 35;

    private Origins() {}

    /** Lets a role answer: calls that it makes on this thread are made for this one. */
    public static FleetResponse answer(FleetHandler handler, FleetRequest request) throws Exception {
        return ScopedValue.where(ANSWERED, request.origin()).call(() -> handler.handle(request));
    }

    /** What goes with a call that is made for this: a span of its own, and one hop more. */
    public static CallOrigin next(CallOrigin given) {
        boolean here = given.equals(CallOrigin.HERE);
        CallOrigin from = here && ANSWERED.isBound() ? ANSWERED.get() : given;
        String id = ID.matcher(from.requestId()).matches() ? from.requestId() : hex(2);
        boolean traced = TRACE_PARENT.matcher(from.traceParent()).matches();
        String parent = traced
                ? "00" + from.traceParent().substring(2, TRACE_END + 1) + hex(1)
                        + from.traceParent().substring(TRACE_END + 17, TRACE_END + 20)
                : "00-" + hex(2) + "-" + hex(1) + "-00";
        String state = traced && isState(from.traceState()) ? from.traceState() : "";
        return new CallOrigin(id, parent, state, from.hops() + 1);
    }

    private static boolean isState(String state) {
        return state.length() <= MOST_STATE && state.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    private static String hex(int longs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < longs; i++) {
            // Never all zeros: that stands for none.
            text.append(HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1));
        }
        return text.toString();
    }
}
