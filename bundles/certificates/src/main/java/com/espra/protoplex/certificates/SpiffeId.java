package com.espra.protoplex.certificates;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who a certificate is for, as its one SAN of the kind URI says (SPIFFE-ID, section 2; X509-SVID, section 2):
 * {@code spiffe://<fleet>/node/<name>} or {@code spiffe://<fleet>/seed}.
 *
 * @param fleet the id of the fleet
 * @param node the name of the node; empty for the Seed
 */
public record SpiffeId(String fleet, String node) {

    /** What a node may be called: it ends up in files, addresses, tables and logs. */
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9]+([._-][A-Za-z0-9]+)*");

    private static final Pattern FLEET = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final int MAX_NODE = 63;

    private static final String SCHEME = "spiffe";
    private static final String SEED = "/seed";
    private static final String NODES = "/node/";

    /** The kind of a SAN that is a URI (RFC 5280, section 4.2.1.6). */
    private static final int URI_KIND = 6;

    /** @throws IllegalArgumentException if that is no name of a fleet or a node */
    public SpiffeId {
        if (!FLEET.matcher(fleet).matches()) {
            throw new IllegalArgumentException("'" + fleet + "' is no id of a fleet");
        }
        if (!node.isEmpty() && !isName(node)) {
            throw new IllegalArgumentException("'" + node + "' is no name of a node: use at most " + MAX_NODE
                    + " letters and digits, with single . _ or - between them");
        }
    }

    /** The Seed of a fleet. */
    public static SpiffeId seed(String fleet) {
        return new SpiffeId(fleet, "");
    }

    /** Whether a node may be called so. */
    public static boolean isName(String name) {
        return name.length() <= MAX_NODE && NODE.matcher(name).matches();
    }

    /** Whether it is the Seed. */
    public boolean isSeed() {
        return node.isEmpty();
    }

    /** As it stands in a certificate. */
    public String uri() {
        return SCHEME + "://" + fleet + (isSeed() ? SEED : NODES + node);
    }

    /**
     * Reads one.
     *
     * @throws CertificateException if it is none
     */
    public static SpiffeId of(String text) throws CertificateException {
        try {
            URI uri = new URI(text);
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            String fleet = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            SpiffeId id = path.startsWith(NODES) ? new SpiffeId(fleet, path.substring(NODES.length())) : seed(fleet);
            if (!id.uri().equals(text)) {
                throw new CertificateException("it is for something else than a node or a Seed");
            }
            return id;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new CertificateException("it says for whom it is in a way that is none: " + e.getMessage(), e);
        }
    }

    /**
     * Whom a certificate is for.
     *
     * @throws CertificateException if it does not say, or for more than one
     */
    public static SpiffeId of(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        List<String> uris = names == null
                ? List.of()
                : names.stream()
                        .filter(name -> Integer.valueOf(URI_KIND).equals(name.get(0)))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
        if (uris.size() != 1) {
            throw new CertificateException("it has " + uris.size() + " names of the kind URI, and not one");
        }
        return of(uris.getFirst());
    }
}
