package com.espra.protoplex.agent.link;

import java.net.http.HttpHeaders;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Why a Seed, or this node, did not want the connection, in words. */
final class LinkRefusal {

    /** RFC 6750, section 3. */
    private static final Pattern DESCRIPTION = Pattern.compile("error_description=\"([^\"]{1,1000})\"");

    private LinkRefusal() {}

    /** What the Seed says of it; empty if it says nothing. */
    static Optional<String> words(HttpHeaders headers) {
        return headers.allValues("WWW-Authenticate").stream()
                .map(DESCRIPTION::matcher)
                .filter(Matcher::find)
                .map(found -> "it does not let this node in: " + found.group(1))
                .findFirst();
    }

    /** What this node says of the Seed's certificate, or the Seed's TLS of this node's. */
    static String words(SSLException broken) {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return "its certificate is not that of this node's Seed: " + cause.getMessage();
            }
        }
        return "TLS is not possible with it: " + broken.getMessage();
    }
}
