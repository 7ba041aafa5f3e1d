package com.espra.protoplex.api.relay;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What becomes of a request. */
public sealed interface Decision {

    /** Nobody's: the node's 404. */
    record Pass() implements Decision {}

    /**
     * An answer of the director's own: a redirect, a page, a refusal.
     *
     * @param status 200 to 599
     * @param headers its fields; the length is added
     * @param body at most 64 KiB; of a HEAD, and with 204 and 304, nothing of it is sent
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // Written once, by who decides: a copy for each request would protect nobody.
    record Respond(int status, Map<String, String> headers, byte[] body) implements Decision {

        /** Keeps a copy of the fields. */
        public Respond {
            headers = Map.copyOf(headers);
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status " + status + ": 200 to 599");
            }
            if (body.length > 65_536) {
                throw new IllegalArgumentException("a body of " + body.length + " bytes: at most 65,536");
            }
        }

        /** A redirect: the status says which (301, 302, 307, 308). */
        public static Respond redirect(int status, String location) {
            return new Respond(status, Map.of("Location", location), new byte[0]);
        }
    }

    /**
     * Relay it.
     *
     * @param targets where to, one after the other
     * @param rules what is changed in the heads
     * @param times how long may be waited
     * @param says what the node itself says to the client
     */
    record Relay(Targets targets, HeaderRules rules, Times times, Says says) implements Decision {

        /** As it is, with the usual times. */
        public Relay(Targets targets) {
            this(targets, HeaderRules.NONE, Times.USUAL);
        }

        /** Of which the node says nothing more than usual. */
        public Relay(Targets targets, HeaderRules rules, Times times) {
            this(targets, rules, times, Says.USUAL);
        }
    }

    /**
     * What the node itself says of a request that it relays.
     *
     * @param pages what a client is shown where no target has answered, by status (502, 503, 504): HTML, in which {@code {request}} stands for
     *     the id of the request. At most 64 KiB each; without one, a problem (RFC 9457)
     * @param serverTiming whether answers say, in a field Server-Timing, how long it took to connect and until the target's answer began
     * @param announced how targets that are no nodes are told of the client's connection. Each request has a connection to its target of its
     *     own then; the target is reached by http, not by https
     */
    record Says(Map<Integer, String> pages, boolean serverTiming, ProxyProtocol announced) {

        /** No page, and no times. */
        public static final Says USUAL = new Says(Map.of(), false);

        /** Which tells targets by fields alone. */
        public Says(Map<Integer, String> pages, boolean serverTiming) {
            this(pages, serverTiming, ProxyProtocol.NONE);
        }

        /** Keeps a copy. */
        public Says {
            pages = Map.copyOf(pages);
        }
    }

    /**
     * Decide when this completes, before the request's body is read. Whoever gives it bounds how many there are and how long they wait, and
     * completes each. If it fails the answer is the node's 503. A client that leaves is no longer waited for.
     */
    record Later(CompletionStage<Decision> decision) implements Decision {}

    /**
     * How long is waited. When one of the first two passes another target may be tried; else the answer is 504, or the connection is cut where
     * one had begun.
     *
     * @param connect for a connection to a target
     * @param head for the head of its answer, from when the request's body was sent
     * @param idle for the next bytes, both ways; {@code 101} and event streams included
     * @param total for all of it; zero: no bound. It does not hold for an upgraded connection
     */
    record Times(Duration connect, Duration head, Duration idle, Duration total) {

        /** 2 s, 60 s, 10 minutes, no bound. */
        public static final Times USUAL =
                new Times(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ZERO);
    }

    /**
     * Fields that are set in place of what was sent, or removed where the value is empty. What RFC 9110, section 7.6.1 names for one connection
     * alone, and what frames a message, cannot be set here: it is refused. {@code Set-Cookie} of an answer is added to what the target sets; with
     * no value all are removed.
     *
     * @param request of the request
     * @param response of the answer
     */
    record HeaderRules(Map<String, String> request, Map<String, String> response) {

        /** Nothing is changed. */
        public static final HeaderRules NONE = new HeaderRules(Map.of(), Map.of());

        /** Keeps copies. */
        public HeaderRules {
            request = Map.copyOf(request);
            response = Map.copyOf(response);
        }
    }
}
