package com.espra.protoplex.live.mercure.serve;

import com.espra.protoplex.api.http.EncodedSlashes;
import com.espra.protoplex.api.http.HandlerProperties;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.mercure.match.MatcherType;
import com.espra.protoplex.live.mercure.request.FormFields;
import com.espra.protoplex.live.mercure.request.MercureRefusal;
import com.espra.protoplex.live.mercure.request.PresentedToken;
import com.espra.protoplex.live.mercure.token.AccessToken;
import com.espra.protoplex.live.mercure.token.TokenRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Who subscribes: all, those of a matcher, or one. */
@Component(service = Handler.class, property = HandlerProperties.PATH + "=" + MercureRules.PATH + "/subscriptions/*")
public final class SubscriptionsHandler extends Handler.Abstract implements EncodedSlashes {

    private static final String ROOT = MercureRules.PATH + "/subscriptions";
    private static final String TYPE = "application/ld+json";
    private static final int LONGEST_WAIT_SECONDS = 10;

    private final MercureHub mercure;

    /** While the hub is there. */
    @Activate
    public SubscriptionsHandler(@Reference MercureService service) {
        this(service.mercure());
    }

    SubscriptionsHandler(MercureHub mercure) {
        this.mercure = mercure;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answer answer = new Answer(mercure, request, response, callback);
        if (request.getMethod().equals("OPTIONS")) {
            answer.preflight("GET");
        } else {
            answer.orRefuse(() -> {
                Map<String, Object> document = document(request, response);
                response.getHeaders()
                        .put(HttpHeader.CACHE_CONTROL, "private, must-revalidate")
                        .put(HttpHeader.LINK, "<" + mercure.rules().url() + ">; rel=\"mercure\"");
                answer.json(TYPE, document);
            });
        }
        return true;
    }

    private Map<String, Object> document(Request request, Response response)
            throws MercureRefusal, InterruptedException {
        if (!request.getMethod().equals("GET")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, OPTIONS");
            throw MercureRefusal.of(405, "subscriptions are read by GET");
        }
        String path = request.getHttpURI().getPath();
        String query = request.getHttpURI().getQuery();
        PresentedToken credentials =
                mercure.credentials(name -> Answer.header(request, name), FormFields.parse(query == null ? "" : query));
        if (credentials.isNone()) {
            throw MercureRefusal.noToken();
        }
        AccessToken token = mercure.token(credentials, TokenRole.SUBSCRIBER);
        if (!token.mayRead(mercure.rules().space().own(path))) {
            throw MercureRefusal.insufficientScope("the access token does not allow to read these subscriptions");
        }
        if (!mercure.rules().subscriptions()) {
            throw MercureRefusal.of(404, "this hub lists no subscriptions");
        }
        String last = SubscriptionDocuments.eventId(mercure.hub().last());
        return document(path, last);
    }

    private Map<String, Object> document(String path, String last) throws MercureRefusal, InterruptedException {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Member member : members()) {
            for (Map<String, Object> document : SubscriptionDocuments.documents(member, true)) {
                String id = String.valueOf(document.get("id"));
                if (id.equals(path)) {
                    Map<String, Object> one = SubscriptionDocuments.rooted(document);
                    one.put("last_event_id", last);
                    return one;
                }
                if (path.equals(ROOT) || (id.startsWith(path + '/') && id.indexOf('/', path.length() + 1) < 0)) {
                    found.add(document);
                }
            }
        }
        if (!path.equals(ROOT) && !isCollection(path)) {
            throw MercureRefusal.of(404, "there is no such subscription");
        }
        Map<String, Object> collection = new LinkedHashMap<>(SubscriptionDocuments.collection(path, found));
        collection.put("last_event_id", last);
        return collection;
    }

    /** {@code exact/...} and {@code urlpattern/...}; before 1.0 the topic alone. */
    private boolean isCollection(String path) {
        String[] parts = path.substring(ROOT.length() + 1).split("/", -1);
        boolean typed = MatcherType.of(parts[0]).isPresent();
        return typed ? parts.length == 2 : parts.length == 1 && mercure.rules().legacy();
    }

    private List<Member> members() throws MercureRefusal, InterruptedException {
        try {
            return mercure.hub().members().toCompletableFuture().get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw MercureRefusal.of(503, "the other nodes do not say who subscribes there");
        }
    }
}
