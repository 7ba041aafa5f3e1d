package com.espra.protoplex.proxy.server.step;

import com.espra.protoplex.api.relay.Decision;
import com.espra.protoplex.api.relay.RelayRequest;
import com.espra.protoplex.proxy.server.config.ProxyRules;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What the name that a client has typed comes to: https, the canonical host, the host of a region. */
final class NameSteps {

    /** What certificate authorities ask for by http (RFC 8555, section 8.3). */
    private static final String CHALLENGE = "/.well-known/acme-challenge/";

    private NameSteps() {}

    static @Nullable Decision https(Asked asked) {
        RelayRequest request = asked.request();
        ProxyRules rules = asked.table().rules();
        if (!request.scheme().equals("http")
                || asked.path().startsWith(CHALLENGE)
                || rules.https().match(asked.host(), asked.path()) == null) {
            return null;
        }
        int port = rules.config().httpsPort();
        String host = rules.canonical().getOrDefault(asked.host(), asked.host());
        asked.note("https: " + host + " is served over https alone");
        return OwnAnswers.moved(request, "https://" + withoutPort(host) + (port == 443 ? "" : ":" + port));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    static @Nullable Decision canonical(Asked asked) {
        RelayRequest request = asked.request();
        String to = asked.table().rules().canonical().get(asked.host());
        if (to == null || asked.path().startsWith(CHALLENGE)) {
            return null;
        }
        asked.note("canonical: " + asked.host() + " goes to " + to);
        int usual = request.scheme().equals("https") ? 443 : 80;
        boolean hasPort = to.lastIndexOf(':') > to.lastIndexOf(']');
        String port = hasPort || request.port() == usual ? "" : ":" + request.port();
        return OwnAnswers.moved(request, request.scheme() + "://" + to + port);
    }

    /** The host of another region: a node there has the request, or the client goes to a proxy there. */
    static DecisionStep region(String own) {
        return asked -> {
            ProxyRules rules = asked.table().rules();
            String region = rules.regions().get(asked.host());
            if (region == null) {
                return null;
            }
            if (!region.equals(own) && rules.config().otherRegion().equals("redirect")) {
                URI door =
                        asked.table().doors().get(region + " " + asked.request().scheme());
                if (door != null
                        && !door.getAuthority()
                                .equals(asked.host() + ":" + asked.request().port())) {
                    asked.note("regions: " + asked.host() + " is of " + region + ": redirected to " + door);
                    return OwnAnswers.redirect(asked.request(), door.getScheme() + "://" + door.getAuthority(), 307);
                }
            }
            asked.note("regions: " + asked.host() + " is of " + region + ": nodes there are chosen");
            asked.region(region);
            return null;
        };
    }

    static @Nullable Decision maintenance(Asked asked) {
        ProxyRules rules = asked.table().rules();
        if (rules.maintenance().match(asked.host(), asked.path()) == null) {
            return null;
        }
        asked.note("maintenance: this path is down for maintenance");
        return OwnAnswers.maintenance(rules);
    }
}
