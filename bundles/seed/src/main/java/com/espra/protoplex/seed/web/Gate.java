package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.access.TokenHolder;
import com.espra.protoplex.seed.access.Tokens;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Lets in who may: RFC 6750, section 3. */
final class Gate {

    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String REALM = "Bearer realm=\"protoplex\"";

    private final Tokens tokens;

    Gate(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Whoever asks.
     *
     * @throws Problem 401 if nobody knows the token
     */
    TokenHolder holder(Access access, Request request) throws Problem {
        return tokens.holder(request.getHeaders().get(HttpHeader.AUTHORIZATION)).orElseThrow(() -> unknown(access));
    }

    /**
     * Lets the holder of a token in.
     *
     * @throws Problem 403 if the token is not good for this
     */
    static void admit(Access access, TokenHolder holder) throws Problem {
        if (!access.isFor(holder)) {
            throw insufficient(access, holder);
        }
    }

    private static Problem unknown(Access access) {
        boolean link = access == Access.LINK;
        return new Problem(
                        401,
                        "this needs " + (link ? "the nodes' link token" : "the operator's token, or one that it made"),
                        "send 'Authorization: Bearer ' and what is in " + (link ? "link.token" : "operator.token")
                                + " of the folder that was given to './protoplex up --dir'"
                                + (link ? "" : ", or what './protoplex token create' printed"))
                .header(CHALLENGE, REALM);
    }

    private static Problem insufficient(Access access, TokenHolder holder) {
        if (access == Access.LINK || holder.isNode()) {
            return new Problem(
                            403,
                            "the token '" + holder.name() + "' is not for this",
                            access == Access.LINK ? "only nodes may do this" : "nodes may not do this")
                    .header(CHALLENGE, REALM + ", error=\"insufficient_scope\"");
        }
        String scope = access.scope().word();
        return new Problem(
                        403,
                        "the token '" + holder.name() + "' has the scope "
                                + holder.scope().orElseThrow().word() + ", and this needs " + scope,
                        "ask for one: ./protoplex token create NAME --scope " + scope)
                .header(CHALLENGE, REALM + ", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }
}
