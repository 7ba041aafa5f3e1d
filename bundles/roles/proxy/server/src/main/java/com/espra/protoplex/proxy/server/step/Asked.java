package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.proxy.server.table.ProxyTable;
import org.jspecify.annotations.Nullable;

/** A request on its way to a decision. Threads: of one at a time. */
public final class Asked {

    private final RelayRequest request;
    private final ProxyTable table;
    private final String host;
    private final String path;
    private final @Nullable Trace trace;
    private String region = "";

    /** @param trace hears what is looked at; null: nobody does */
    public Asked(RelayRequest request, ProxyTable table, @Nullable Trace trace) {
        this.request = request;
        this.table = table;
        this.trace = trace;
        String name = request.host();
        host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        path = LookupPath.of(request.path());
    }

    /** The request. */
    public RelayRequest request() {
        return request;
    }

    /** What is known. */
    public ProxyTable table() {
        return table;
    }

    /** The host that is asked for, in lower case, without port and final dot. */
    public String host() {
        return host;
    }

    /** The path in the form in which routes are looked up. */
    public String path() {
        return path;
    }

    /** The region that the host is of; empty: any. */
    public String region() {
        return region;
    }

    void region(String name) {
        region = name;
    }

    /** Whether somebody wants to know. */
    boolean isTraced() {
        return trace != null;
    }

    void note(String line) {
        if (trace != null) {
            trace.add(line);
        }
    }

    /** The same request, with what is known now, after its head is gone. */
    public Asked kept(KeptRequest copy, ProxyTable now) {
        Asked later = new Asked(copy, now, trace);
        later.region = region;
        return later;
    }
}
