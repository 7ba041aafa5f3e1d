package com.espra.protoplex.http.listen;

import java.util.Collection;
import java.util.Locale;
import org.eclipse.jetty.util.ssl.SniX509ExtendedKeyManager.SniSelector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a client is shown: the one that names the host it asks for (RFC 6066, section 3), before one that does so with a
 * wildcard, before the listener's own.
 */
final class HostSelector {

    private HostSelector() {}

    /**
     * The alias of one of these, which are of the kind of key that is asked for just now.
     *
     * @param own the alias of the listener's own
     * @param host what the client asks for; null: nothing
     * @return null if there is none of that kind: then the next kind is asked for
     */
    static @Nullable String select(
            SslContextFactory context, String own, @Nullable String host, Collection<X509> ofKind) {
        if (host != null) {
            String name = host.toLowerCase(Locale.ROOT);
            X509 best = null;
            for (X509 each : ofKind) {
                if (each.matches(name) && (best == null || isBetter(each, best, name, own))) {
                    best = each;
                }
            }
            if (best != null) {
                return best.getAlias();
            }
            if (context.getAliases().stream()
                    .anyMatch(alias -> context.getX509(alias).matches(name))) {
                return null;
            }
        }
        boolean there = ofKind.stream().anyMatch(each -> each.getAlias().equals(own));
        return there ? own : ofKind.isEmpty() ? SniSelector.DELEGATE : null;
    }

    private static boolean isBetter(X509 one, X509 other, String name, String own) {
        boolean named = one.getHosts().contains(name);
        boolean otherNamed = other.getHosts().contains(name);
        return named == otherNamed ? one.getAlias().equals(own) : named;
    }
}
