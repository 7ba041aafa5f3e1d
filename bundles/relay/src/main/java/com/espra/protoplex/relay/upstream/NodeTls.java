package com.espra.protoplex.relay.upstream;

import com.espra.protoplex.certificates.identity.NodeIdentity;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * What connections to one node of the fleet begin with: both sides show their certificates. Another certificate of this node, or a key that was
 * revoked, makes another of these, and so other connections; those that nobody uses end by themselves.
 *
 * @param identity this node, as it is now
 * @param context of that identity; it takes the name of the node that is meant for a host's, and so keeps sessions by nodes
 * @param node that is meant
 */
public record NodeTls(NodeIdentity identity, SSLContext context, String node) {

    SSLEngine engine(int port) {
        SSLEngine engine = context.createSSLEngine(node, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        // It is no name of a host: nothing is said of it.
        parameters.setServerNames(List.of());
        engine.setSSLParameters(parameters);
        return engine;
    }
}
