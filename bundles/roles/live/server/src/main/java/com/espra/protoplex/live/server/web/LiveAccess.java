package com.espra.protoplex.live.server.web;

import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.live.server.HostHubs;
import com.espra.protoplex.live.server.LiveConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Who may do what: which hub a host has, which pages may open connections, who may publish, how much an address may. */
@Component(
        service = {LiveAccess.class, HostHubs.class},
        configurationPid = LiveConfig.PID,
        immediate = true)
public final class LiveAccess implements HostHubs {

    private static final String BEARER = "Bearer ";
    private static final int SHORTEST_TOKEN = 16;
    private static final int MARK_BYTES = 4;

    private final Map<String, String> hubs = new HashMap<>();
    private final Set<String> origins = new HashSet<>();
    private final byte @Nullable [] token;
    private final AddressLimits limits;

    /** @throws IllegalArgumentException if something in the configuration makes no sense */
    @Activate
    public LiveAccess(LiveConfig config) {
        for (String line : config.hubs()) {
            int equals = line.indexOf('=');
            if (equals <= 0 || equals == line.length() - 1) {
                throw new IllegalArgumentException(
                        "hubs: '" + line + "' is not HOST=HUB, such as shop.example.com=shop");
            }
            String hub = line.substring(equals + 1);
            if (!hub.matches("[a-z0-9._:-]+") || hub.equals(LiveUpdate.FLEET)) {
                throw new IllegalArgumentException("hubs: '" + hub
                        + "' is no hub for clients: use lower-case letters, digits, '.', '-', '_', ':', and not fleet");
            }
            hubs.put(line.substring(0, equals).toLowerCase(Locale.ROOT), hub);
        }
        for (String origin : config.origins()) {
            origins.add(normal(origin)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "origins: '" + origin + "' is none: use https://www.example.com")));
        }
        if (!config.token().isEmpty() && config.token().length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException("token: use at least " + SHORTEST_TOKEN + " characters");
        }
        token = config.token().isEmpty() ? null : digest(config.token());
        limits = new AddressLimits(config.addressConnections(), config.addressMessages(), System::nanoTime);
    }

    /** The hub of a host's clients. */
    @Override
    public String hub(String host) {
        return hubs.getOrDefault(host.toLowerCase(Locale.ROOT), LiveUpdate.MAIN);
    }

    /** What addresses may. */
    public AddressLimits limits() {
        return limits;
    }

    /**
     * Whether a page may do this. What comes from no page has no origin, and may: there are no cookies here to be abused.
     *
     * @param origin the header; null if there is none
     * @param authority the host that was asked for, with its port
     */
    public boolean isWelcome(@Nullable String origin, String authority, boolean secure) {
        if (origin == null) {
            return true;
        }
        Optional<String> from = normal(origin);
        Optional<String> own = normal((secure ? "https://" : "http://") + authority);
        // A balancer before this node may speak TLS to the client: the name and the port are what is compared.
        return from.isPresent()
                && (origins.contains(from.get())
                        || (own.isPresent() && authority(own.get()).equals(authority(from.get()))));
    }

    private static String authority(String origin) {
        return origin.substring(origin.indexOf("://") + 3);
    }

    /** Scheme, host and port, if it is not the one that goes without saying. */
    private static Optional<String> normal(String origin) {
        try {
            URI uri = new URI(origin);
            if (uri.getScheme() == null || uri.getHost() == null || uri.getUserInfo() != null) {
                return Optional.empty();
            }
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            boolean usual = uri.getPort() < 0 || uri.getPort() == (scheme.equals("https") ? 443 : 80);
            return Optional.of(
                    scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + uri.getPort()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Whether this is the token of publishers. */
    public boolean isPublisher(@Nullable String authorization) {
        byte[] known = token;
        return known != null
                && authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                // Of equal length whatever was sent, and compared to the end.
                && MessageDigest.isEqual(
                        known, digest(authorization.substring(BEARER.length()).strip()));
    }

    /** By what the token is told from another one, and not known; empty if there is none. */
    String tokenMark() {
        byte[] known = token;
        // Of the digest a part: enough to tell two apart, and of no use to find the token.
        return known == null ? "" : HexFormat.of().formatHex(known, 0, MARK_BYTES);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
