package com.espra.protoplex.http.listen;

import com.espra.protoplex.api.http.Dispatcher;
import com.espra.protoplex.certificates.TlsFiles;
import com.espra.protoplex.http.connector.CleartextHttp2;
import com.espra.protoplex.http.connector.ClientMemory;
import com.espra.protoplex.http.connector.CountingTls;
import com.espra.protoplex.http.connector.JettyServices;
import com.espra.protoplex.http.connector.LosslessConnector;
import com.espra.protoplex.http.connector.MalformedRequests;
import com.espra.protoplex.http.connector.ProxiedConnections;
import com.espra.protoplex.http.connector.SecureHttp2;
import com.espra.protoplex.http.dispatch.PathRules;
import com.espra.protoplex.http.exchange.Exchange;
import com.espra.protoplex.http.exchange.RequestIds;
import com.espra.protoplex.http.front.Forwarders;
import com.espra.protoplex.http.front.Front;
import com.espra.protoplex.http.limits.ConnectionLimit;
import com.espra.protoplex.http.limits.Limits;
import com.espra.protoplex.proxyprotocol.TrustedProxies;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/** Makes the connectors of a group: HTTP/1.1 and HTTP/2 on one port, in clear text or over TLS. */
final class ConnectorFactory {

    private static final int BACKLOG = 1024;
    private static final int MAX_RESPONSE_HEADER_BYTES = 65536;
    private static final long IDLE_WHEN_CLOSING_MILLIS = 500;

    /**
     * A line ends with CR and LF, which RFC 9112, section 2.2 lets a server be lax about; and a target in absolute form says which host is
     * meant, whatever the field Host says (section 3.2.2).
     */
    private static final HttpCompliance STRICT =
            HttpCompliance.STRICT.with("strict-target-wins", HttpCompliance.Violation.MISMATCHED_AUTHORITY);

    private final Server server;
    private final ConnectionLimit bound;
    private final Supplier<Limits> limits;
    private final ClientMemory memory;
    private final MalformedRequests malformed;
    private final RequestIds ids = new RequestIds();
    private final Supplier<@Nullable Front> front;
    private final GroupReception.Shared shared;

    ConnectorFactory(
            Server server,
            ConnectionLimit bound,
            ClientMemory memory,
            Supplier<@Nullable Front> front,
            GroupReception.Shared shared) {
        this.server = server;
        this.bound = bound;
        this.memory = memory;
        this.malformed = shared.malformed();
        this.limits = shared.limits();
        this.front = front;
        this.shared = shared;
    }

    /** @param shared whether other processes accept from its socket, too */
    LosslessConnector make(ListenerSettings settings, boolean shared) throws IOException {
        Limits now = limits.get();
        TlsFiles tls = settings.tls();
        HttpConfiguration http = configuration(now, tls != null, settings.forwarders());
        List<ConnectionFactory> factories =
                tls == null ? clear(http, settings.forwarders()) : secure(http, tls, settings);
        if (!settings.proxies().equals(TrustedProxies.NONE)) {
            factories = ProxiedConnections.before(factories, settings.proxies());
        }
        LosslessConnector connector =
                new LosslessConnector(server, memory.heads(), shared, factories.toArray(ConnectionFactory[]::new));
        connector.setName(settings.name());
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(now.idle().toMillis());
        connector.setShutdownIdleTimeout(IDLE_WHEN_CLOSING_MILLIS);
        connector.setAcceptQueueSize(BACKLOG);
        connector.addBean(bound);
        return connector;
    }

    private HttpConfiguration configuration(Limits now, boolean secure, Forwarders forwarders) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(now.headerBytes());
        http.setMaxResponseHeaderSize(MAX_RESPONSE_HEADER_BYTES);
        http.setHttpCompliance(STRICT);
        http.setUriCompliance(PathRules.COMPLIANCE);
        if (secure) {
            // The certificate is the operator's affair: a node is reached by many names, and by none in a test.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        http.addCustomizer((request, responseHeaders) -> {
            String given = request.getHeaders().get(Dispatcher.REQUEST_ID_HEADER);
            return new Exchange(request, ids.of(given), limits.get(), forwarders);
        });
        return http;
    }

    private List<ConnectionFactory> clear(HttpConfiguration http, Forwarders forwarders) {
        return List.of(http1(http, forwarders), memory.unread().bound(new CleartextHttp2(http, malformed)));
    }

    private HttpConnectionFactory http1(HttpConfiguration http, Forwarders forwarders) {
        return new FrontedHttp1(http, front, shared, ids, forwarders);
    }

    private List<ConnectionFactory> secure(HttpConfiguration http, TlsFiles tls, ListenerSettings settings)
            throws IOException {
        ReloadingCertificate certificate =
                new ReloadingCertificate(tls, settings.hosts(), settings.clientCertificates(), server.getScheduler());
        HttpConnectionFactory http1 = http1(http, settings.forwarders());
        ALPNServerConnectionFactory alpn =
                JettyServices.see(() -> new ALPNServerConnectionFactory("h2", HttpVersion.HTTP_1_1.asString()));
        alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        CountingTls ssl = new CountingTls(certificate.context(), alpn.getProtocol(), memory);
        ssl.addBean(certificate);
        return List.of(ssl, alpn, memory.unread().bound(new SecureHttp2(http, malformed)), http1);
    }
}
