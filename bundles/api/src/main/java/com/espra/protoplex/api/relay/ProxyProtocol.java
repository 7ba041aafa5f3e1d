package com.espra.protoplex.api.relay;

/** Whether, and how, a target is told who the client is before anything else: HAProxy, "The PROXY protocol". */
public enum ProxyProtocol {
    /** It is not: the fields Forwarded and X-Forwarded-For say it. */
    NONE,
    /** By a line of text (section 2.1). */
    V1,
    /** By a binary header (section 2.2). */
    V2
}
