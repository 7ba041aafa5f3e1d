package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.access.TokenHolder;
import com.espra.protoplex.seed.access.Tokens;
import com.espra.protoplex.seed.enrol.CertifiedNode;
import com.espra.protoplex.seed.enrol.Enrolment;
import com.espra.protoplex.seed.enrol.EnrolmentException;
import com.espra.protoplex.seed.enrol.JoinTokens;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Lets in who may: RFC 6750, section 3. */
final class Gate {

    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String REALM = "Bearer realm=\"protoplex\"";

    private static final String SCHEME = "bearer ";

    private final Tokens tokens;
    private final JoinTokens joins;
    private final Optional<Enrolment> enrolment;

    /** @param enrolment empty for a Seed that other machines do not reach */
    Gate(Tokens tokens, JoinTokens joins, Optional<Enrolment> enrolment) {
        this.tokens = tokens;
        this.joins = joins;
        this.enrolment = enrolment;
    }

    /**
     * Whoever asks: a token counts before a certificate.
     *
     * @throws Problem 401 if nobody knows the token or the certificate, or it is not good any more
     */
    TokenHolder holder(Access access, Request request) throws Problem {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        try {
            if (access == Access.OPEN) {
                return TokenHolder.stranger();
            }
            if (access == Access.JOIN) {
                return TokenHolder.joiner(joins.shown(token(authorization)).id());
            }
            if (authorization == null) {
                Optional<CertifiedNode> node = certified(request);
                if (node.isPresent()) {
                    return TokenHolder.certified(node.get().node());
                }
            }
        } catch (EnrolmentException e) {
            throw challenge(e);
        }
        return tokens.holder(authorization).orElseThrow(() -> unknown(access));
    }

    /** The token to join with that a request shows, or what it shows in its place. */
    static String token(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip()
                : "";
    }

    /** The node that has shown a certificate on its connection, and no token in its request. */
    Optional<CertifiedNode> certified(Request request) throws EnrolmentException {
        if (enrolment.isEmpty()
                || request.getHeaders().contains(HttpHeader.AUTHORIZATION)
                || !(request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls)) {
            return Optional.empty();
        }
        X509Certificate[] shown = tls.peerCertificates();
        return shown == null || shown.length == 0
                ? Optional.empty()
                : Optional.of(enrolment.get().shown(shown));
    }

    /** What a node's log is to say goes into the header: the client of a WebSocket sees no body (RFC 6750, section 3). */
    static Problem challenge(EnrolmentException e) {
        Problem problem = EnrolmentApi.problem(e);
        return problem.status() == 401 || problem.status() == 403
                ? problem.header(
                        CHALLENGE,
                        REALM + ", error=\"invalid_token\", error_description=\""
                                + (e.getMessage() + ". " + e.remedy()).replaceAll("[^ !#-\\[\\]-~]", "'") + "\"")
                : problem;
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
        if (access == Access.LINK || access == Access.JOIN || !holder.isOperator()) {
            return new Problem(
                            403,
                            "the token '" + holder.name() + "' is not for this",
                            holder.isOperator() ? "only nodes may do this" : "nodes may not do this")
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
