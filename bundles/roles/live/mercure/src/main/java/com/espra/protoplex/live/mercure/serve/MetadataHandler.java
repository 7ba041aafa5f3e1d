package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.live.mercure.request.MercureRefusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the hub says of itself: RFC 9728. */
@Component(service = Handler.class, property = HandlerProperties.PATH + "=" + MercureRules.METADATA_PATH)
public final class MetadataHandler extends Handler.Abstract {

    private final MercureHub mercure;

    /** While the hub is there. */
    @Activate
    public MetadataHandler(@Reference MercureService service) {
        this(service.mercure());
    }

    MetadataHandler(MercureHub mercure) {
        this.mercure = mercure;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answer answer = new Answer(mercure, request, response, callback);
        answer.orRefuse(() -> {
            if (!request.getMethod().equals("GET")) {
                response.getHeaders().put(HttpHeader.ALLOW, "GET");
                throw MercureRefusal.of(405, "metadata are read by GET");
            }
            answer.json("application/json", metadata());
        });
        return true;
    }

    private Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("resource", mercure.rules().url());
        String issuer = mercure.rules().tokens().issuer();
        if (!issuer.isEmpty()) {
            metadata.put("authorization_servers", List.of(issuer));
        }
        metadata.put("authorization_details_types_supported", List.of("mercure"));
        metadata.put("bearer_methods_supported", List.of("header", "query"));
        metadata.put("mercure_cookie", true);
        if (mercure.rules().subscriptions()) {
            metadata.put("mercure_subscriptions", true);
        }
        return metadata;
    }
}
